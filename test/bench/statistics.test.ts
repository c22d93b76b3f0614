// Percentiles, summaries and targets.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { median, missed, percentile, summarise } from './statistics.ts'

const samples = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 })

describe('a percentile', () => {
  test('is the sample in the middle of an odd number', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  test('lies half way between the two in the middle of an even number', () => {
    expect(median([1, 2, 4, 100])).toBe(3)
  })

  test('lies between its neighbours in proportion', () => {
    expect(percentile([0, 10, 20, 30, 40], 0.95)).toBeCloseTo(38)
  })

  test('of no samples is no number', () => {
    expect(median([])).toBeNaN()
  })

  test('does not reorder the samples', () => {
    const given = [3, 1, 2]
    median(given)
    expect(given).toEqual([3, 1, 2])
  })

  test('grows with its fraction and stays among the samples', () => {
    fc.assert(
      fc.property(
        samples,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, one, other) => {
          const low = percentile(all, Math.min(one, other))
          const high = percentile(all, Math.max(one, other))
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...all))
          expect(high).toBeLessThanOrEqual(Math.max(...all))
        },
      ),
    )
  })

  test('is the same in whatever order the samples come', () => {
    fc.assert(
      fc.property(samples, (all) => {
        expect(percentile(all.toReversed(), 0.95)).toBe(percentile(all, 0.95))
      }),
    )
  })
})

describe('a summary', () => {
  test('names number, median, 95th percentile and the extremes', () => {
    expect(summarise([5, 1, 3])).toEqual({ n: 3, p50: 3, p95: expect.closeTo(4.8), least: 1, most: 5 })
  })
})

describe('a target', () => {
  const summary = { n: 20, p50: 10, p95: 20, least: 1, most: 30 }
  const floor = { n: 20, p50: 5, p95: 8, least: 1, most: 9 }

  test('is met by equal figures', () => {
    expect(missed(summary, floor, { p50: 10, p95: 20 })).toEqual([])
  })

  test('is missed by each figure apart', () => {
    expect(missed(summary, floor, { p50: 9, p95: 20 })).toEqual(['p50'])
    expect(missed(summary, floor, { p50: 10, p95: 19 })).toEqual(['p95'])
  })

  test('without a 95th percentile asks for none', () => {
    expect(missed(summary, floor, { p50: 10, p95: null })).toEqual([])
  })

  test('can be so many times the floor, figure by figure', () => {
    const none = { p50: null, p95: null }
    expect(missed(summary, floor, { ...none, ratio: { p50: 2, p95: 2.5 } })).toEqual([])
    expect(missed(summary, floor, { ...none, ratio: { p50: 1.9, p95: 2.4 } })).toEqual(['p50 by floor', 'p95 by floor'])
  })

  test('can be so much above the floor', () => {
    const none = { p50: null, p95: null }
    expect(missed(summary, floor, { ...none, over: 5 })).toEqual([])
    expect(missed(summary, floor, { ...none, over: 4 })).toEqual(['over floor'])
  })

  test('is not met by what was not measured', () => {
    const target = { p50: 10, p95: 20, ratio: { p50: 2, p95: 2 }, over: 5 }
    expect(missed(summarise([]), floor, target)).toHaveLength(5)
  })
})
