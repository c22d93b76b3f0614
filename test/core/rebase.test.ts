// Tests of rebasing: laws on lines that are all different, and the cases where equal lines make a place uncertain.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, type LineEdit } from '../../main/core/patch.ts'
import { overwritten, rebaseEdits } from '../../main/core/rebase.ts'

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const state = (base: readonly string[], current: readonly string[], edit: LineEdit): string | undefined =>
  rebaseEdits(text(base), text(current), [edit])[0]?.state

/** Distinct lines, the edit under test, and edits of somebody else that leave its lines (and for an insertion its point) alone. */
const merges = fc
  .record({
    count: fc.integer({ min: 1, max: 30 }),
    start: fc.nat(1_000),
    length: fc.integer({ min: 0, max: 4 }),
    added: fc.integer({ min: 0, max: 3 }),
    others: fc.array(fc.record({ at: fc.nat(1_000), length: fc.nat(3), added: fc.nat(3) }), { maxLength: 6 }),
  })
  .map(({ count, start: startSeed, length, added, others }) => {
    const base = Array.from({ length: count }, (_, index) => `line ${index}`)
    const start = 1 + (startSeed % (count + 1))
    const end = Math.min(count + 1, start + length)
    const own: LineEdit = { start, end, lines: Array.from({ length: added }, (_, index) => `own ${index}`) }
    const foreign: LineEdit[] = []
    let free = 1
    for (const [number, other] of others.entries()) {
      const from = free + (other.at % 6)
      const to = Math.min(count + 1, from + other.length)
      // One line of distance all round, so that whose line is whose is beyond doubt.
      if (from > count + 1 || (from <= end && to >= start)) continue
      foreign.push({
        start: from,
        end: to,
        lines: Array.from({ length: other.added }, (_, index) => `foreign ${number} ${index}`),
      })
      free = to + 1
    }
    return { base, own, foreign }
  })

