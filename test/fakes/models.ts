// A model whose reply the test holds: each request waits until the test sends its events, so that a race is a plain sequence.
import type { ProviderView } from '../../preload/contract.ts'
import type { ModelEvent, ModelRequest, Models } from '../../main/core/ports.ts'
import { proposeWithLesson } from '../../main/core/echo/echo.ts'

export interface HeldReply {
  readonly request: ModelRequest
  readonly signal: AbortSignal
  send(...events: ModelEvent[]): void
  text(text: string): void
  /** `done`, and over. */
  finish(finish?: 'stop' | 'length'): void
}

export interface FakeModels extends Models {
  /** Requests to the fast and deep lane, oldest first; the local lane answers by itself. */
  readonly replies: HeldReply[]
  view: ProviderView
  /** What `steer` answers, and what it was given while it takes words. */
  steering: 'unsupported' | 'queued'
  readonly steers: (readonly [id: string, text: string])[]
  changed(): void
}

export const REMOTE: ProviderView = {
  kind: 'compatible',
  label: 'a test',
  endpoint: 'http://127.0.0.1:1/v1',
  model: 'fast-model',
  deepModel: 'deep-model',
  why: 'a test says so',
  state: 'ready',
  message: null,
  key: 'none',
}

export const LOCAL: ProviderView = { ...REMOTE, kind: 'local', endpoint: null, label: 'embedded engine', model: 'echo' }

export function createFakeModels(view: ProviderView = REMOTE): FakeModels {
  const listeners = new Set<() => void>()
  const fake: FakeModels = {
    replies: [],
    view,
    state: () => fake.view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    changed() {
      for (const listener of listeners) listener()
    },
    stream: (request, signal) => (request.lane === 'local' ? echo(request) : hold(fake.replies, request, signal)),
    steers: [],
    steering: 'unsupported',
    expect: () => undefined,
    async steer(id, text) {
      if (fake.steering === 'queued') fake.steers.push([id, text])
      return fake.steering
    },
    preview: () => null,
    warmUps: () => [],
    configure: () => undefined,
    consent: () => undefined,
    key: () => undefined,
  }
  return fake
}

async function* echo(request: ModelRequest): AsyncGenerator<ModelEvent> {
  const { edits, lesson } = request.change === null ? { edits: [], lesson: null } : proposeWithLesson(request.change)
  if (lesson !== null && edits.length > 0) yield { type: 'text', text: `${lesson}\n` }
  for (const edit of edits) yield { type: 'hunk', edit }
  yield { type: 'done', finish: 'stop', usage: null }
}

async function* hold(replies: HeldReply[], request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const queue: ModelEvent[] = []
  let wake: (() => void) | null = null
  const send = (...events: ModelEvent[]): void => {
    queue.push(...events)
    wake?.()
  }
  replies.push({
    request,
    signal,
    send,
    text: (text) => send({ type: 'text', text }),
    finish: (finish = 'stop') => send({ type: 'done', finish, usage: null }),
  })
  signal.addEventListener('abort', () => wake?.())
  while (!signal.aborted) {
    const event = queue.shift()
    if (event === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    yield event
    if (event.type === 'done' || event.type === 'failed') return
  }
}
