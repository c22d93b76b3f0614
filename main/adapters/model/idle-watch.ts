// Notices a silence that lasts too long.
import type { Clock } from '../../core/ports.ts'

export interface IdleWatch {
  /** From now on a sign of life is due within `ms`. */
  expect(ms: number): void
  /** Nothing is awaited: the reader is busy elsewhere. */
  rest(): void
  stop(): void
}

/**
 * One timer that renews itself, because one per token would cost more than the token. `touched`: monotonic ms of the last sign
 * of life. `fire` gets the ms that were waited for.
 */
export function watchIdle(clock: Clock, touched: () => number, fire: (ms: number) => void): IdleWatch {
  let limit: number | null = null
  let since = 0
  /** When the timer fires; null when none runs. */
  let due: number | null = null
  let stopTimer = (): void => {}
  const arm = (ms: number): void => {
    stopTimer()
    due = clock.now() + ms
    stopTimer = clock.after(ms, check)
  }
  const check = (): void => {
    due = null
    if (limit === null) return
    const left = Math.max(since, touched()) + limit - clock.now()
    if (left > 0) arm(left)
    else fire(limit)
  }
  return {
    expect(ms) {
      limit = ms
      since = clock.now()
      if (due === null || since + ms < due) arm(ms)
    },
    rest() {
      limit = null
    },
    stop() {
      limit = null
      stopTimer()
    },
  }
}