describe('rebaseEdits', () => {
  it('is the identity when nothing changed', () => {
    fc.assert(
      fc.property(merges, ({ base, own, foreign }) => {
        const edits = [own, ...foreign]
        expect(rebaseEdits(text(base), text(base), edits)).toEqual(edits.map((edit) => ({ state: 'clean', edit })))
      }),
    )
  })

  it('gives the merge of both when the others stayed away', () => {
    fc.assert(
      fc.property(merges, ({ base, own, foreign }) => {
        const current = applyEdits(text(base), foreign)
        const outcome = rebaseEdits(text(base), current, [own])[0]
        expect(outcome?.state).toBe('clean')
        if (outcome?.state !== 'clean') return
        expect(applyEdits(current, [outcome.edit])).toBe(applyEdits(text(base), [own, ...foreign]))
      }),
      { numRuns: 500 },
    )
  })

  it('is never clean when something changed within its own lines', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(1_000),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1_000),
        fc.boolean(),
        (count, startSeed, length, atSeed, replaces) => {
          const base = Array.from({ length: count }, (_, index) => `line ${index}`)
          const start = 1 + (startSeed % count)
          const end = Math.min(count + 1, start + length)
          const at = start + (atSeed % (end - start))
          // An insertion at the first line would be before the block, not within it.
          const inside = replaces || at === start ? { start: at, end: at + 1 } : { start: at, end: at }
          const current = applyEdits(text(base), [{ ...inside, lines: ['changed'] }])
          const outcome = rebaseEdits(text(base), current, [{ start, end, lines: ['own'] }])[0]
          expect(outcome?.state).toBe('stale')
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds itself applied when it was', () => {
    fc.assert(
      fc.property(merges, ({ base, own, foreign }) => {
        const edits = [own, ...foreign].filter((edit) => edit.start < edit.end || edit.lines.length > 0)
        const outcomes = rebaseEdits(text(base), applyEdits(text(base), edits), edits)
        expect(outcomes.map((outcome) => outcome.state)).toEqual(edits.map(() => 'applied'))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps line endings and a final newline out of the question', () => {
    const edit = { start: 2, end: 3, lines: ['B'] }
    expect(rebaseEdits('a\nb\nc\n', 'a\r\nb\r\nc', [edit])).toEqual([{ state: 'clean', edit }])
  })

  it('says which lines were changed', () => {
    expect(rebaseEdits('a\nb\nc\n', 'a\nX\nc\n', [{ start: 2, end: 4, lines: ['B'] }])).toEqual([
      { state: 'stale', reason: 'lines 2–3 were changed meanwhile' },
    ])
  })

  it('takes an insertion along with the one neighbour that stayed', () => {
    const edit = { start: 2, end: 2, lines: ['new'] }
    expect(rebaseEdits(text(['a', 'b', 'c']), text(['0', 'A', 'b', 'c']), [edit])[0]?.state).toBe('stale')
    expect(rebaseEdits(text(['a', 'b', 'c']), text(['A', 'b', 'c']), [edit])).toEqual([{ state: 'clean', edit }])
    expect(rebaseEdits(text(['a', 'b', 'c']), text(['a', 'B', 'c']), [edit])).toEqual([{ state: 'clean', edit }])
    expect(rebaseEdits(text(['a', 'b', 'c']), text(['b', 'c']), [edit])).toEqual([
      { state: 'clean', edit: { start: 1, end: 1, lines: ['new'] } },
    ])
  })

  it('does not insert where both neighbours are gone', () => {
    expect(state(['a', 'b', 'c', 'd'], ['a', 'd'], { start: 3, end: 3, lines: ['new'] })).toBe('stale')
  })

  it('does not insert where something else was inserted', () => {
    expect(state(['a', 'b'], ['a', 'x', 'b'], { start: 2, end: 2, lines: ['new'] })).toBe('stale')
  })

  it('does not choose among equal lines when one of them was added or removed', () => {
    expect(state(['x', 'x', 'y'], ['x', 'x', 'x', 'y'], { start: 1, end: 2, lines: ['z'] })).toBe('stale')
    expect(state(['x', 'x', 'y'], ['x', 'y'], { start: 2, end: 3, lines: ['z'] })).toBe('stale')
    expect(state(['x', 'x', 'y'], ['x', 'x', 'x', 'y'], { start: 2, end: 2, lines: ['z'] })).toBe('stale')
    expect(state(['x', 'x', 'y'], ['x', 'x', 'x', 'y'], { start: 3, end: 4, lines: ['z'] })).toBe('clean')
  })

  it('does not add a second time what somebody typed beside unchanged lines', () => {
    expect(state(['a', 'b', 'c'], ['a', 'b', 'new', 'c'], { start: 2, end: 3, lines: ['b', 'new'] })).toBe('applied')
  })
})

describe('overwritten', () => {
  const before = text(['a', 'b', 'c', 'd', 'e', 'f'])
  const edits = [
    { start: 2, end: 3, lines: ['B'] },
    { start: 5, end: 5, lines: ['new'] },
  ]
  const after = applyEdits(before, edits)

  it('is true for every edit when the old text is back', () => {
    expect(overwritten(before, after, before, edits)).toEqual([true, true])
  })

  it('is true when the old text is back with other edits', () => {
    expect(overwritten(before, after, text(['0', 'a', 'b', 'c', 'd', 'e', 'F']), edits)).toEqual([true, true])
  })

  it('is false while the applied lines stand, edited elsewhere or not', () => {
    expect(overwritten(before, after, after, edits)).toEqual([false, false])
    expect(overwritten(before, after, `0\n${after}`, edits)).toEqual([false, false])
  })

  it('tells the edits apart', () => {
    expect(overwritten(before, after, applyEdits(before, edits.slice(1)), edits)).toEqual([true, false])
  })

  it('is false when something third stands there', () => {
    expect(overwritten(before, after, text(['a', 'X', 'c', 'd', 'Y', 'e', 'f']), edits)).toEqual([false, false])
  })
})
