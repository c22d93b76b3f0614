// A clock that stands still until the test moves it.
import type { Clock } from '../../main/core/ports.ts'

export interface FakeClock extends Clock {
  /** Runs what falls due, in its order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
}

/** Lets everything that is ready in promises and microtasks run. */
export async function settle(turns = 30): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export function createFakeClock(start = 10_000): FakeClock {
  let now = start
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    wall: () => 1_700_000_000_000 + now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    soon: (run) => void setImmediate(run),
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        timers = timers.filter((timer) => timer !== next)
        now = Math.max(now, next.at)
        next.run()
        await settle()
      }
      now = end
      await settle()
    },
  }
}
