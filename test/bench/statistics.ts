// What a set of samples says: percentiles, ratio to the floor, and whether a target is met.

/** Both in the row's unit; `p95: null` when the target names only the median. */
export interface Target {
  readonly p50: number
  readonly p95: number | null
}

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

/** Which of the target's figures are missed; empty: it is met. */
export function missed(summary: Summary, target: Target): readonly ('p50' | 'p95')[] {
  const missing: ('p50' | 'p95')[] = []
  if (!(summary.p50 <= target.p50)) missing.push('p50')
  if (target.p95 !== null && !(summary.p95 <= target.p95)) missing.push('p95')
  return missing
}
