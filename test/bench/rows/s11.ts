// S11: S7 and S8 while the engine is held up in every way that is known, and the longest stall of its streaming thread.
import { startBare, type Bare } from '../bare.ts'
import { checkout, longFile, longLine, slowStore, writeMany, type PrepareDisturbance } from '../disturbances.ts'
import { ASKED } from '../asked.ts'
import { makeFolder, openEngineStage, type EngineStage } from '../engine.ts'
import { inTurn, WARM_UPS } from '../pairs.ts'
import { PROJECT_READY, STREAM, tidy } from '../product.ts'
import type { Bench, Figures, Row } from '../row.ts'
import { keyDown } from '../stands.ts'
import type { Stalls } from '../stalls.ts'
import { summarise, type Summary } from '../statistics.ts'
import { PLACE, TALK, TALKING_FILES, writeTalkingFiles } from '../talking.ts'
import { openBenchWindow, type BenchWindow } from '../window.ts'

const TIMES = 2
const STALL_MS = 5
/** So many rounds with the disturbance, then as many without: to end one may take many seconds. */
const BLOCK = 5
/** How long a stream runs before it is stopped. */
const RUN_MS = 80

/** ms: S8 and S7 of one round. */
interface Both {
  readonly s8: number
  readonly s7: number
}

interface Scene {
  readonly stage: EngineStage
  readonly window: BenchWindow
}

/** `begin` is called while each of the two streams runs, just before it is stopped. */
async function both({ stage, window }: Scene, begin: () => Promise<void>): Promise<Both> {
  const { server } = stage
  const running = await stage.stream(RUN_MS)
  await begin()
  const s8 = await stage.interrupt(running)
  await stage.dismiss(running.suggestion)
  const stand = {
    server,
    window,
    selector: STREAM,
    ask: async () => (await stage.ask()).arrival,
    over: (id: number) => server.over(id),
  }
  const { took } = await keyDown(stand, { when: ASKED }, begin)
  await tidy(window)
  return { s8, s7: took }
}

async function openScene(bench: Bench, root: string): Promise<Scene> {
  const stage = await openEngineStage(bench, 'websocket', root, PLACE)
  await stage.server.answer({ ...TALK, when: ASKED })
  return { stage, window: await openBenchWindow(bench, stage.url, PROJECT_READY) }
}

/** One round, and for how long the streaming thread, and an idle thread beside it, were held up meanwhile. */
interface Watched extends Both {
  readonly engine: Stalls
  readonly idle: Stalls
}

async function watched(scene: Scene, bare: Bare, begin: () => Promise<void>): Promise<Watched> {
  const { engine } = scene.stage
  await Promise.all([engine.ask('watchStalls', null), bare.process.ask('watchStalls', null)])
  const round = await both(scene, begin)
  return { ...round, engine: await engine.ask('stalls', null), idle: await bare.process.ask('stalls', null) }
}

const nothing = (): Promise<void> => Promise.resolve()

/** The warm-ups come first, and are not counted. */
function figures(
  all: { held: readonly Watched[]; quiet: readonly Watched[] },
  repeats: number,
  notes: readonly string[],
): Figures {
  const held = all.held.slice(-repeats)
  const quiet = all.quiet.slice(-repeats)
  const [heldS8, quietS8] = [summarise(held.map(({ s8 }) => s8)), summarise(quiet.map(({ s8 }) => s8))]
  // Its own work: what other processes take of the machine is printed beside an idle thread's share of the same.
  const longest = Math.max(...held.map(({ engine }) => engine.busiest))
  return {
    product: held.map(({ s7 }) => s7),
    floor: quiet.map(({ s7 }) => s7),
    checks: [
      { what: 'S8 p95', met: heldS8.p95 <= TIMES * quietS8.p95 },
      { what: 'stall', met: longest <= STALL_MS },
    ],
    notes: [
      `S8 (WebSocket) meanwhile ${pair(heldS8)}, quiet ${pair(quietS8)} ms (p50 / p95)`,
      `stalls of the streaming thread, longest a round, in ms (p50 / p95 / most): ${stallLine(held, 'engine')}`,
      `  the same in quiet rounds: ${stallLine(quiet, 'engine')}`,
      `  of an idle thread of another process meanwhile, which is what the machine takes: ${stallLine(held, 'idle')}`,
      ...notes,
    ],
  }
}

