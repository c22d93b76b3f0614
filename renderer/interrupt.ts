// Stopping what streams: which suggestion a press of Esc is meant for, and what happens first.
import type { Calls, Failure, Result } from '../preload/contract.ts'
import { isRunning, type Store } from './store.ts'
import type { Transcripts } from './transcripts.ts'

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

export interface Interrupts {
  /** What waits or streams, newest first. */
  running(): readonly string[]
  /** By button: exactly this one. */
  stop(suggestion: string): void
  /** By Esc: the suggestion that it was meant for, or null when it stopped none or all. */
  press(): string | null
}

interface Needs {
  readonly store: Store
  readonly transcripts: Transcripts
  now(): number
  send(suggestion: string | null): Promise<Result<Calls['interrupt']['value']>>
  refuse(failure: Failure): void
}

export function createInterrupts({ store, transcripts, now, send, refuse }: Needs): Interrupts {
  let previousAt: number | null = null

  function running(): readonly string[] {
    return store
      .suggestions()
      .filter(isRunning)
      .map((one) => one.id)
  }

  /** Sends first and paints nothing more of what is stopped: both before any rendering. */
  async function interrupt(suggestion: string | null): Promise<void> {
    const stopping = suggestion === null ? running() : [suggestion]
    const answer = send(suggestion)
    transcripts.freeze(stopping)
    const result = await answer
    if (!result.ok) refuse(result.failure)
    const stopped = result.ok ? result.value.stopped : []
    for (const id of stopping) if (!stopped.includes(id)) transcripts.thaw(id)
  }

  return {
    running,
    stop: (suggestion) => void interrupt(suggestion),
    press() {
      const last = transcripts.paintedLast()
      // The embedded engine's text stands there at once: nobody presses Esc because of it.
      const paintedLast = last !== null && store.suggestion(last)?.lane === 'local' ? null : last
      const at = now()
      const aim = aimInterrupt({
        now: at,
        previousAt,
        paintedLast,
        endedAt: paintedLast === null ? null : store.endedAt(paintedLast),
        running: running(),
      })
      previousAt = at
      if (aim === null) return null
      const suggestion = aim === 'all' ? null : aim.suggestion
      void interrupt(suggestion)
      return suggestion
    },
  }
}
