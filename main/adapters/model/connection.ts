// Everything one endpoint is asked with.
import type { OpenAI } from 'openai'
import type { Clock, Log, ModelRequest } from '../../core/ports.ts'
import type { Catalogue } from './catalogue.ts'
import type { Clients } from './clients.ts'
import { keyHeaders } from './discovery.ts'
import type { Endpoint } from './endpoint.ts'
import type { Party, Trouble } from './failure.ts'
import { EFFORTS, type Learnt } from './learnt.ts'
import type { Attempt, Protocol } from './protocol.ts'
import { loadSdk } from './sdk.ts'
import type { Sockets } from './sockets.ts'
import type { Transport } from './transport.ts'

export interface Timing {
  /** The longest silence of a running request. */
  readonly idleMs: number
  /** Wait before the first retry; the second waits twice as long. */
  readonly backoffMs: number
  /** A server that asks for a longer wait than this is not waited for. */
  readonly longestWaitMs: number
}

/** Where requests go, and by which key. */
export interface Address {
  readonly endpoint: Endpoint
  readonly key: string | null
}

export interface Connection extends Address {
  readonly protocol: Protocol
  readonly catalogue: Catalogue
  readonly learnt: Learnt
  readonly transport: Transport
  /** For requests by HTTP. */
  readonly clients: Clients
  /** null where requests only go by HTTP. */
  readonly sockets: Sockets | null
  readonly clock: Clock
  readonly log: Log
  readonly timing: Timing
  /** How the endpoint fares: null when it answered, the failure when a request failed for good. */
  report(trouble: Trouble | null): void
}

/** What lessons about a model at an endpoint are remembered under. */
export function subjectOf(endpoint: Endpoint, model: string): string {
  return `${endpoint.url} ${model}`
}

/** A request as this model of this endpoint takes it, by all that was learnt so far. */
export function attemptOf(endpoint: Endpoint, learnt: Learnt, request: ModelRequest, model: string): Attempt {
  const subject = subjectOf(endpoint, model)
  const refused = learnt.refused('efforts', subject)
  const effort = request.lane === 'deep' ? null : (EFFORTS.find((name) => !refused.has(name)) ?? null)
  return { request, model, endpoint, effort, dropped: learnt.refused('parameters', subject) }
}

export function partyOf({ endpoint, key }: Address, protocol: Protocol, model: string): Party {
  return { endpoint, key, model, api: protocol.api }
}

/** The SDK's client. `fetch` carries its requests; without one it is only good for WebSockets. */
export async function createClient(
  { endpoint, key }: Address,
  fetch: ReturnType<Transport['fetch']> | null,
): Promise<OpenAI> {
  const { OpenAI: Client } = await loadSdk()
  const openai = endpoint.operator === 'openai'
  const headers = keyHeaders(endpoint, key)
  return new Client({
    // The SDK wants some key; what is sent is what the headers below say.
    apiKey: key ?? 'none',
    adminAPIKey: null,
    // These come from the environment and are about the account at OpenAI: nobody else gets them.
    ...(openai ? {} : { organization: null, project: null }),
    baseURL: endpoint.url,
    defaultQuery: endpoint.query,
    defaultHeaders: 'authorization' in headers ? {} : { authorization: null, ...headers },
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    // It would print pieces of replies.
    logLevel: 'off',
    ...(fetch === null ? {} : { fetch }),
  })
}
