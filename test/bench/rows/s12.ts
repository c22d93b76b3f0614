// S12: from the start of the bin with `interrupt` to the server seeing its client close.
import { machineNode, runBin, startProgram } from '../bin.ts'
import { epoch } from '../clock.ts'
import { startBenchServer } from '../model-server.ts'
import { inTurn } from '../pairs.ts'
import { makeHome, startProduct } from '../product.ts'
import { makeQuietFiles } from '../project.ts'
import type { Row } from '../row.ts'
import { quick, TALK } from '../talking.ts'
import { setTimeout as delay } from 'node:timers/promises'

const LINES = 400
const NAMES = ['anchor', 'barrel', 'copper', 'dynamo'] as const
const LIMIT_MS = 10_000

export const s12: Row = {
  id: 'S12',
  what: '`slipstream interrupt`: process start → server sees the close',
  unit: 'ms',
  floor: 'start of the same Node that says one line',
  target: { p50: 80, p95: 150 },
  repeats: 20,
  sampleLimitMs: 5000,
  async run(bench) {
    const server = await startBenchServer(bench)
    await server.answer(TALK)
    const home = await makeHome(bench)
    const files = makeQuietFiles(home.project, NAMES, LINES)
    await startProduct(bench, home, server, NAMES.length)
    const node = await machineNode()
    const samples = await inTurn(
      bench,
      async (round) => {
        const file = await files.next()
        const arrival = server.next()
        file.save({ ...file.edits, tag: round + 1 })
        const { id } = await arrival
        await delay(quick.wait())
        const from = epoch()
        const words = ['interrupt', '--project', home.project]
        const [over, ended] = await Promise.all([
          server.over(id),
          runBin(words, home.environment, LIMIT_MS, node.program),
        ])
        if (ended.code !== 0) throw new Error(`interrupt failed: ${ended.err}`)
        return over.at - from
      },
      async () => {
        const from = epoch()
        const running = await startProgram(node.program, ['-e', "process.stdout.write('ready\\n')"], home.environment)
        await running.close()
        return running.firstLine.at - from
      },
    )
    return { ...samples, notes: [`started by ${node.program}, Node ${node.major}`] }
  },
}
