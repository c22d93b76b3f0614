// Takes samples of product and floor in turn, so that a noisy machine is noisy for both.
import { within } from './clock.ts'
import type { Bench } from './row.ts'

/** Takes one sample; `round` counts from 0 and includes those that only warm up. */
export type Sample = (round: number) => Promise<number>

/** The first ones compile code, open connections and fill caches: they are not counted. */
export const WARM_UPS = 2
const SAMPLE_LIMIT_MS = 30_000

/** Rejects when a sample fails, takes too long, or the row is broken off. */
export async function inTurn(
  bench: Bench,
  product: Sample,
  floor: Sample,
  limitMs = SAMPLE_LIMIT_MS,
): Promise<{ readonly product: readonly number[]; readonly floor: readonly number[] }> {
  const samples: { product: number[]; floor: number[] } = { product: [], floor: [] }
  for (let round = 0; round < WARM_UPS + bench.repeats; round += 1) {
    for (const [name, take] of [['product', product] as const, ['floor', floor] as const]) {
      bench.signal.throwIfAborted()
      const value = await within(limitMs, `${name}, round ${round + 1}`, take(round)).catch((cause: unknown) => {
        const taken = `after ${samples[name].length} of ${bench.repeats} samples of the ${name}`
        throw new Error(`${taken}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      })
      if (round >= WARM_UPS) samples[name].push(value)
    }
  }
  return samples
}
