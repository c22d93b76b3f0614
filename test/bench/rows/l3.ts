// L3: what 50,000 files add to the memory of the engine's process, once all that is kept of them is there.
import { setTimeout as delay } from 'node:timers/promises'
import { closeLarge, LARGE_FILES, makeLargeProject, openLarge, startLargeFloor } from '../large.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'

const SETTLE_MS = 1000

export const l3: Row = {
  id: 'L3',
  what: "50,000 files: memory that the engine's process gains, first scan over and all baselines read",
  unit: 'MB',
  floor: 'one fs.watch a folder, and nothing else',
  target: { p50: 120, p95: null },
  repeats: 20,
  sampleLimitMs: 20_000,
  async run(bench) {
    const root = await makeLargeProject(bench)
    const samples = await inTurn(
      bench,
      async () => {
        const stage = await openLarge(bench, root)
        await delay(SETTLE_MS)
        const before = await stage.engine.ask('memory', null)
        await stage.engine.ask('start', null)
        await stage.watching(LARGE_FILES)
        await delay(SETTLE_MS)
        const after = await stage.engine.ask('memory', null)
        await closeLarge(stage)
        return after - before
      },
      async () => {
        const floor = startLargeFloor(bench)
        const before = await floor.ask('memory', null)
        await floor.ask('watch', root)
        await delay(SETTLE_MS)
        const after = await floor.ask('memory', null)
        await floor.close()
        return after - before
      },
    )
    return { ...samples, notes: [] }
  },
}
