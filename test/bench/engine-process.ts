// The engine in a process of its own, driven through its handlers as every host drives it, with its window served beside it.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSettings } from '../../main/adapters/settings.ts'
import { createEngine, type Engine } from '../../main/host/engine.ts'
import { keepHeapSmall } from '../../main/host/heap.ts'
import { createToken, startServer } from '../../main/host/server.ts'
import type { CallName, Calls, StatusView } from '../../preload/contract.ts'
import { epoch } from './clock.ts'
import { serveHelper } from './helper.ts'
import { watchStalls, type Stalls, type StallWatch } from './stalls.ts'

export interface EngineOpening {
  readonly root: string
  readonly data: string
  readonly provider: 'openai' | 'compatible'
  readonly baseUrl: string
}

export interface EngineQuestions {
  /** Makes the engine, warms its connections and serves its window; nothing is watched yet. Answers the window's address. */
  readonly open: { readonly input: EngineOpening; readonly output: string }
  /** Begins to watch. Answers when what was kept is loaded. */
  readonly start: { readonly input: null; readonly output: null }
  readonly now: { readonly input: null; readonly output: number }
  readonly pid: { readonly input: null; readonly output: number }
  readonly status: { readonly input: null; readonly output: StatusView }
  /** Answers the new suggestion's id. */
  readonly ask: { readonly input: Calls['ask']['arguments']; readonly output: string }
  readonly deeper: { readonly input: string; readonly output: string }
  /** Both answer the epoch ms at which the handler was called. */
  readonly interrupt: { readonly input: string; readonly output: number }
  readonly nudge: { readonly input: { readonly suggestion: string; readonly text: string }; readonly output: number }
  readonly dismiss: { readonly input: string; readonly output: null }
  /** Of the whole process, in MB: what is resident. */
  readonly memory: { readonly input: null; readonly output: number }
  /** Time that all threads of the process have worked since it began, in ms. */
  readonly worked: { readonly input: null; readonly output: number }
  /** Forgets the stalls so far; they are watched from the first time on. */
  readonly watchStalls: { readonly input: null; readonly output: null }
  /** Those of the thread on which this runs. */
  readonly stalls: { readonly input: null; readonly output: Stalls }
}

const ASSETS = fileURLToPath(new URL('../../out/renderer/', import.meta.url))
const NEVER = new AbortController().signal
let engine: Engine | null = null
keepHeapSmall()
/** A timer each millisecond, which an engine that is to idle must not have. */
let stalls: StallWatch | null = null

function running(): Engine {
  if (engine === null) throw new Error('the engine is not open')
  return engine
}

async function call<Name extends CallName>(
  name: Name,
  values: Calls[Name]['arguments'],
): Promise<Calls[Name]['value']> {
  const answer = await running().handlers.calls[name](values, NEVER)
  if (!answer.ok) throw new Error(`${name}: ${answer.failure.message}`)
  return answer.value
}

serveHelper<EngineQuestions, never>({
  async open({ root, data, provider, baseUrl }) {
    await mkdir(data, { recursive: true })
    const made = await createEngine({
      root,
      data,
      settings: createSettings(join(data, 'settings.json')),
      options: { provider, baseUrl, model: null, deepModel: null },
      environment: { SLIPSTREAM_LOCAL_SERVERS: '' },
    })
    if (!made.ok) throw new Error(made.failure.message)
    const { handlers, onBug, warm } = made.value
    engine = made.value
    const server = await startServer({ port: 0, token: createToken(), assets: ASSETS, handlers: () => handlers, onBug })
    if (!server.ok) throw new Error(server.failure.message)
    await Promise.all([server.value.warm(), warm()])
    return server.value.url
  },
  async start() {
    await running().start()
    return null
  },
  now: () => epoch(),
  pid: () => process.pid,
  status: () => call('status', {}),
  ask: async (values) => (await call('ask', values)).suggestion,
  deeper: async (suggestion) => (await call('deeper', { suggestion })).suggestion,
  async interrupt(suggestion) {
    const at = epoch()
    const { stopped } = await call('interrupt', { suggestion })
    if (stopped.length === 0) throw new Error('nothing was interrupted')
    return at
  },
  async nudge(values) {
    const at = epoch()
    await call('nudge', values)
    return at
  },
  async dismiss(suggestion) {
    await call('dismiss', { suggestion })
    return null
  },
  memory: () => process.memoryUsage.rss() / 1_000_000,
  worked() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  watchStalls() {
    stalls ??= watchStalls()
    stalls.reset()
    return null
  },
  stalls() {
    if (stalls === null) throw new Error('stalls are not watched')
    return stalls.read()
  },
})
