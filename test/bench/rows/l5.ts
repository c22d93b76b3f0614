// L5: what the app holds in memory while nothing happens: its engine alone, and with the browser that shows its window.
import { setTimeout as delay } from 'node:timers/promises'
import { startProgram } from '../bin.ts'
import { processesOf } from '../browser-processes.ts'
import { readMemory } from '../memory.ts'
import { startBenchServer } from '../model-server.ts'
import { inTurn } from '../pairs.ts'
import { makeHome, startProduct } from '../product.ts'
import { sourceFile, UNEDITED, writeFiles } from '../project.ts'
import type { Bench, Row } from '../row.ts'

const FILES = 1000
const FILES_A_FOLDER = 20
const LINES = 40
/** What the start and the first scan have set going is over by then. */
const SETTLE_MS = 8000
const APART_MS = 200
const TEXT = sourceFile(LINES, UNEDITED)

/** Of the product on a project of 1,000 files, idle; without and with its window. */
async function openIdle(bench: Bench, withWindow: boolean): Promise<number> {
  const home = await makeHome(bench)
  const pathOf = (index: number): string => `src/part${Math.floor(index / FILES_A_FOLDER)}/file${index}.ts`
  writeFiles(home.project, Object.fromEntries(Array.from({ length: FILES }, (_, index) => [pathOf(index), TEXT])))
  const product = await startProduct(bench, home, await startBenchServer(bench), FILES)
  if (withWindow) await product.openWindow()
  await delay(SETTLE_MS)
  return product.pid
}

const engine: Row = {
  id: 'L5/engine',
  what: "memory (PSS) of the engine's process, 1,000 files, idle",
  unit: 'MB',
  floor: 'Node 24 that has said one line',
  target: { p50: 120, p95: null },
  repeats: 20,
  sampleLimitMs: 1000,
  async run(bench) {
    const pid = await openIdle(bench, false)
    const words = ['-e', "process.stdout.write('ready\\n'); setInterval(() => {}, 1e9)"]
    const bare = bench.own(await startProgram(process.execPath, words, {}))
    if (bare.child.pid === undefined) throw new Error('the floor has no process')
    const bareId = bare.child.pid
    const samples = await inTurn(
      bench,
      async () => {
        await delay(APART_MS)
        return readMemory([pid])
      },
      async () => readMemory([bareId]),
    )
    return { ...samples, notes: [] }
  },
}

const app: Row = {
  id: 'L5/app',
  what: 'the same of the whole app: engine and browser with its window',
  unit: 'MB',
  floor: 'the browser with an empty page, before the window is opened',
  target: { p50: 450, p95: null },
  repeats: 20,
  sampleLimitMs: 1000,
  async run(bench) {
    const browser = await bench.browser()
    const context = bench.own(await browser.newContext())
    await context.newPage()
    await delay(SETTLE_MS)
    const floor = readMemory(await processesOf(browser))
    await context.close()
    const pid = await openIdle(bench, true)
    const samples = await inTurn(
      bench,
      async () => {
        await delay(APART_MS)
        return readMemory([pid, ...(await processesOf(browser))])
      },
      async () => floor,
    )
    return { ...samples, notes: ['the floor is one measurement: both cannot be open at once'] }
  },
}

export const l5: readonly Row[] = [engine, app]
