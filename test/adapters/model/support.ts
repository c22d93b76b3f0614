// A Models port against a test model server: everything it needs, with short times and memories that the test can look into.
import { performance } from 'node:perf_hooks'
import { afterEach } from 'vitest'
import type { Clock, ModelEvent, ModelRequest, Models, Work } from '../../../main/core/ports.ts'
import { createModels, type ChosenModels, type ModelsOptions } from '../../../main/adapters/model/choose.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../../fakes/model-server/server.ts'

export const KEY = 'sk-test-0123456789abcdef'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

export const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  soon: (run) => void setImmediate(run),
}

/** An embedded engine that proposes one edit, whatever the change. */
export const work: Work = {
  run: (_name, _input, signal) =>
    signal.aborted
      ? Promise.reject(signal.reason)
      : Promise.resolve(JSON.parse('{"edits":[{"path":"a.ts","start":1,"end":2,"lines":["x"]}],"lesson":"`y` → `x`"}')),
}

export async function startServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = await startModelServer(options)
  cleanups.push(() => server.close())
  return server
}

export interface Setup {
  readonly models: ChosenModels
  readonly memory: Map<string, string>
  readonly granted: Set<string>
  readonly errors: string[]
}

type Overrides = Partial<Omit<ModelsOptions, 'settings' | 'memory'>> & {
  readonly settings?: Partial<ModelsOptions['settings']>
  readonly memory?: Map<string, string>
}

/** Hermetic: no key, no address, no local servers, unless the test gives them. */
export function setUp(overrides: Overrides = {}): Setup {
  const memory = overrides.memory ?? new Map<string, string>()
  const granted = new Set<string>()
  const errors: string[] = []
  const models = createModels({
    explicitProvider: false,
    environment: { SLIPSTREAM_LOCAL_SERVERS: '' },
    consents: { has: (endpoint) => granted.has(endpoint), grant: (endpoint) => void granted.add(endpoint) },
    work,
    clock,
    log: { info: () => {}, error: (message) => void errors.push(message) },
    ...overrides,
    memory: { get: (key) => memory.get(key), set: (key, value) => void memory.set(key, value) },
    settings: { provider: 'auto', baseUrl: '', model: '', deepModel: '', ...overrides.settings },
    timing: { idleMs: 5_000, backoffMs: 5, ...overrides.timing },
  })
  cleanups.push(() => models.close())
  return { models, memory, granted, errors }
}

export function requestOf(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  const prompt = {
    instructions: 'You are a pair programmer.',
    messages: [{ role: 'user' as const, text }],
    cacheKey: 'project-fast',
  }
  return { lane: 'fast', prompt, maxOutputTokens: 2_000, change: null, ...more }
}

export const CHANGE = { path: 'a.ts', before: 'a\n', after: 'b\n', history: [] }

export async function collect(
  models: Models,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of models.stream(request, signal)) events.push(event)
  return events
}

export function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('')
}

/** The failure that the events end with; its message is empty when they end otherwise. */
export function failureOf(events: readonly ModelEvent[]): { readonly code: string; readonly message: string } {
  const last = events.at(-1)
  return last?.type === 'failed' ? last.failure : { code: `none, but ${last?.type}`, message: '' }
}

export function typesOf(events: readonly ModelEvent[]): string[] {
  return events.map((event) => event.type).filter((type, index, all) => type !== 'text' || all[index - 1] !== 'text')
}
