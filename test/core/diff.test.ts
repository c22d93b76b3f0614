// Tests of the line diff: laws that hold for any two texts, its bounds, and where ambiguous runs stand.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diff, diffLines, type LineChange } from '../../main/core/diff.ts'

function applied(
  before: readonly string[],
  after: readonly string[],
  changes: readonly LineChange[],
): readonly string[] {
  const result: string[] = []
  let at = 1
  for (const change of changes) {
    result.push(...before.slice(at - 1, change.oldStart - 1), ...after.slice(change.newStart - 1, change.newEnd - 1))
    at = change.oldEnd
  }
  return [...result, ...before.slice(at - 1)]
}

const fewLines = fc.array(fc.constantFrom('', 'a', 'b', '  c', '}'), { maxLength: 40 })
const bounds = fc.constantFrom(0, 1, 3, 10, 1_000)

describe('diffLines', () => {
  it('gives changes that make the new text of the old one, within any bound', () => {
    fc.assert(
      fc.property(fewLines, fewLines, bounds, (before, after, maxEdits) => {
        expect(applied(before, after, diffLines(before, after, { maxEdits }))).toEqual(after)
      }),
      { numRuns: 500 },
    )
  })

  it('keeps at least one unchanged line between two changes, of equal length on both sides', () => {
    fc.assert(
      fc.property(fewLines, fewLines, bounds, (before, after, maxEdits) => {
        let oldAt = 1
        let newAt = 1
        for (const [index, change] of diffLines(before, after, { maxEdits }).entries()) {
          expect(change.oldStart - oldAt).toBe(change.newStart - newAt)
          if (index > 0) expect(change.oldStart).toBeGreaterThan(oldAt)
          expect(change.oldEnd - change.oldStart + change.newEnd - change.newStart).toBeGreaterThan(0)
          oldAt = change.oldEnd
          newAt = change.newEnd
        }
      }),
      { numRuns: 500 },
    )
  })

  it('finds nothing in equal texts', () => {
    fc.assert(
      fc.property(fewLines, (lines) => {
        expect(diffLines(lines, [...lines])).toEqual([])
      }),
    )
  })

  it('finds a shortest script when it may', () => {
    fc.assert(
      fc.property(fewLines, fewLines, (before, after) => {
        const kept = before.length - diffLines(before, after).reduce((sum, c) => sum + c.oldEnd - c.oldStart, 0)
        expect(kept).toBe(longestCommonSubsequence(before, after))
      }),
      { numRuns: 300 },
    )
  })

  it('finds single edits far apart in a long text', () => {
    const before = Array.from({ length: 100_000 }, (_, index) => `line ${index % 500}`)
    const after = before.with(10, 'x').with(50_000, 'y').with(99_999, 'z')
    expect(diffLines(before, after)).toEqual([
      { oldStart: 11, oldEnd: 12, newStart: 11, newEnd: 12 },
      { oldStart: 50_001, oldEnd: 50_002, newStart: 50_001, newEnd: 50_002 },
      { oldStart: 100_000, oldEnd: 100_001, newStart: 100_000, newEnd: 100_001 },
    ])
  })

  it('finds thousands of scattered edits by unique lines and says that it was coarse', () => {
    const before = Array.from({ length: 20_000 }, (_, index) => (index % 3 === 0 ? '}' : `line ${index}`))
    const after = before.map((line, index) => (index % 4 === 1 ? `${line}!` : line))
    const result = diff(before, after)
    expect(result.coarse).toBe(true)
    expect(result.changes).toHaveLength(5_000)
  })

  it('calls a complete rewrite one replaced block', () => {
    const before = Array.from({ length: 5_000 }, (_, index) => `old ${index}`)
    const after = Array.from({ length: 4_000 }, (_, index) => `new ${index}`)
    expect(diffLines(before, after)).toEqual([{ oldStart: 1, oldEnd: 5_001, newStart: 1, newEnd: 4_001 }])
  })
})

describe('where an ambiguous run stands', () => {
  it('is the whole new function, not the end of one and the beginning of the next', () => {
    const before = ['function a() {', '}', '', 'function c() {', '}']
    const after = ['function a() {', '}', '', 'function b() {', '}', '', 'function c() {', '}']
    expect(diffLines(before, after)).toEqual([{ oldStart: 4, oldEnd: 4, newStart: 4, newEnd: 7 }])
  })

  it('begins at the outermost indentation', () => {
    const before = ['if a:', '  x()', '  y()', 'if c:', '  x()', '  y()']
    const after = ['if a:', '  x()', '  y()', 'if b:', '  x()', '  y()', 'if c:', '  x()', '  y()']
    expect(diffLines(before, after)).toEqual([{ oldStart: 4, oldEnd: 4, newStart: 4, newEnd: 7 }])
  })

  it('moves deletions in the same way', () => {
    const before = ['f(', '  1', ')', 'g(', '  1', ')', 'h']
    const after = ['f(', '  1', ')', 'h']
    expect(diffLines(before, after)).toEqual([{ oldStart: 4, oldEnd: 7, newStart: 4, newEnd: 4 }])
  })
})

function longestCommonSubsequence(before: readonly string[], after: readonly string[]): number {
  let row = Array.from({ length: after.length + 1 }, () => 0)
  for (const line of before) {
    const next = [0]
    for (const [index, other] of after.entries()) {
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
