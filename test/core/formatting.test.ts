// Tests of what counts as formatting.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalWhenRead, readingOf, sameButFormatting } from '../../main/core/formatting.ts'

describe('sameButFormatting', () => {
  it('recognises what a formatter does', () => {
    for (const [before, after] of [
      ['const a = {b:1,c:2}', 'const a = {\n  b: 1,\n  c: 2,\n};\n'],
      ["import a from 'b'", 'import a from "b";'],
      ["say('it\\'s')", 'say("it\'s")'],
      ['f(a,b)', 'f(\n\ta,\n\tb,\n)'],
      ['a;b', 'a\nb'],
    ] as const) {
      expect(sameButFormatting(before, after)).toBe(true)
    }
  })

  it('does not take a real change for formatting', () => {
    for (const [before, after] of [
      ['f(a, b)', 'f(b, a)'],
      ['const a', 'consta'],
      ['f("a b")', 'f("a  b")'],
      ['f(a, b)', 'f(a b)'],
      ['a + +b', 'a ++b'],
      ['f("a,")', 'f("a")'],
      ['f()', 'f'],
    ] as const) {
      expect(sameButFormatting(before, after)).toBe(false)
    }
  })

  it('is an equivalence: reflexive and symmetric for any texts', () => {
    const piece = fc.constantFrom('a', 'b', ' ', '\n', '"', "'", '`', '\\', ',', ';', ')', '(', '+')
    const piecewise = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(piecewise, piecewise, (a, b) => {
        expect(sameButFormatting(a, a)).toBe(true)
        expect(sameButFormatting(a, b)).toBe(sameButFormatting(b, a))
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads a line of unclosed quotes once', () => {
    const line = "'\\".repeat(500_000)
    expect(sameButFormatting(`${line} x`, `${line}  x`)).toBe(true)
  })
})

describe('readingOf', () => {
  it('lets indentation count only where it means something', () => {
    const differs = (path: string): boolean => !equalWhenRead('a\nb', 'a\n  b', readingOf(path))
    expect(
      ['a.py', 'a.YML', 'Makefile', 'x/a.mk', 'a.hs', 'a.fs', 'a.nim', 'a.pug', 'a.sass', 'a.coffee', 'a.md'].every(
        differs,
      ),
    ).toBe(true)
    expect(['a.ts', 'a.c', 'a.go', 'a.rs', 'a.json', 'a.scss', 'a.sh', 'LICENSE', 'happy'].some(differs)).toBe(false)
  })
})
