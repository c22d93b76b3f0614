// One time for all processes of the bench: ms since the epoch with fractions, and how far another clock is off.
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Processes on one machine share the monotonic clock that `performance.now()` runs on; only the wall time that each
 * noted at its start (`timeOrigin`) may differ. `measureSkew` tells by how much.
 */
export function epoch(): number {
  return performance.timeOrigin + performance.now()
}

export interface Skew {
  /** ms by which the other clock is ahead of this one. */
  readonly offset: number
  /** Half of the shortest round trip: the offset cannot be known better. */
  readonly uncertainty: number
}

const PINGS = 30

/** Asks another clock again and again, and believes the fastest answer (Cristian's algorithm, 1989). */
export async function measureSkew(ask: () => Promise<number>): Promise<Skew> {
  let best: Skew = { offset: 0, uncertainty: Number.POSITIVE_INFINITY }
  for (let ping = 0; ping < PINGS; ping += 1) {
    const before = epoch()
    const there = await ask()
    const after = epoch()
    const uncertainty = (after - before) / 2
    if (uncertainty < best.uncertainty) best = { offset: there - (before + after) / 2, uncertainty }
  }
  return best
}

/** A time of the other clock on this one. An offset within the uncertainty is not one. */
export function onThisClock(time: number, skew: Skew): number {
  return Math.abs(skew.offset) > skew.uncertainty ? time - skew.offset : time
}

/** Rejects with a word about `what` when the promise takes longer than `ms`. */
export async function within<Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Asks every `interval` ms until the answer is true. */
export async function until(ms: number, what: string, ask: () => Promise<boolean>, interval = 50): Promise<void> {
  const end = epoch() + ms
  while (!(await ask())) {
    if (epoch() > end) throw new Error(`${what} did not come to pass within ${ms} ms`)
    await delay(interval)
  }
}
