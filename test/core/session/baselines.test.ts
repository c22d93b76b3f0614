// What files contained when they were last seen, after a restart.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Baselines } from '../../../main/core/session/baselines.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'

test('the files that were modified last are found among any number of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      async (times, most) => {
        const store = createFakeStore()
        const rows = times.map((modifiedMs) => ({ hash: 'h', stat: { size: 0, modifiedMs, inode: 0 } }))
        await store.commit(
          rows.map((value) => ({ type: 'put', table: 'baseline', key: `${value.stat.modifiedMs}`, value })),
        )
        const baselines = new Baselines({ store, clock: createFakeClock() })
        await baselines.load()
        const newest = times.toSorted((a, b) => b - a).slice(0, most)
        expect(baselines.latest(most)).toEqual(newest.map(String))
      },
    ),
    { numRuns: 30 },
  )
})
