// What of a trace counts as the latency of a save: the time to the first token on the screen, and to the first hunk.
import type { Trace } from '../../../preload/contract.ts'

/** ms from the save to the first token on the screen, without what policy made it wait; null when no save began it. */
export function saveToPaint(trace: Trace): number | null {
  return trace.painted === null ? null : sinceSave(trace, trace.firstToken, trace.painted)
}

/** ms from the save to the first hunk that can be reviewed, without what policy made it wait; null when no save began it. */
export function saveToSuggestion(trace: Trace): number | null {
  return sinceSave(trace, trace.firstHunk, 0)
}

/** What was nudged on or asked in words keeps a time of saving, but did not begin with it: it has neither of its steps. */
function sinceSave({ saved, stable, region, policyWait }: Trace, until: number | null, more: number): number | null {
  if (saved === null || until === null || (stable === null && region === null)) return null
  return Math.max(0, until - saved - policyWait + more)
}
