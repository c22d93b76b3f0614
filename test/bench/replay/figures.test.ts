// Tests of the replay's figures.
import { describe, expect, it } from 'vitest'
import { fitWeights } from './fit.ts'
import { replaceTokens, replay, tableOf } from './figures.ts'
import type { Case } from './protocol.ts'

const before = ['old(1)', 'a', 'old(2)', 'b', 'old(3)', 'old kept', ''].join('\n')
const after = ['fresh(1)', 'a', 'fresh(2)', 'b', 'fresh(3)', 'old kept', ''].join('\n')
const cases: readonly Case[] = [{ repo: 'r', commit: 'c', path: 'a.ts', kind: 'repeat', before, after }]

describe('replay', () => {
  it('counts the steps of all orders, and nothing for silence', () => {
    const [repeat, mixed] = replay(cases, () => [])
    expect(repeat).toMatchObject({ steps: 6, proposed: 0, spoke: 0, one: [0, 6], more: [0, 3] })
    expect(mixed).toMatchObject({ steps: 0 })
  })

  it('scores the floor: every place is found, and the one that was kept is wrong', () => {
    const [repeat] = replay(cases, replaceTokens)
    expect(repeat).toMatchObject({ proposed: 15, good: 9, otherwise: 0, one: [6, 6], more: [3, 3], spokeWrongly: 6 })
  })

  it('prints a row for each kind', () => {
    const table = tableOf(replay(cases, replaceTokens).map((figures) => ({ name: 'set', ...figures })))
    expect(table.split('\n')).toHaveLength(3)
    expect(table).toMatch(/set +repeat +6 +0\.600 \(9\/15\) +1\.000 +1\.000 +1\.000 +1\.000 +6\/0/)
  })
})

describe('fitWeights', () => {
  it('observes every place where a lesson fits', () => {
    const [tokens] = fitWeights([cases])
    expect(tokens).toMatchObject({ kind: 'tokens', observations: 15 })
    expect(Object.values(tokens?.of ?? {}).every(Number.isFinite)).toBe(true)
  })
})
