// Tokens of a text, and the proof that two texts differ only in how they are written.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Grammar } from '../../../main/core/syntax/grammar.ts'
import { problemsOf } from '../../../main/core/syntax/problems.ts'
import { sameTokens, tokensOf, type Ignorable } from '../../../main/core/syntax/tokens.ts'
import { treeOf } from '../../fakes/syntax.ts'

async function same(
  grammar: Grammar,
  before: string,
  after: string,
  ignore: readonly Ignorable[] = ['quotes', 'semicolons', 'trailing commas'],
): Promise<boolean> {
  return sameTokens(grammar, await treeOf(grammar, before), await treeOf(grammar, after), ignore)
}

describe('tokensOf', () => {
  it('tells names, words, signs, strings, numbers and comments apart', async () => {
    const text = "const a = 'b' + 1 // c\n"
    const tokens = tokensOf(await treeOf('typescript', text))
    expect(tokens.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['word', 'const'],
      ['name', 'a'],
      ['sign', '='],
      ['string', "'b'"],
      ['sign', '+'],
      ['number', '1'],
      ['comment', '// c'],
    ])
  })

  it('leaves out nothing but white space of what parses', async () => {
    const words = ['a', '(b)', "'s'", ' ', '\n', '{c}', '=', '1', ';', '// c\n', '`d${e}`', '[f]', ',', '+', '.g']
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 40 }), async (parts) => {
        const text = parts.join('')
        const tree = await treeOf('javascript', text)
        const left = tokensOf(tree).reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text)
        if (problemsOf(tree).count === 0) expect(left.trim()).toBe('')
      }),
      { numRuns: 100 },
    )
  })
})

describe('sameTokens', () => {
  const equal: readonly (readonly [Grammar, string, string])[] = [
    ['typescript', 'const a = "b";\nf(a);\n', "const a = 'b'\nf(a)\n"],
    ['typescript', 'f({ a: 1, b: [1, 2] })', 'f({\n  a: 1,\n  b: [\n    1,\n    2,\n  ],\n})\n'],
    ['typescript', 'interface A { a: string; b: number }', 'interface A {\n  a: string;\n  b: number;\n}'],
    ['typescript', `a = 'it\\'s'`, `a = "it's"`],
    ['tsx', `<a b="c" />`, `<a\n  b='c'\n/>`],
    ['python', "f(a, 'b')\n", 'f(\n    a,\n    "b",\n)\n'],
    ['rust', 'f(a, b);', 'f(\n  a,\n  b,\n);'],
    ['go', 'package a\nvar b = []int{1, 2}\n', 'package a\n\nvar b = []int{\n\t1,\n\t2,\n}\n'],
    ['ruby', "a 'b'\n", 'a "b"\n'],
    ['java', 'class A { int[] b = { 1, 2 }; }', 'class A {\n  int[] b = {\n    1, 2,\n  };\n}'],
  ]
  it.each(equal)('%s: %j is %j', async (grammar, before, after) => {
    expect(await same(grammar, before, after)).toBe(true)
    expect(await same(grammar, after, before)).toBe(true)
  })

  const different: readonly (readonly [Grammar, string, string])[] = [
    ['typescript', 'a;\n(b)\n', 'a\n(b)\n'],
    ['typescript', 'f([,])', 'f([])'],
    ['typescript', "a = 'b'", 'a = `b`'],
    ['typescript', 'a = "b c"', 'a = "b  c"'],
    ['typescript', 'f(a, b)', 'f(b, a)'],
    ['typescript', 'return_(a)', 'return_((a))'],
    ['python', 'a = (1,)\n', 'a = (1)\n'],
    ['python', 'a = b[1,]\n', 'a = b[1]\n'],
    ['python', 'if a:\n    b\n    c\n', 'if a:\n    b\nc\n'],
    ['ruby', "a 'b\\n'\n", 'a "b\\n"\n'],
    ['ruby', "a '#{b}'\n", 'a "#{b}"\n'],
    ['go', "package a\nvar b = 'c'\n", 'package a\nvar b = "c"\n'],
    ['rust', 'let a = (1,);', 'let a = (1);'],
    ['rust', 'm!(a, b,);', 'm!(a, b);'],
    ['bash', "echo '$a'\n", 'echo "$a"\n'],
    ['typescript', 'a // b\n', 'a // c\n'],
  ]
  it.each(different)('%s: %j is not %j', async (grammar, before, after) => {
    expect(await same(grammar, before, after)).toBe(false)
  })

  it('counts everything but white space when nothing is to be ignored', async () => {
    expect(await same('typescript', 'f( a )', 'f(a)', [])).toBe(true)
    expect(await same('typescript', "f('a')", 'f("a")', [])).toBe(false)
    expect(await same('typescript', 'f(a);', 'f(a)', [])).toBe(false)
    expect(await same('typescript', 'f(a,)', 'f(a)', [])).toBe(false)
  })

  it('proves nothing of what does not parse', async () => {
    expect(await same('typescript', 'f(', 'f(')).toBe(false)
  })
})
