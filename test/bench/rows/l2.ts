// L2: from the start of the watch to readiness with 50,000 files, and whether a save before that is answered at once.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { epoch, until } from '../clock.ts'
import { closeLarge, LARGE_FILES, makeLargeProject, openLarge, startLargeFloor } from '../large.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'
import { summarise } from '../statistics.ts'

const READY_MS = 20_000
const LOOK_MS = 5
/** When the early save comes after the start: all folders are watched then, and most files have not been looked at. */
const EARLY_MS = 150
const EARLY_FILE = 'src/early.ts'

export const l2: Row = {
  id: 'L2',
  what: '50,000 files: start of the watch → ready to suggest',
  unit: 'ms',
  floor: 'one fs.watch a folder, and nothing else',
  target: { p50: 1200, p95: null },
  repeats: 20,
  sampleLimitMs: 8000,
  async run(bench) {
    const root = await makeLargeProject(bench)
    const answered: number[] = []
    let before = 0
    const samples = await inTurn(
      bench,
      async (round) => {
        const stage = await openLarge(bench, root)
        const { engine, server } = stage
        await server.answer({ reply: 'Nothing to add.' })
        const from = epoch()
        await engine.ask('start', null)
        await delay(EARLY_MS)
        const arrival = server.next()
        const savedAt = epoch()
        writeFileSync(join(root, EARLY_FILE), `export const early = ${round}\n// return the double of it, ai!\n`)
        const request = arrival.then(({ at }) => at)
        let readyAt = 0
        await until(
          READY_MS,
          'the first scan',
          async () => {
            const { watch } = (await engine.ask('status', null)).project
            readyAt = epoch()
            return watch.state === 'watching' && watch.files >= LARGE_FILES
          },
          LOOK_MS,
        )
        const at = await request
        answered.push(at - savedAt)
        if (at < readyAt) before += 1
        await closeLarge(stage)
        return readyAt - from
      },
      async () => {
        const floor = startLargeFloor(bench)
        const took = await floor.ask('watch', root)
        await floor.close()
        return took
      },
    )
    const { p50, p95 } = summarise(answered)
    return {
      ...samples,
      notes: [
        `a save ${EARLY_MS} ms after the start → request at the server: ${p50.toFixed(0)} / ${p95.toFixed(0)} ms (p50 / p95), before readiness in ${before} of ${answered.length} rounds`,
      ],
    }
  },
}
