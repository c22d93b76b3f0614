// Which suggestion a press of Esc is meant for.

/** Within this time of its end a press was meant for the stream that has just ended, and stops nothing else. */
export const LATE_PRESS_MS = 300
/** A second press within this time stops everything. */
export const SECOND_PRESS_MS = 1000

export interface Press {
  readonly now: number
  /** When Esc was pressed before this, or null. */
  readonly previousAt: number | null
  /** The suggestion whose text was painted last, or null. */
  readonly paintedLast: string | null
  /** When that one stopped streaming; null while it streams. */
  readonly endedAt: number | null
  /** What waits or streams, newest first. */
  readonly running: readonly string[]
}

/** The suggestion to stop, `all`, or null when the press does nothing. */
export function aimInterrupt(press: Press): { readonly suggestion: string } | 'all' | null {
  if (press.running.length === 0) return null
  if (press.previousAt !== null && press.now - press.previousAt <= SECOND_PRESS_MS) return 'all'
  if (press.paintedLast !== null) {
    if (press.running.includes(press.paintedLast)) return { suggestion: press.paintedLast }
    if (press.endedAt !== null && press.now - press.endedAt < LATE_PRESS_MS) return null
  }
  const newest = press.running[0]
  return newest === undefined ? null : { suggestion: newest }
}
