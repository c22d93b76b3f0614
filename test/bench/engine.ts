// The bench's end of the engine's process: streams that are asked for in words, stopped and reshaped through the handlers.
import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ASKED } from './asked.ts'
import { measureSkew, onThisClock, until } from './clock.ts'
import type { EngineQuestions } from './engine-process.ts'
import { startHelper, type Helper } from './helper.ts'
import { startBenchServer, type Arrival, type BenchServer } from './model-server.ts'
import type { Bench } from './row.ts'

export type Transport = Arrival['transport']

const READY_MS = 60_000
/** Files may be as large as the conditions of the bench want them. */
const SETTINGS = JSON.stringify({ maxFileBytes: 32 * 1024 * 1024 })
const LOOK_MS = 5

export interface EngineStage {
  readonly root: string
  readonly data: string
  readonly server: BenchServer
  readonly engine: Helper<EngineQuestions>
  /** The address of its window. */
  readonly url: string
  /** Until so many files have their baseline, and requests go by the transport that is wanted. */
  watching(files: number): Promise<void>
  /** Asks in words; resolves when the request is at the server. It is an error when it came by another transport. */
  ask(): Promise<{ readonly suggestion: string; readonly arrival: Arrival }>
  /** Asks, and resolves when the stream has been running for `ms`. */
  stream(ms: number): Promise<{ readonly suggestion: string; readonly arrival: Arrival }>
  /** Interrupts; resolves with the ms until the server saw the close. */
  interrupt(running: { readonly suggestion: string; readonly arrival: Arrival }): Promise<number>
  /** Nudges; resolves with the ms until the continued request was at the server, which is answered as the next one. */
  nudge(suggestion: string): Promise<{ readonly took: number; readonly arrival: Arrival }>
  dismiss(suggestion: string): Promise<void>
  close(): Promise<void>
}

/** `root` null: a folder of its own. The engine is open and warm, but watches nothing before `engine.ask('start')`. */
export async function openEngineStage(
  bench: Bench,
  transport: Transport,
  root: string,
  place: string,
): Promise<EngineStage> {
  const server = await startBenchServer(bench)
  const data = join(await makeFolder(bench), 'data')
  await mkdir(data, { mode: 0o700 })
  await writeFile(join(data, 'settings.json'), SETTINGS)
  const entry = new URL('./engine-process.ts', import.meta.url)
  const engine = bench.own(startHelper<EngineQuestions, never>(entry, [], () => {}))
  const provider = transport === 'websocket' ? 'openai' : 'compatible'
  const url = await engine.ask('open', { root, data, provider, baseUrl: server.url })
  const skew = await measureSkew(() => engine.ask('now', null))

  async function ask(): Promise<{ readonly suggestion: string; readonly arrival: Arrival }> {
    const arrived = server.next('asked')
    const suggestion = await engine.ask('ask', { text: ASKED, place })
    return { suggestion, arrival: mustGoBy(transport, await arrived) }
  }

  return {
    root,
    data,
    server,
    engine,
    url,
    async watching(files) {
      await until(READY_MS, 'reading all baselines', async () => {
        const { project } = await engine.ask('status', null)
        const { baselines, state } = project.watch
        return state === 'watching' && baselines >= files && project.provider.state === 'ready'
      })
    },
    ask,
    async stream(ms) {
      const running = await ask()
      await until(
        READY_MS,
        'the first token',
        async () => {
          const { firstTokenAt } = await server.times(running.arrival.id)
          return firstTokenAt !== null
        },
        LOOK_MS,
      )
      await delay(ms)
      return running
    },
    async interrupt({ suggestion, arrival }) {
      const [at, over] = await Promise.all([engine.ask('interrupt', suggestion), server.over(arrival.id)])
      if (over.how !== 'client-closed') throw new Error(`the exchange ended otherwise: ${over.how}`)
      return over.at - onThisClock(at, skew)
    },
    async nudge(suggestion) {
      const arrived = server.next('asked')
      const at = await engine.ask('nudge', { suggestion, text: 'shorter' })
      const arrival = mustGoBy(transport, await arrived)
      return { took: arrival.at - onThisClock(at, skew), arrival }
    },
    async dismiss(suggestion) {
      await engine.ask('dismiss', suggestion)
    },
    close: () => engine.close(),
  }
}

function mustGoBy(transport: Transport, arrival: Arrival): Arrival {
  if (arrival.transport === transport) return arrival
  throw new Error(`the request went by ${arrival.transport}`)
}

/** A folder of its own, gone when the row is over. Its real path. */
export async function makeFolder(bench: Bench): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-bench-')))
  bench.own({ close: () => rm(folder, { recursive: true, force: true }) })
  return folder
}
