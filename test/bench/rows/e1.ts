// E1: the embedded engine: from a change to its proposal, in the worker alone and from the save to the window.
import { mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createWork } from '../../../main/adapters/work.ts'
import { epoch, until } from '../clock.ts'
import { startFloor } from '../floor.ts'
import { startBenchServer } from '../model-server.ts'
import { inTurn } from '../pairs.ts'
import { FLOOR_READY, FLOOR_TEXT, makeHome, startProduct, tidy } from '../product.ts'
import { marker, sourceFile, UNEDITED, writeFiles } from '../project.ts'
import type { Row } from '../row.ts'
import { openBenchWindow } from '../window.ts'

const LINES = 5_000
/** Places where the edit fits, the one that is made by hand included. */
const PLACES = 8
const EDITED = 3
/** Saves of one file closer than 2 s wait for a pause in them by the product's own policy. */
const QUIET_MS = 2200
const NAMES = ['anchor', 'barrel', 'copper', 'dynamo'] as const
const NOTHING = new AbortController().signal

/** Calls of `audit.NAME` in eight places of 5,000 lines; `fresh` is the name in the one that is edited first. */
function auditFile(name: string, fresh = name): string {
  const lines = sourceFile(LINES, UNEDITED).split('\n')
  const step = Math.floor(lines.length / PLACES / 7) * 7
  for (let place = 0; place < PLACES; place += 1) {
    lines.splice(place * (step + 1), 0, `audit.${place === EDITED ? fresh : name}('step', ${place})`)
  }
  return lines.join('\n')
}

/** What any engine has to do: both texts as lines, the first line that differs, and a search for its old word. */
function searchBarely(before: string, after: string, name: string): number {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const edited = old.findIndex((line, index) => line !== fresh[index])
  return fresh.filter((line, index) => index !== edited && line.includes(name)).length
}

const engine: Row = {
  id: 'E1/engine',
  what: 'embedded engine: change in → proposal out, 5,000 lines, in the worker',
  unit: 'ms',
  floor: 'both texts as lines, the line that differs, a search for its word',
  target: { p50: 10, p95: 50 },
  repeats: 40,
  sampleLimitMs: 2000,
  async run(bench) {
    const work = bench.own(createWork())
    const texts = (round: number) => {
      const [name, fresh] = [marker(round), marker(round + 1)]
      return { before: auditFile(name), after: auditFile(name, fresh), name }
    }
    const samples = await inTurn(
      bench,
      async (round) => {
        const { before, after } = texts(round)
        const from = epoch()
        const { edits } = await work.run('echo', { path: 'src/a.ts', before, after, history: [] }, NOTHING)
        const took = epoch() - from
        if (edits.length !== PLACES - 1) throw new Error(`${edits.length} places were proposed`)
        return took
      },
      (round) => {
        const { before, after, name } = texts(round)
        const from = epoch()
        if (searchBarely(before, after, name) !== PLACES - 1) throw new Error('the floor found something else')
        return Promise.resolve(epoch() - from)
      },
    )
    return { ...samples, notes: [] }
  },
}

/** Files that are saved in turn, each as long after its last save as the product's policy asks for. */
function auditFiles(root: string) {
  const all = NAMES.map((name) => ({ path: `src/${name}.ts`, name: marker(0), quietAt: 0 }))
  writeFiles(root, Object.fromEntries(all.map(({ path, name }) => [path, auditFile(name)])))
  return {
    async next(round: number) {
      const file = all[round % all.length]
      if (file === undefined) throw new Error('there are no files')
      await delay(Math.max(0, file.quietAt - epoch()))
      return file
    },
  }
}

const shown: Row = {
  id: 'E1/window',
  what: 'embedded engine: save → proposal painted (window), 5,000 lines',
  unit: 'ms',
  floor: 'fs.watch → read → search → a bare page behind a bare relay',
  target: { p50: 25, p95: 60 },
  repeats: 20,
  sampleLimitMs: 6000,
  async run(bench) {
    const server = await startBenchServer(bench)
    await server.answer({ reply: 'Nothing to add.' })
    const home = await makeHome(bench)
    const files = auditFiles(home.project)
    const product = await startProduct(bench, home, server, NAMES.length)
    const window = await product.openWindow()

    const bare = await mkdtemp(join(tmpdir(), 'slipstream-bench-'))
    bench.own({ close: () => rm(bare, { recursive: true, force: true }) })
    mkdirSync(join(bare, 'src'))
    const bareFile = join(bare, 'src', 'anchor.ts')
    writeFileSync(bareFile, auditFile(marker(0)))
    const floorServer = await startBenchServer(bench)
    const floor = await startFloor(bench, floorServer)
    const page = await openBenchWindow(bench, `${floor.url}/plain`, FLOOR_READY)

    const samples = await inTurn(
      bench,
      async (round) => {
        const file = await files.next(round)
        const fresh = marker(round + 1)
        const painted = await window.painted('[data-testid="hunk"]', `audit.${fresh}`)
        const savedAt = epoch()
        writeFileSync(join(home.project, file.path), auditFile(file.name, fresh))
        const at = await painted.happened
        const card = window.page.locator('[data-testid="suggestion"][data-lane="local"]').first()
        await card.getByTestId('accept-all').click()
        await until(10_000, 'the accepted text', async () => (await product.read(file.path)) === auditFile(fresh))
        file.name = fresh
        file.quietAt = epoch() + QUIET_MS
        await tidy(window)
        return at - savedAt
      },
      async (round) => {
        const [name, fresh] = [marker(round), marker(round + 1)]
        const before = readFileSync(bareFile, 'utf8')
        await floorServer.answer({ reply: fresh, times: 1 })
        const painted = await page.painted(FLOOR_TEXT, fresh)
        const noticed = new Promise<void>((resolve, reject) => {
          const watcher = watch(bareFile, () => {
            const after = readFileSync(bareFile, 'utf8')
            if (after.length < before.length) return
            watcher.close()
            searchBarely(before, after, name)
            floor.ask('stream', null).then(() => resolve(), reject)
          })
        })
        const savedAt = epoch()
        writeFileSync(bareFile, auditFile(name, fresh))
        await noticed
        const at = await painted.happened
        writeFileSync(bareFile, auditFile(fresh))
        return at - savedAt
      },
    )
    return { ...samples, notes: ['includes the wait for a file to come to rest and, in the window, one frame'] }
  },
}

export const e1: readonly Row[] = [engine, shown]
