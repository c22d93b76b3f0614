// Says a suggestion's timestamps in one line: from save to first token, and whose time it was.
import type { Trace } from '../preload/contract.ts'

/** ms without noise: tenths below ten, seconds from ten thousand on. */
export function duration(ms: number): string {
  if (ms < 10) return `${Math.max(0, ms).toFixed(1).replace(/\.0$/, '')} ms`
  if (ms < 10_000) return `${Math.round(ms)} ms`
  return `${(ms / 1000).toFixed(1)} s`
}

/**
 * The line, or null before the first token. The model's time is what passed between the request and its first token; ours is
 * the rest, paint included; what policy made it wait is told apart and is in neither.
 */
export function traceLine(trace: Trace): string | null {
  // A stream that was nudged on keeps its save, but it did not begin with it.
  const bySave = trace.saved !== null && (trace.stable !== null || trace.region !== null)
  const begun = bySave ? trace.saved : (trace.region ?? trace.sent)
  const first = trace.firstToken ?? trace.firstHunk
  if (begun === null || first === null) return null
  const total = first - begun + (trace.painted ?? 0)
  const model = trace.sent === null ? 0 : Math.max(0, first - trace.sent)
  const ours = Math.max(0, total - model - trace.policyWait)
  const what = bySave ? 'save \u2192 first token' : 'asked \u2192 first token'
  const parts = [`${what} ${duration(total)}`, `model ${duration(model)}`, `ours ${duration(ours)}`]
  if (trace.policyWait >= 1) parts.push(`waited ${duration(trace.policyWait)} on purpose`)
  return parts.join(' \u00b7 ')
}

/** The value that `share` (0 to 1) of the samples do not exceed, by the nearest-rank method; null without samples. */
export function percentile(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
