// Tests of the replay's protocol: which steps a change has, and what proposals are worth.
import { describe, expect, it } from 'vitest'
import { kindOf, scoreOf, signatureOf, stepsOf, type Case } from './protocol.ts'

const before = ['old(1)', 'a', 'old(2)', 'b', 'old(3)', 'c'].join('\n')
const after = before.replaceAll('old', 'fresh')
const change: Case = { repo: 'r', commit: 'c', path: 'a.ts', kind: 'repeat', before, after }

describe('signatureOf', () => {
  it('is what is left once common tokens at the ends are gone', () => {
    expect(signatureOf(['send(old(1), x)'], ['send(fresh(1), x)'])).toEqual({ old: 'old', fresh: 'fresh' })
    expect(signatureOf(['f(a)'], ['f(a, b)'])).toEqual({ old: '', fresh: ', b' })
  })
})

describe('kindOf', () => {
  it('tells repeated edits from mixed ones, and leaves small changes out', () => {
    expect(kindOf(before, after)).toBe('repeat')
    expect(kindOf(before, before.replace('old(1)', 'x').replace('old(2)', 'y').replace('old(3)', 'z'))).toBe('mixed')
    expect(kindOf(before, before.replace('old(1)', 'x'))).toBeNull()
  })
})

describe('stepsOf', () => {
  it('makes the hunks one after the other, from the top down or from the bottom up', () => {
    const texts = (order: 'down' | 'up') => [...stepsOf(change, order)].map(({ lines }) => lines.join(' '))
    expect(texts('down')).toEqual(['fresh(1) a old(2) b old(3) c', 'fresh(1) a fresh(2) b old(3) c'])
    expect(texts('up')).toEqual(['old(1) a old(2) b fresh(3) c', 'old(1) a fresh(2) b fresh(3) c'])
  })

  it('shuffles the same way every time', () => {
    const turns = () => [...stepsOf(change, 'shuffled')].map(({ request }) => request.after)
    expect(turns()).toEqual(turns())
    expect(turns()).toHaveLength(2)
  })

  it('tells the history and counts the examples', () => {
    const [first, second] = stepsOf(change, 'down')
    expect(first?.request.history).toEqual([])
    expect(second?.request.history).toEqual([{ path: 'a.ts', before, after: first?.request.after }])
    expect([first?.examples, second?.examples]).toEqual([1, 2])
    expect(first?.repeated).toEqual([true, true])
  })
})

describe('scoreOf', () => {
  const [step] = stepsOf(change, 'down')
  const score = (...edits: readonly { start: number; end: number; lines: readonly string[] }[]) =>
    step === undefined
      ? null
      : scoreOf(
          step,
          edits.map((edit) => ({ path: 'a.ts', ...edit })),
        )

  it('counts what the real change makes too, once', () => {
    const right = { start: 3, end: 4, lines: ['fresh(2)'] }
    expect(score(right, right)).toEqual({ good: 1, wrong: 0, otherwise: 0, found: 1, repeated: 2 })
  })

  it('cuts a proposal to what it changes', () => {
    expect(score({ start: 2, end: 6, lines: ['a', 'fresh(2)', 'b', 'fresh(3)'] })).toMatchObject({ good: 2, found: 2 })
  })

  it('tells what the author changed otherwise from what was left alone', () => {
    expect(score({ start: 3, end: 4, lines: ['other(2)'] })).toMatchObject({ good: 0, wrong: 1, otherwise: 1 })
    expect(score({ start: 2, end: 3, lines: ['x'] })).toMatchObject({ good: 0, wrong: 1, otherwise: 0 })
  })

  it('takes a proposal outside the text, or one that changes nothing, for wrong', () => {
    expect(score({ start: 9, end: 10, lines: ['x'] })).toMatchObject({ wrong: 1 })
    expect(score({ start: 2, end: 3, lines: ['a'] })).toMatchObject({ wrong: 1 })
  })
})
