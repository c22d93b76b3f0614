// Tree-sitter within bounds: large, deep, broken and slow texts, and every grammar that the core names.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createParser } from '../../../main/adapters/syntax/parser.ts'
import type { Grammar } from '../../../main/core/syntax/grammar.ts'
import { occurrencesOf } from '../../../main/core/syntax/occurrences.ts'
import { outlineOf } from '../../../main/core/syntax/outline.ts'
import { problemsOf } from '../../../main/core/syntax/problems.ts'
import { SCOPE_RULES } from '../../../main/core/syntax/scope-rules/table.ts'
import { sameTokens, tokensOf } from '../../../main/core/syntax/tokens.ts'
import { nextOf, parentOf, sizeOf, textOf } from '../../../main/core/syntax/tree.ts'

const GRAMMARS = [
  ...(['bash', 'c-sharp', 'cpp', 'css', 'go', 'java', 'javascript'] as const),
  ...(['php', 'powershell', 'python', 'ruby', 'rust', 'tsx', 'typescript'] as const),
] satisfies readonly Grammar[]

test.each(GRAMMARS)('the grammar %s is there', async (grammar) => {
  const parser = createParser()
  await parser.load(grammar)
  expect(parser.parse(grammar, '')).not.toBeNull()
})

test('a tree is its text: children lie within their parents, one behind the other', async () => {
  const parser = createParser()
  await parser.load('typescript')
  const tree = parser.parse('typescript', 'const ä = { "😀": [1, 2], b(c) { return `${c}` } }\n')
  if (tree === null) throw new Error('it parses')
  for (let node = 1; node < sizeOf(tree); node += 1) {
    const parent = parentOf(tree, node)
    expect(nextOf(tree, node)).toBeLessThanOrEqual(nextOf(tree, parent))
    expect(tree.start[node]).toBeGreaterThanOrEqual(tree.start[parent] ?? 0)
    expect(tree.end[node]).toBeLessThanOrEqual(tree.end[parent] ?? 0)
  }
  expect(Array.from({ length: sizeOf(tree) }, (_, node) => textOf(tree, node))).toContain('"😀"')
})

test('100,000 lines are parsed, and all questions about them answered', async () => {
  const parser = createParser({ limitMs: 60_000 })
  await parser.load('typescript')
  const part = 'export function total(items: number[]): number {\n  return items.length\n}\n\n'
  const text = part.repeat(25_000)
  const tree = parser.parse('typescript', text)
  if (tree === null) throw new Error('it parses')
  expect(problemsOf(tree).count).toBe(0)
  expect(outlineOf(tree, 'typescript').definitions).toHaveLength(5_000)
  expect(tokensOf(tree).length).toBeGreaterThan(400_000)
  const rules = SCOPE_RULES.typescript
  const found = rules && occurrencesOf(tree, rules, { name: 'items' })
  expect(found?.places).toHaveLength(20_000)
  expect(sameTokens('typescript', tree, tree, [])).toBe(true)
}, 60_000)

test('a text that takes too long is given up, and the next one is parsed as if nothing had been', async () => {
  const parser = createParser({ limitMs: 1 })
  await parser.load('javascript')
  expect(parser.parse('javascript', 'f(a, [b, {c: d}]);'.repeat(50_000))).toBeNull()
  const patient = createParser()
  await patient.load('javascript')
  expect(patient.parse('javascript', 'a(')).toEqual(parser.parse('javascript', 'a('))
})

test('a text beyond the bound is not parsed at all', async () => {
  const parser = createParser({ maxLength: 10 })
  await parser.load('javascript')
  expect(parser.parse('javascript', 'const abc = 1')).toBeNull()
  expect(parser.parse('javascript', 'const a=1')).not.toBeNull()
})

test('what is nested 20,000 deep neither overflows nor hangs', async () => {
  const parser = createParser({ limitMs: 60_000 })
  await parser.load('javascript')
  for (const part of ['a(', '[', '{', '`${', '(a => ', 'if (a) {']) {
    const tree = parser.parse('javascript', part.repeat(20_000))
    if (tree === null) continue
    expect(problemsOf(tree).count).toBeGreaterThan(0)
    expect(tokensOf(tree).length).toBeGreaterThan(0)
    expect(outlineOf(tree, 'javascript').definitions).toEqual([])
    const rules = SCOPE_RULES.javascript
    expect(rules && occurrencesOf(tree, rules, { name: 'a' })).toBeDefined()
  }
}, 120_000)

test('after a large text the library is loaded anew, and what was asked for is there again', async () => {
  const parser = createParser({ limitMs: 60_000 })
  await parser.load('css')
  const large = 'a { color: red }\n'.repeat(80_000)
  expect(parser.parse('css', large)).not.toBeNull()
  expect(parser.parse('css', 'b { color: red }')).not.toBeNull()
  await parser.load('css')
  expect(parser.parse('css', 'a { color: red }')).not.toBeNull()
}, 60_000)

test('whatever the text, every analysis ends without a fault', async () => {
  const parser = createParser()
  const words = [
    'a',
    'b',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ';',
    ',',
    '=',
    "'",
    '"',
    '`',
    '\n',
    ' ',
    'class ',
    'def ',
    'fn ',
    'let ',
    'for ',
    'import ',
    ':',
    '=>',
    '#',
    '//',
    '$',
    '@',
    '<',
    '>',
    '.',
    'end\n',
    '<?php ',
  ]
  for (const grammar of GRAMMARS) await parser.load(grammar)
  fc.assert(
    fc.property(
      fc.constantFrom(...GRAMMARS),
      fc.array(fc.constantFrom(...words), { maxLength: 60 }),
      (grammar, parts) => {
        const text = parts.join('')
        const tree = parser.parse(grammar, text)
        if (tree === null) return
        outlineOf(tree, grammar)
        for (const token of tokensOf(tree)) expect(token.end).toBeGreaterThan(token.start)
        expect(sameTokens(grammar, tree, tree, ['quotes'])).toBe(problemsOf(tree).count === 0)
        const rules = SCOPE_RULES[grammar]
        for (const place of rules ? (occurrencesOf(tree, rules, { name: 'a' })?.places ?? []) : []) {
          expect(text.slice(place.start, place.end)).toBe('a')
        }
      },
    ),
    { numRuns: 500 },
  )
}, 60_000)
