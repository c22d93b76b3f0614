// The golden sets hold: J1, J2, J3 and J7 on every run of the tests, and each of them can fail.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { percentile } from '../statistics.ts'
import { readGolden } from './golden.ts'
import { faultOf, readProse } from './j7.ts'
import { judgeGolden } from './scope-verdict.ts'

const cases = readGolden(fileURLToPath(new URL('../../fixtures/judgement/scope', import.meta.url)))
const verdict = judgeGolden(cases)

test('there are at least a hundred cases of each', () => {
  expect(verdict.ratios.length).toBeGreaterThanOrEqual(100)
  expect(verdict.unasked).toBeGreaterThanOrEqual(100)
  expect(verdict.needed).toBeGreaterThanOrEqual(100)
  expect(readProse().length).toBeGreaterThanOrEqual(100)
})

test('J1: what is shown is what is needed', () => {
  expect(percentile(verdict.ratios, 0.5)).toBe(1)
  expect(percentile(verdict.ratios, 0.95)).toBeLessThanOrEqual(1.5)
})

test('J2: nothing that nobody asked for is shown unfolded', () => {
  expect(verdict.shown).toEqual([])
})

test('J3: what is needed is not folded', () => {
  expect(verdict.folded.length / verdict.needed).toBeLessThanOrEqual(0.05)
})

test('J7: an explanation is two sentences at most, and whole', () => {
  expect(readProse().flatMap((one) => faultOf(one) ?? [])).toEqual([])
})

describe('both kinds of error count', () => {
  const one = cases.find(
    ({ hunks }) => hunks.some(({ label }) => label === 'place') && hunks.some(({ label }) => label === 'needed'),
  )

  test('a needed hunk that is labelled as unasked is one shown too much', () => {
    if (one === undefined) throw new Error('there is no such case')
    const turned = { ...one, hunks: one.hunks.map((hunk) => ({ ...hunk, label: 'place' as const, needed: [] })) }
    expect(judgeGolden([turned]).shown).not.toEqual([])
  })

  test('an unasked hunk that is labelled as needed is one folded too much', () => {
    if (one === undefined) throw new Error('there is no such case')
    const needed = one.hunks.map((hunk) => ({
      ...hunk,
      label: 'needed' as const,
      needed: hunk.hunks.map(({ edit }) => edit),
    }))
    expect(judgeGolden([{ ...one, hunks: needed }]).folded).not.toEqual([])
  })
})
