// Samples of product and floor in turn.
import { describe, expect, test } from 'vitest'
import { inTurn, WARM_UPS } from './pairs.ts'
import type { Bench } from './row.ts'

function benchOf(repeats: number, signal = new AbortController().signal): Bench {
  return { repeats, signal, own: (thing) => thing, browser: () => Promise.reject(new Error('none is wanted')) }
}

describe('samples in turn', () => {
  test('alternate between product and floor', async () => {
    const order: string[] = []
    const note = (name: string) => (round: number) => {
      order.push(`${name}${round}`)
      return Promise.resolve(round)
    }
    await inTurn(benchOf(1), note('p'), note('f'))
    expect(order.slice(0, 4)).toEqual(['p0', 'f0', 'p1', 'f1'])
  })

  test('leave the warm-ups out', async () => {
    const samples = await inTurn(
      benchOf(3),
      (round) => Promise.resolve(round),
      () => Promise.resolve(-1),
    )
    expect(samples.product).toEqual([WARM_UPS, WARM_UPS + 1, WARM_UPS + 2])
    expect(samples.floor).toEqual([-1, -1, -1])
  })

  test('tell how far they came when one fails', async () => {
    const fails = (round: number) => (round === WARM_UPS + 1 ? Promise.reject(new Error('lost')) : Promise.resolve(1))
    const run = inTurn(benchOf(5), () => Promise.resolve(1), fails)
    await expect(run).rejects.toThrow('after 1 of 5 samples of the floor: lost')
  })

  test('end when the row is broken off', async () => {
    const controller = new AbortController()
    const run = inTurn(
      benchOf(5, controller.signal),
      () => Promise.resolve(1),
      (round) => {
        if (round === 1) controller.abort(new Error('broken off'))
        return Promise.resolve(1)
      },
    )
    await expect(run).rejects.toThrow('broken off')
  })
})
