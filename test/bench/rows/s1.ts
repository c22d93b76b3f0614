// S1: from a save on disk to the request at the server.
import { mkdtemp, rm } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trace } from '../../../preload/contract.ts'
import { startFloor } from '../floor.ts'
import { startBenchServer } from '../model-server.ts'
import { inTurn } from '../pairs.ts'
import { makeHome, startProduct } from '../product.ts'
import { makeQuietFiles } from '../project.ts'
import type { Row } from '../row.ts'
import { stageLine } from '../stages.ts'

const LINES = 10_000
/** So many that each is quiet again when its turn comes. */
const NAMES = ['anchor', 'barrel', 'copper', 'dynamo', 'engine', 'ferry'] as const

export const s1: Row = {
  id: 'S1',
  what: 'write to disk → request at the server, 10,000 lines',
  unit: 'ms',
  floor: 'fs.watch → read → POST, warm connection',
  target: { p50: 12, p95: 30 },
  repeats: 30,
  sampleLimitMs: 5000,
  async run(bench) {
    const server = await startBenchServer(bench)
    await server.answer({ reply: 'Nothing to add.' })
    const home = await makeHome(bench)
    const files = makeQuietFiles(home.project, NAMES, LINES)
    const product = await startProduct(bench, home, server, NAMES.length)

    const bare = await mkdtemp(join(tmpdir(), 'slipstream-bench-'))
    bench.own({ close: () => rm(bare, { recursive: true, force: true }) })
    mkdirSync(join(bare, 'src'))
    const bareFiles = makeQuietFiles(bare, NAMES, LINES)
    const floor = await startFloor(bench, server)
    await floor.ask('watch', join(bare, 'src'))

    const traces: Trace[] = []
    const samples = await inTurn(
      bench,
      async (round) => {
        const file = await files.next()
        const arrival = server.next()
        const savedAt = file.save({ ...file.edits, tag: round + 1 })
        const { at, id } = await arrival
        await server.over(id)
        const trace = (await product.status()).suggestions.find(({ path }) => path === file.path)?.trace
        if (trace === undefined) return at - savedAt
        traces.push(trace)
        return at - savedAt - trace.policyWait
      },
      async (round) => {
        const file = await bareFiles.next()
        const arrival = server.next()
        const savedAt = file.save({ ...file.edits, tag: round + 1 })
        const { at, id } = await arrival
        await server.over(id)
        return at - savedAt
      },
    )
    const waits = traces.filter(({ policyWait }) => policyWait > 0).length
    return {
      ...samples,
      notes: [stageLine(traces, 'saved', 'sent'), `waits that policy imposed, not counted above: ${waits}`],
    }
  },
}
