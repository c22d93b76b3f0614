// Tests of regions: what merges, how far a region grows, and which saves give none.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionsOf, type Region } from '../../main/core/region.ts'

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

function regions(before: readonly string[], after: readonly string[], path = 'a.ts'): readonly Region[] {
  return regionsOf({ path, before: text(before), after: text(after) }).regions
}

/** Twenty functions of five lines, a blank line after each. */
const functions = Array.from({ length: 20 }, (_, number) => [
  `function f${number}(a) {`,
  `  const b = a + ${number}`,
  '',
  '  return b',
  '}',
  '',
]).flat()

describe('regionsOf', () => {
  it('grows to the enclosing block', () => {
    expect(regions(functions, functions.with(7, '  const b = a - 1'))).toEqual([
      { start: 7, end: 12, changedStart: 8, changedEnd: 9 },
    ])
  })

  it('grows to the enclosing block where only the indentation shows it', () => {
    const before = ['def f(a):', '    if a:', '        x(a)', '    return a', '', 'def g():', '    y()']
    expect(regions(before, before.with(3, '    return a + 1'), 'a.py')).toEqual([
      { start: 1, end: 5, changedStart: 4, changedEnd: 5 },
    ])
  })

  it('takes the body along when its head was changed', () => {
    expect(regions(functions, functions.with(6, 'function f1(a, c) {'))).toEqual([
      { start: 7, end: 12, changedStart: 7, changedEnd: 8 },
    ])
  })

  it('takes along what closes a bracket', () => {
    const before = ['call(', 'first,', 'second,', ')', '', 'other()']
    expect(regions(before, before.with(0, 'run('))).toEqual([{ start: 1, end: 5, changedStart: 1, changedEnd: 2 }])
  })

  it('gives the place of a deletion as an empty range', () => {
    expect(regions(functions, functions.toSpliced(9, 1))).toEqual([
      { start: 7, end: 11, changedStart: 10, changedEnd: 10 },
    ])
  })

  it('makes one region of changes three lines apart, and two of changes in different blocks', () => {
    const lines = Array.from({ length: 40 }, (_, index) => (index % 10 === 9 ? '' : `statement${index}()`))
    expect(regions(lines, lines.with(2, 'x').with(6, 'y'))).toHaveLength(1)
    expect(regions(lines, lines.with(2, 'x').with(33, 'y'))).toHaveLength(2)
  })

  it('does not grow to a block of more than 80 lines', () => {
    const body = Array.from({ length: 200 }, (_, index) => (index % 5 === 4 ? '' : `  statement${index}()`))
    const before = ['function long() {', ...body, '}']
    expect(regions(before, before.with(101, '  changed()'))).toEqual([
      { start: 102, end: 106, changedStart: 102, changedEnd: 103 },
    ])
  })

  it('keeps the laws of ranges for any two texts', () => {
    const line = fc.constantFrom('', '}', '  a(', '    b', ')', 'c {', '\td', 'e')
    const lines = fc.array(line, { maxLength: 150 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        let free = 1
        for (const { start, end, changedStart, changedEnd } of regions(before, after)) {
          expect(start).toBeGreaterThanOrEqual(free)
          expect(changedStart).toBeGreaterThanOrEqual(start)
          expect(changedEnd).toBeGreaterThanOrEqual(changedStart)
          expect(end).toBeGreaterThanOrEqual(changedEnd)
          expect(end).toBeLessThanOrEqual(after.length + 1)
          expect(end - start).toBeLessThanOrEqual(Math.max(80, changedEnd - changedStart))
          free = end
        }
      }),
      { numRuns: 300 },
    )
  })

  it('gives none for white space, and says so', () => {
    for (const [path, before, after] of [
      ['a.ts', 'if (a) {\n  b( c )\n}\n', 'if (a) {\n\n    b(c)\n}\n'],
      ['a.ts', 'a\nb\n', 'a\r\nb\r\n'],
      ['a.py', 'a\nb\n', 'a\nb'],
      ['a.py', 'x = f( 1 )\n', 'x = f(1)  \n'],
    ] as const) {
      expect(regionsOf({ path, before, after })).toMatchObject({ regions: [], onlyWhitespace: true })
    }
  })

  it('takes white space for a change where it means something', () => {
    for (const [path, before, after] of [
      ['a.py', 'if a:\n    b()\nc()\n', 'if a:\n    b()\n    c()\n'],
      ['a.yaml', 'a:\n  b: 1\nc: 2\n', 'a:\n  b: 1\n  c: 2\n'],
      ['deploy/Makefile', 'all:\n    cc\n', 'all:\n\tcc\n'],
      ['a.md', 'a\nb\n', 'a\n    b\n'],
      ['a.sh', 'a=b\n', 'a = b\n'],
      ['a.ts', 'const a = "b"\n', 'const a = "b "\n'],
      ['a.ts', 'return x\n', 'returnx\n'],
    ] as const) {
      expect(regionsOf({ path, before, after })).toMatchObject({ regions: [{}], onlyWhitespace: false })
    }
  })

  it('says nothing about equal texts', () => {
    expect(regionsOf({ path: 'a.ts', before: 'a', after: 'a' })).toEqual({
      changes: [],
      regions: [],
      onlyWhitespace: false,
      coarse: false,
    })
  })

  it('copes with a single line of a megabyte', () => {
    const line = 'var a=1;function f(){return "x"};'.repeat(32_000)
    const after = `${line.slice(0, 500_000)}z${line.slice(500_000)}`
    expect(regionsOf({ path: 'a.min.js', before: line, after }).regions).toEqual([
      { start: 1, end: 2, changedStart: 1, changedEnd: 2 },
    ])
  })

  it('copes with a text that has been emptied, and one that was empty', () => {
    expect(regions(['a', 'b'], [])).toEqual([{ start: 1, end: 1, changedStart: 1, changedEnd: 1 }])
    expect(regions([], ['a', 'b'])).toEqual([{ start: 1, end: 3, changedStart: 1, changedEnd: 3 }])
  })
})
