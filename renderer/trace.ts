// A suggestion's timestamps for people: in one line, and as a waterfall; from save to disk, and whose time it was.
import type { Trace } from '../preload/contract.ts'

/** ms without noise: whole microseconds below a tenth, tenths below ten, seconds from ten thousand on. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 0.1) return `${Math.max(1, Math.round(ms * 1000))} \u00b5s`
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
  const begun = bySave ? trace.saved : (trace.asked ?? trace.region ?? trace.sent)
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

/** A stretch of a suggestion's way; `from` and `to` in ms since its phase began. */
export interface Step {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Who let the time pass: this program, the model with its network, or a policy on purpose. */
  readonly whose: 'ours' | 'model' | 'policy'
}

/** Steps that are measured against one length, in ms. */
export interface Phase {
  readonly name: string
  readonly length: number
  readonly steps: readonly Step[]
}

/**
 * The way of a suggestion in up to three phases: to its first token on the screen, its reply, and its way to the disk. Each has
 * its own scale, because a reply of seconds would hide what took a millisecond. What did not happen is left out.
 */
export function waterfall(trace: Trace): readonly Phase[] {
  const { firstToken, firstHunk, done, accepted, durable } = trace
  const phases = [firstPhase(trace)]
  const reply: Step[] = []
  if (firstToken !== null) {
    if (firstHunk !== null) reply.push(span('first hunk complete', firstToken, firstToken, firstHunk, 'model'))
    if (done !== null) reply.push(span('done', firstToken, firstToken, done, 'model'))
  }
  phases.push(phase('From the first token on', reply))
  const written = accepted === null || durable === null ? [] : [span('durable', accepted, accepted, durable, 'ours')]
  phases.push(phase('From accept to disk', written))
  return phases.filter(({ steps }) => steps.length > 0)
}

/** Each step begins where the last one that is known ended. */
function firstPhase(trace: Trace): Phase {
  const { saved, asked, stable, region, context, sent } = trace
  const { warm, headers, firstToken, firstHunk, painted, policyWait } = trace
  // A stream that was nudged on keeps its save, but it did not begin with it.
  const bySave = saved !== null && (stable !== null || region !== null)
  const begun = bySave ? saved : (asked ?? region ?? context ?? sent)
  const steps: Step[] = []
  if (begun === null) return phase('', steps)
  const origin = begun
  let at = begun
  function reach(name: string, time: number | null, whose: Step['whose']): void {
    if (time === null || time < at) return
    steps.push(span(name, origin, at, time, whose))
    at = time
  }
  if (bySave) reach('content stable', stable, 'ours')
  if (policyWait > 0) reach('waited on purpose', at + policyWait, 'policy')
  reach('region', region === origin ? null : region, 'ours')
  reach('context', context, 'ours')
  reach('request sent', sent, 'ours')
  const connection = warm === null ? '' : warm ? ', warm connection' : ', cold connection'
  reach(`headers${connection}`, headers, 'model')
  reach('first token', firstToken, 'model')
  if (firstToken === null) reach('first hunk', firstHunk, sent === null ? 'ours' : 'model')
  if (painted !== null && (firstToken ?? firstHunk) !== null) reach('painted', at + painted, 'ours')
  if (bySave) return phase('From the write to the screen', steps)
  return phase(asked === null ? 'From the request to the screen' : 'From your word to the screen', steps)
}

function span(name: string, origin: number, from: number, to: number, whose: Step['whose']): Step {
  return { name, from: from - origin, to: Math.max(from, to) - origin, whose }
}

function phase(name: string, steps: readonly Step[]): Phase {
  return { name, steps, length: Math.max(0, ...steps.map(({ to }) => to)) }
}

/** The value that `share` (0 to 1) of the samples do not exceed, by the nearest-rank method; null without samples. */
export function percentile(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
