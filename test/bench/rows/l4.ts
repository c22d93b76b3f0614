// L4: processor time of the engine's process while nothing happens, 50,000 files watched and a window open.
import { setTimeout as delay } from 'node:timers/promises'
import { cpuBetween, readCpu } from '../cpu.ts'
import { LARGE_FILES, makeLargeProject, openLarge, startLargeFloor } from '../large.ts'
import { inTurn } from '../pairs.ts'
import { PROJECT_READY } from '../product.ts'
import type { Row } from '../row.ts'
import { openBenchWindow } from '../window.ts'

const SAMPLE_MS = 2000
/** Housekeeping of the store and collections of garbage come after the work. */
const SETTLE_MS = 5000

/** Percent of one processor. */
async function used(pid: number): Promise<number> {
  const [before, from] = [readCpu([pid]), performance.now()]
  await delay(SAMPLE_MS)
  return (cpuBetween(before, readCpu([pid])) / 1000 / (performance.now() - from)) * 100
}

export const l4: Row = {
  id: 'L4',
  what: "50,000 files, a window open: processor time of the engine's process while nothing happens",
  unit: '%',
  floor: 'one fs.watch a folder, and nothing else',
  target: { p50: 0.5, p95: null },
  repeats: 20,
  sampleLimitMs: 8000,
  async run(bench) {
    const root = await makeLargeProject(bench)
    const stage = await openLarge(bench, root)
    await openBenchWindow(bench, stage.url, PROJECT_READY)
    await stage.engine.ask('start', null)
    await stage.watching(LARGE_FILES)
    const floor = startLargeFloor(bench)
    await floor.ask('watch', root)
    await delay(SETTLE_MS)
    const [enginePid, floorPid] = [await stage.engine.ask('pid', null), await floor.ask('pid', null)]
    const samples = await inTurn(
      bench,
      () => used(enginePid),
      () => used(floorPid),
    )
    return { ...samples, notes: [] }
  },
}
