// What the tests of WebSockets share: a Models port whose three sockets are open, and a request that can be interrupted.
import { expect, vi } from 'vitest'
import type { ModelEvent, ModelRequest, Prompt } from '../../../main/core/ports.ts'
import type { ModelServer, ModelServerOptions } from '../../fakes/model-server/server.ts'
import { setUp, startServer, type Setup } from './support.ts'

export const MODEL = 'gpt-5.3-codex-spark'

export function use(server: ModelServer, more: Parameters<typeof setUp>[0] = {}): Setup {
  return setUp({ settings: { provider: 'openai', baseUrl: server.url, model: MODEL }, ...more })
}

/** All three sockets are open. */
export async function warm(server: ModelServer, setup: Setup, prefix?: Prompt): Promise<void> {
  await setup.models.warm(prefix)
  await vi.waitFor(() => expect(server.sockets).toBe(3))
}

export async function started(
  options: ModelServerOptions = {},
  more: Parameters<typeof setUp>[0] = {},
): Promise<Setup & { readonly server: ModelServer }> {
  const server = await startServer(options)
  const setup = use(server, more)
  await warm(server, setup)
  return { ...setup, server }
}

export interface Run {
  readonly events: ModelEvent[]
  readonly over: Promise<ModelEvent[]>
  stop(): void
}

export function run(setup: Setup, request: ModelRequest): Run {
  const abort = new AbortController()
  const events: ModelEvent[] = []
  const over = (async () => {
    for await (const event of setup.models.stream(request, abort.signal)) events.push(event)
    return events
  })()
  return { events, over, stop: () => abort.abort() }
}

/** How each request came, in their order. */
export function transports(server: ModelServer): string[] {
  return server.requests.map(({ transport }) => transport)
}
