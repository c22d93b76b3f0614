// L1: a cold start of the bin to its ready line, and to a window that can be used.
import type { Page } from 'playwright-core'
import { epoch } from '../clock.ts'
import { machineNode, startBin, startProgram, type MachineNode } from '../bin.ts'
import { inTurn, WARM_UPS } from '../pairs.ts'
import { makeHome, PROJECT } from '../product.ts'
import { sourceFile, UNEDITED, writeFiles } from '../project.ts'
import type { Bench, Row } from '../row.ts'
import { SIDE_WINDOW } from '../window.ts'
import { median } from '../statistics.ts'

const FILES = 1000
const FILES_A_FOLDER = 20
const LINES = 40
/** The bin hands over to the project's own Node below this version. */
const WANTED_NODE = 24
/** From the ready line on; a window is opened in so many of the starts only, because it costs far more than the start. */
const WINDOWS = 5
const USABLE_MS = 1000

export const l1: Row = {
  id: 'L1',
  what: 'cold start: bin → ready line, 1,000 files, built',
  unit: 'ms',
  floor: 'start of Node 24 that says one line, with the hand-over from an older Node where the machine has one',
  target: { p50: 350, p95: null },
  repeats: 20,
  sampleLimitMs: 8000,
  async run(bench) {
    const home = await makeHome(bench)
    writeFiles(home.project, Object.fromEntries(Array.from({ length: FILES }, (_, index) => [pathOf(index), TEXT])))
    const node = await machineNode()
    const words = [...home.words, '--provider', 'local']
    const floorWords = handOverWords(node)
    const usable: number[] = []
    const samples = await inTurn(
      bench,
      async (round) => {
        const page = round >= WARM_UPS && round < WARM_UPS + WINDOWS ? await newPage(bench) : null
        const from = epoch()
        const running = bench.own(await startBin(words, home.environment, node.program))
        if (page !== null) usable.push((await whenUsable(page, running.url)) - from)
        await running.close()
        return running.firstLine.at - from
      },
      async () => {
        const from = epoch()
        const running = bench.own(await startProgram(node.program, floorWords, home.environment))
        await running.close()
        return running.firstLine.at - from
      },
    )
    const met = median(usable) <= USABLE_MS ? 'met' : 'not met'
    return {
      ...samples,
      notes: [
        `window usable: median ${median(usable).toFixed(0)} ms of ${usable.length} (${USABLE_MS} ms: ${met}), opened at the ready line in a running browser`,
        `started by ${node.program}, Node ${node.major}`,
      ],
    }
  },
}

const TEXT = sourceFile(LINES, UNEDITED)

function pathOf(index: number): string {
  return `src/part${Math.floor(index / FILES_A_FOLDER)}/file${index}.ts`
}

async function newPage(bench: Bench): Promise<Page> {
  const context = bench.own(await (await bench.browser()).newContext(SIDE_WINDOW))
  return context.newPage()
}

/** When the project's name stands in the status and a question can be typed; epoch ms. */
async function whenUsable(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  await page.getByTestId('status').getByText(PROJECT).first().waitFor()
  await page.getByTestId('ask').click({ trial: true })
  const at = epoch()
  await page.close()
  return at
}

const SAY = "process.stdout.write('ready\\n')"

/** An older Node starts the project's own and lends it its output; the project's own, or a newer one, says it by itself. */
function handOverWords(node: MachineNode): readonly string[] {
  if (node.major >= WANTED_NODE) return ['-e', SAY]
  const words = JSON.stringify(['-e', SAY])
  return [
    '-e',
    `require('node:child_process').spawn(${JSON.stringify(process.execPath)}, ${words}, { stdio: 'inherit' })`,
  ]
}