function pair({ p50, p95 }: Summary): string {
  return `${p50.toFixed(2)} / ${p95.toFixed(2)}`
}

function stallLine(rounds: readonly Watched[], whose: 'engine' | 'idle'): string {
  const line = (which: keyof Stalls): string => {
    const { p50, p95, most } = summarise(rounds.map((round) => round[whose][which]))
    return [p50, p95, most].map((value) => value.toFixed(1)).join(' / ')
  }
  return `${line('longest')}; of it busy itself ${line('busiest')}`
}

function rowOf(id: string, what: string, run: Row['run']): Row {
  return {
    id: `S11/${id}`,
    what: `S7 during ${what}`,
    unit: 'ms',
    floor: 'the same engine while nothing else happens',
    target: { p50: null, p95: null, ratio: { p50: null, p95: TIMES } },
    repeats: 20,
    sampleLimitMs: 8000,
    run,
  }
}

function during(id: string, what: string, prepare: PrepareDisturbance): Row {
  return rowOf(id, what, async (bench) => {
    const root = await makeFolder(bench)
    writeTalkingFiles(root)
    const disturbance = await prepare(bench, root)
    const scene = await openScene(bench, root)
    const { stage } = scene
    await stage.engine.ask('start', null)
    await stage.watching(TALKING_FILES + disturbance.files)
    const bare = await startBare(bench, stage.server)
    const held: Watched[] = []
    const quiet: Watched[] = []
    while (held.length < WARM_UPS + bench.repeats) {
      bench.signal.throwIfAborted()
      const size = held.length === 0 ? WARM_UPS : BLOCK
      for (let round = 0; round < size; round += 1) {
        held.push(await watched(scene, bare, () => disturbance.begin(stage)))
      }
      await disturbance.end()
      for (let round = 0; round < size; round += 1) quiet.push(await watched(scene, bare, nothing))
    }
    return figures({ held, quiet }, bench.repeats, [])
  })
}

const SCANNED = 50_000

/** There is one first scan in an engine's life: each round has an engine of its own, quiet until it begins to watch. */
const scan = rowOf('scan', 'first scan of 50,000 files', async (bench) => {
  const root = await makeFolder(bench)
  writeTalkingFiles(root)
  writeMany(root, 'many', SCANNED, 'scanned')
  const held: Watched[] = []
  const quiet: Watched[] = []
  let inScan = 0
  await inTurn(
    bench,
    async () => {
      const scene = await openScene(bench, root)
      const { stage } = scene
      const bare = await startBare(bench, stage.server)
      quiet.push(await watched(scene, bare, nothing))
      await stage.engine.ask('start', null)
      const round = await watched(scene, bare, nothing)
      const { project } = await stage.engine.ask('status', null)
      if (project.watch.state === 'scanning' || project.watch.baselines < SCANNED) inScan += 1
      await Promise.all([scene.window.page.context().close(), stage.close(), bare.process.close()])
      await stage.server.close()
      held.push(round)
      return round.s7
    },
    () => Promise.resolve(quiet.at(-1)?.s7 ?? Number.NaN),
  )
  return figures({ held, quiet }, bench.repeats, [
    `rounds in which the scan, or the reading of baselines, was still under way at the end: ${inScan} of ${held.length}`,
  ])
})

export const s11: readonly Row[] = [
  scan,
  during('checkout', 'a checkout of 20,000 files', checkout),
  during('diff', 'diffs in a 100,000-line file', longFile),
  during('line', 'diffs in a 1 MB one-line file', longLine),
  during('store', 'checkpoints of the store on a slow disk', slowStore),
]
