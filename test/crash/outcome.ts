// What one of the loops found, and random numbers that can be had again.

export interface Outcome {
  readonly what: string
  readonly runs: number
  /** One line each; none: every run was as it must be. */
  readonly failures: readonly string[]
  /** One line for people. */
  readonly notes: string
}

/** Numbers from 0 up to, not including, 1: the same ones for the same seed (mulberry32, Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
