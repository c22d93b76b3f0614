// Tests of the trail: where the runs of earlier steps stand in the present text.
import { describe, expect, it } from 'vitest'
import { stepsAwayFrom, trailOf } from '../../../main/core/echo/trail.ts'

const path = 'a.ts'
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`)

function trail(...states: readonly (readonly string[])[]) {
  const steps = states.slice(1).map((state, index) => ({ path, before: text(states[index] ?? []), after: text(state) }))
  const change = steps.pop() ?? { path, before: '', after: '' }
  return trailOf({ ...change, history: steps }, change)
}

describe('trailOf', () => {
  it('follows earlier runs through later insertions and deletions', () => {
    const first = lines.with(9, 'changed')
    const second = first.toSpliced(0, 0, 'new 1', 'new 2')
    const third = second.toSpliced(5, 1)
    const found = trail(lines, first, second, third)
    expect(found?.runs.map(({ age, place }) => ({ age, place }))).toEqual([
      { age: 0, place: { start: 6, end: 6 } },
      { age: 1, place: { start: 1, end: 3 } },
      { age: 2, place: { start: 11, end: 12 } },
    ])
    expect([1, 2, 3, 11].map((line) => found?.isTouched(line))).toEqual([true, true, false, true])
    expect([5, 6, 7].map((point) => found?.isTouchedAt(point))).toEqual([false, true, false])
  })

  it('finds its way over edits that no step tells of', () => {
    const first = lines.with(9, 'changed')
    const change = {
      path,
      before: text(['unseen', ...first]),
      after: text(['unseen', ...first.with(15, 'x')]),
      history: [{ path, before: text(lines), after: text(first) }],
    }
    const found = trailOf(change, change)
    expect(found?.isTouched(11)).toBe(true)
    expect(found?.isTouched(1)).toBe(false)
  })

  it('reads the steps that were read before as it did then', () => {
    const states = [lines, lines.with(3, 'a'), lines.with(3, 'a').toSpliced(8, 2), lines.with(3, 'b').toSpliced(8, 2)]
    const shown = (found: ReturnType<typeof trail>) => [found?.runs, found?.stops]
    const first = shown(trail(...states))
    expect(shown(trail(...states))).toEqual(first)
    // The newest of them is now the first of another session.
    const [, , before, after] = states
    const change = { path: 'b.ts', before: 'x\n', after: 'y\n' }
    const step = { path, before: text(before ?? []), after: text(after ?? []) }
    const [other] = trailOf({ ...change, history: [step] }, change)?.runs.filter(({ age }) => age === 1) ?? []
    expect(other).toMatchObject({ old: ['a'], new: ['b'], place: null })
  })

  it('is null for no change and for a rewrite', () => {
    expect(trail(lines, lines)).toBeNull()
    const many = Array.from({ length: 300 }, (_, index) => `line ${index}`)
    expect(
      trail(
        many,
        many.map((line, index) => (index % 3 === 0 ? `${line}!` : line)),
      ),
    ).toBeNull()
  })
})

describe('stepsAwayFrom', () => {
  it('counts the steps of somebody who goes down past a line', () => {
    const first = lines.with(4, 'a')
    const second = first.with(9, 'b')
    const third = second.with(14, 'c')
    const found = trail(lines, first, second, third)
    expect(found === null ? null : [2, 12, 18].map((line) => stepsAwayFrom(found, line))).toEqual([2, 2, 0])
  })

  it('is 0 for somebody who jumps about', () => {
    const first = lines.with(9, 'a')
    const second = first.with(4, 'b')
    const found = trail(lines, first, second, second.with(14, 'c'))
    expect(found === null ? null : stepsAwayFrom(found, 2)).toBe(0)
  })
})
