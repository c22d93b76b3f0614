// From the click on Accept to the window knowing that the file is durable: A1, A2 and the rows of other sizes.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trace } from '../../../preload/contract.ts'
import { epoch } from '../clock.ts'
import { startBenchServer } from '../model-server.ts'
import { inTurn } from '../pairs.ts'
import { makeHome, startProduct, tidy } from '../product.ts'
import { makeQuietFiles, replyThatRaises, sourceFile, UNEDITED, writeFiles } from '../project.ts'
import type { Bench, Figures, Row } from '../row.ts'
import { median, type Target } from '../statistics.ts'

const NAMES = ['anchor', 'barrel', 'copper', 'dynamo'] as const
const ACCEPT = '[data-testid="hunk-accept"]'
/** A person looks before the click; and the card has come to rest. */
const LOOK_MS = 400
/** The usual limit leaves files of megabytes alone. */
const LARGEST_BYTES = 20_000_000

export const a1 = acceptRow('A1', '10,000 lines', 10_000, { p50: 8, p95: 20 })
export const a2 = acceptRow('A2', '100,000 lines', 100_000, { p50: 45, p95: 80 })
export const acceptSizes = [
  acceptRow('apply/1KB', 'a file of 1 KB', 28, { p50: null, p95: null }),
  acceptRow('apply/100KB', 'a file of 100 KB', 2600, { p50: null, p95: null }),
  acceptRow('apply/1MB', 'a file of 1 MB', 24_000, { p50: null, p95: null }),
] as const

function acceptRow(id: string, size: string, lines: number, target: Target): Row {
  return {
    id,
    what: `accept: click → durable, as the window learns it; ${size}`,
    unit: 'ms',
    floor: 'read + apply + temp + fsync + rename in plain Node',
    target,
    repeats: 20,
    sampleLimitMs: 6000,
    run: (bench) => acceptAgainAndAgain(bench, lines),
  }
}

async function acceptAgainAndAgain(bench: Bench, lines: number): Promise<Figures> {
  const server = await startBenchServer(bench)
  const home = await makeHome(bench)
  const files = makeQuietFiles(home.project, NAMES, lines)
  const settings = join(home.data, 'settings.json')
  mkdirSync(home.data, { recursive: true })
  writeFileSync(settings, JSON.stringify({ maxFileBytes: LARGEST_BYTES }))
  const product = await startProduct(bench, home, server, NAMES.length)
  const window = await product.openWindow()
  const named = watchNames(join(home.project, 'src'))
  bench.own({ close: () => Promise.resolve(named.stop()) })
  const bare = await mkdtemp(join(tmpdir(), 'slipstream-bench-'))
  bench.own({ close: () => rm(bare, { recursive: true, force: true }) })
  writeFiles(bare, { 'anchor.ts': sourceFile(lines, UNEDITED) })

  const traces: Trace[] = []
  const renames: number[] = []
  const samples = await inTurn(
    bench,
    async (round) => {
      const file = await files.next()
      const { bound } = file.edits
      await server.answer({ reply: replyThatRaises(file.path, lines, bound), times: 1 })
      file.save({ tag: round + 1, bound })
      await window.page.locator('[data-testid="hunk"][data-state="pending"]').waitFor()
      await window.page.waitForTimeout(LOOK_MS)
      const clicked = await window.clicked(ACCEPT)
      const answered = await window.received('"type":"answer"', '"name":"accept"', '"ok":true')
      named.forget()
      await window.page.locator(ACCEPT).click()
      const clickedAt = await clicked.happened
      const answeredAt = await answered.happened
      const accepted = { tag: round + 1, bound: bound + 1 }
      if ((await product.read(file.path)) !== file.source(accepted)) {
        throw new Error(`${file.path} does not hold what was accepted`)
      }
      file.know(accepted)
      renames.push(named.firstAt(file.path) - clickedAt)
      const { suggestions } = await product.status()
      traces.push(...suggestions.slice(0, 1).map(({ trace }) => trace))
      await tidy(window)
      return answeredAt - clickedAt
    },
    (round) => Promise.resolve(applyBarely(join(bare, 'anchor.ts'), round)),
  )
  const spans = traces.flatMap(({ accepted, durable }) =>
    accepted === null || durable === null ? [] : [durable - accepted],
  )
  return {
    ...samples,
    notes: [
      `medians in ms: click → new file under its name, seen from outside ${median(renames).toFixed(2)}; ` +
        `inside the engine accepted → durable ${median(spans).toFixed(2)}`,
    ],
  }
}

/** When something first happened since `forget` to the files of a folder, as fs.watch tells; epoch ms. */
function watchNames(folder: string): { forget(): void; firstAt(path: string): number; stop(): void } {
  const times = new Map<string, number>()
  const watcher = watch(folder, (_event, name) => {
    if (name !== null && !times.has(name)) times.set(name, epoch())
  })
  return {
    forget: () => times.clear(),
    firstAt: (path) => times.get(path.slice(path.lastIndexOf('/') + 1)) ?? Number.NaN,
    stop: () => watcher.close(),
  }
}

/** What any program has to do for it: answers how many ms it took. */
function applyBarely(file: string, round: number): number {
  const from = epoch()
  const lines = readFileSync(file, 'utf8').split('\n')
  lines[lines.length >> 1] = `// ${round}`
  const temporary = `${file}.new`
  const handle = openSync(temporary, 'w')
  writeSync(handle, lines.join('\n'))
  fsyncSync(handle)
  closeSync(handle)
  renameSync(temporary, file)
  return epoch() - from
}
