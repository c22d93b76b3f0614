// What a set of samples says: percentiles, ratio to the floor, and whether a target is met.

/** What a row has to reach; all that is named holds together. Figures in the row's unit; null: none is named. */
export interface Target {
  readonly p50: number | null
  readonly p95: number | null
  /** By how many times the floor's median, and its 95th percentile, may be exceeded. */
  readonly ratio?: { readonly p50: number | null; readonly p95: number | null }
  /** By how much the floor's median may be exceeded. */
  readonly over?: number
}

export type Miss = 'p50' | 'p95' | 'p50 by floor' | 'p95 by floor' | 'over floor'

export interface Summary {
  readonly n: number
  readonly p50: number
  readonly p95: number
  readonly least: number
  readonly most: number
}

/**
 * The value below which `fraction` (0 to 1) of the samples lie, with linear interpolation between the two nearest ones
 * (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996). NaN for no samples.
 */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * Math.min(1, Math.max(0, fraction))
  const below = sorted[Math.floor(at)]
  const above = sorted[Math.ceil(at)]
  if (below === undefined || above === undefined) return Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

export function summarise(samples: readonly number[]): Summary {
  return {
    n: samples.length,
    p50: median(samples),
    p95: percentile(samples, 0.95),
    least: percentile(samples, 0),
    most: percentile(samples, 1),
  }
}

/** Which of the target's figures are missed; empty: it is met. What was not measured meets nothing. */
export function missed(product: Summary, floor: Summary, target: Target): readonly Miss[] {
  const { ratio, over } = target
  const limits: readonly (readonly [miss: Miss, value: number, limit: number | null])[] = [
    ['p50', product.p50, target.p50],
    ['p95', product.p95, target.p95],
    ['p50 by floor', product.p50 / floor.p50, ratio?.p50 ?? null],
    ['p95 by floor', product.p95 / floor.p95, ratio?.p95 ?? null],
    ['over floor', product.p50 - floor.p50, over ?? null],
  ]
  return limits.flatMap(([miss, value, limit]) => (limit === null || value <= limit ? [] : [miss]))
}
