// `npm run bench -- [ROW ...] [--json FILE] [--repeats N] [--quick]`: measures the rows with their floors, prints and writes them.
import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { Browser } from 'playwright-core'
import { findChromium } from '../chromium.mjs'
import { startBrowser } from '../e2e/app.ts'
import { build } from './bin.ts'
import { machineFacts, machineLine } from './machine.ts'
import { parseOptions, usage } from './options.ts'
import { WARM_UPS } from './pairs.ts'
import { reportFailure, reportFigures, tableOf, type RowReport } from './report.ts'
import { Unavailable, type Closable, type Row } from './row.ts'
import { ROWS } from './rows.ts'

/** To start and to end everything that a row needs. */
const AROUND_MS = 60_000
const CLOSE_MS = 15_000

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const broken = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => broken.abort(new Error('broken off')))

const [first = '', ...rest] = process.argv.slice(2)
if (first === 'judgement') {
  const { runJudgement } = await import('./judgement/main.ts')
  process.exit(await runJudgement(rest, broken.signal))
}
if (first === 'replay' && rest.includes('--across')) {
  const { runAcross } = await import('./across/main.ts')
  process.exit(await runAcross(rest))
}
if (first === 'replay') {
  const { runReplay } = await import('./replay/main.ts')
  process.exit(runReplay(rest))
}

const parsed = parseOptions(process.argv.slice(2), ROWS)
if (!parsed.ok) {
  say(`${parsed.failure.message}\n\n${usage(ROWS)}`)
  process.exit(2)
}
const options = parsed.value

const facts = machineFacts()
/** One for all rows; one that crashed is started anew for the next row. */
const shared: { started: Promise<Browser> | null; version: string | null } = { started: null, version: null }
async function chromium(): Promise<Browser> {
  const found = findChromium()
  if ('failure' in found) throw new Unavailable(found.failure)
  const present = (await shared.started?.catch(() => null)) ?? null
  if (present?.isConnected() === true) return present
  shared.started = startBrowser()
  const started = await shared.started
  shared.version = started.version()
  return started
}

/** Never rejects: what goes wrong is the row's report. */
async function measure(row: Row): Promise<RowReport> {
  const repeats = options.repeats ?? row.repeats
  const owned: Closable[] = []
  /** What a row that was given up starts after that is closed at once. */
  let isOver = false
  const limit = AbortSignal.timeout(AROUND_MS + row.sampleLimitMs * 2 * (repeats + WARM_UPS))
  const signal = AbortSignal.any([broken.signal, limit])
  const over = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(limit.aborted ? new Error('it took too long') : signal.reason))
  })
  try {
    signal.throwIfAborted()
    const bench = {
      repeats,
      signal,
      browser: chromium,
      own<Thing extends Closable>(thing: Thing): Thing {
        if (isOver) void closed(thing)
        else owned.push(thing)
        return thing
      },
    }
    return reportFigures(row, await Promise.race([row.run(bench), over]))
  } catch (cause) {
    // Playwright colours its messages, and adds its whole log.
    const text = stripVTControlCharacters(cause instanceof Error ? cause.message : String(cause))
    const state = cause instanceof Unavailable ? 'unavailable' : 'failed'
    return reportFailure(row, text.split('\n', 1)[0] ?? text, state)
  } finally {
    isOver = true
    for (const thing of owned.toReversed()) await closed(thing)
  }
}

async function closed(thing: Closable): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())
  await Promise.race([thing.close(), patience]).catch((cause: unknown) => say(`not closed: ${String(cause)}`))
}

const reports: RowReport[] = []

/** Also when it is broken off: at once then, for what is still to be closed may take its time. */
function print(): void {
  process.stdout.write(`${machineLine(facts, shared.version)}\n\n${tableOf(reports)}\n`)
  if (options.quick) process.stdout.write('\nA quick run: far too few samples for any claim.\n')
  if (broken.signal.aborted) process.stdout.write('\nBroken off: the rows above are all that was measured.\n')
  if (options.json === null) return
  const content = {
    at: new Date().toISOString(),
    machine: { ...facts, chromium: shared.version },
    quick: options.quick,
    rows: reports,
  }
  writeFileSync(options.json, `${JSON.stringify(content, null, 2)}\n`)
}

broken.signal.addEventListener('abort', print)
say('building, if need be')
await build()
for (const row of options.rows) {
  if (broken.signal.aborted) break
  say(`${row.id}: ${row.what}`)
  const report = await measure(row)
  reports.push(report)
  if (report.state !== 'measured') say(`${row.id}: ${report.why}`)
}
const running = await shared.started?.catch(() => null)
await running?.close()
if (broken.signal.aborted) process.exit(130)
print()
process.exitCode = reports.some(({ state }) => state === 'failed') ? 1 : 0
