// L3: what 50,000 files add to the memory of the engine's process, once all that is kept of them is there, the index of the project's names included.
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineStage } from '../engine.ts'
import { closeLarge, LARGE_FILES, makeLargeProject, openLarge, startLargeFloor } from '../large.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'

const SETTLE_MS = 1000
/** The index is filled with half of a core at most. */
const SAMPLE_LIMIT_MS = 120_000
/** ms of work in a second: whoever does less has nothing left to do in the background. */
const IDLE_MS = 50

/** The index is filled behind everything else: it is full when nothing works any more. */
async function idle(stage: EngineStage): Promise<void> {
  for (let last = -Infinity; ;) {
    const worked = await stage.engine.ask('worked', null)
    if (worked - last < IDLE_MS) return
    last = worked
    await delay(SETTLE_MS)
  }
}

export const l3: Row = {
  id: 'L3',
  what: "50,000 files: memory that the engine's process gains, first scan over, all baselines read and the index of names full",
  unit: 'MB',
  floor: 'one fs.watch a folder, and nothing else',
  target: { p50: 120, p95: null },
  repeats: 20,
  sampleLimitMs: SAMPLE_LIMIT_MS,
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
        await idle(stage)
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
      SAMPLE_LIMIT_MS,
    )
    return { ...samples, notes: [] }
  },
}
