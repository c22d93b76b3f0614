// How long a thread was kept from running its next turn, and how long it was busy itself meanwhile.

/** ms. */
export interface Stalls {
  /** The longest time by the clock: with what other processes took of the machine. */
  readonly longest: number
  /** The longest time that the thread's own work took of the processor in one such wait. */
  readonly busiest: number
}

export interface StallWatch {
  /** Forgets what was. */
  reset(): void
  read(): Stalls
  stop(): void
}

const TICK_MS = 1

/** A timer that is due each millisecond: what it comes late by is a stall. */
export function watchStalls(): StallWatch {
  let stalls: Stalls = { longest: 0, busiest: 0 }
  let at = performance.now()
  let used = ownCpu()
  const timer = setInterval(() => {
    const now = performance.now()
    const cpu = ownCpu()
    const late = Math.max(0, now - at - TICK_MS)
    stalls = { longest: Math.max(stalls.longest, late), busiest: Math.max(stalls.busiest, Math.min(late, cpu - used)) }
    at = now
    used = cpu
  }, TICK_MS)
  timer.unref()
  return {
    reset() {
      stalls = { longest: 0, busiest: 0 }
    },
    read: () => stalls,
    stop: () => clearInterval(timer),
  }
}

/** ms of processor time of this thread. */
function ownCpu(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
