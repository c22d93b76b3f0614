// Tests of logistic regression.
import { describe, expect, it } from 'vitest'
import { fitLogistic } from './regression.ts'

/** Each combination of two features as often as `counts` says, with its share of outcomes. */
function observations(share: (a: number, b: number) => number) {
  return [0, 1].flatMap((a) => [0, 1].map((b) => ({ values: [a, b, 7], outcome: share(a, b), weight: 1_000 })))
}

describe('fitLogistic', () => {
  it('finds the weights that made the outcomes', () => {
    const logistic = (value: number): number => 1 / (1 + Math.exp(-value))
    const { bias, weights } = fitLogistic(
      observations((a, b) => logistic(-1 + 2 * a - 0.5 * b)),
      1e-6,
    )
    expect(bias).toBeCloseTo(-1, 2)
    expect(weights.map((weight) => Math.round(weight * 100) / 100)).toEqual([2, -0.5, 0])
  })

  it('believes in small weights where little was seen', () => {
    const few = observations((a) => a).map((each) => ({ ...each, weight: 1 }))
    const strict = fitLogistic(few, 10).weights[0] ?? 0
    const mild = fitLogistic(few, 1).weights[0] ?? 0
    expect(strict).toBeGreaterThan(0)
    expect(mild).toBeGreaterThan(strict)
  })
})
