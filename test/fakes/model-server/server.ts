// A model server for tests: speaks OpenAI's HTTP interface on loopback, answers by script, and notes what arrives and when.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { answer, answerByHand, brokenByUs, errorBody, json, type Defaults } from './answer.ts'
import { field, readBody, textOf } from './requests.ts'
import { fits, Held, type HeldReply, type Rule, type SeenRequest } from './script.ts'

export interface ModelServerOptions extends Defaults {
  /** Default: a free one. */
  readonly port?: number
  /** The key that requests must carry; default: none is wanted. */
  readonly key?: string
  /** The models on offer; others are answered 404. Default: every model is, and the list names two. */
  readonly models?: readonly string[]
  /** Parameters that are answered 400, by their names on the wire (`prompt_cache_key`, `reasoning`, `text.verbosity`). */
  readonly refusedParameters?: readonly string[]
  /** The reasoning efforts that the models take; others are answered 400. Default: all. */
  readonly efforts?: readonly string[]
  readonly script?: readonly Rule[]
}

export interface ModelServer {
  /** Base address: "http://127.0.0.1:PORT/v1". */
  readonly url: string
  /** Requests for replies, in order of arrival; without those for the list of models. */
  readonly requests: readonly SeenRequest[]
  /** How often the list of models was asked for. */
  readonly listed: number
  /** These rules come before those there are. */
  script(...rules: readonly Rule[]): void
  /** The next request (that fits `when`) is answered by hand. */
  hold(when?: Rule['when']): HeldReply
  /** Resolves when so many requests have arrived, with the last of them. */
  arrived(count: number): Promise<SeenRequest>
  close(): Promise<void>
}

const DEFAULT_MODELS = ['gpt-5.3-codex-spark', 'gpt-6.1-sol'] as const

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: SeenRequest[] = []
  const rules: { readonly rule: Rule; left: number }[] = []
  const held: Held[] = []
  const waiting: { readonly count: number; resolve(request: SeenRequest): void }[] = []
  const served = new WeakMap<Socket, number>()
  let listed = 0

  const script = (...added: readonly Rule[]): void => {
    rules.unshift(...added.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY })))
  }
  script(...(options.script ?? []))

  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (incoming, response) => {
    void handle(incoming, response)
  })

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const headersAt = performance.now()
    served.set(incoming.socket, (served.get(incoming.socket) ?? 0) + 1)
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname
    const body = await readBody(incoming)
    if (body === undefined) return
    if (incoming.method === 'GET' && path === '/log') return json(response, 200, logOf(requests))
    if (incoming.method === 'GET' && path === '/v1/models') {
      listed += 1
      if (!authorised(incoming, options.key)) return refuseKey(response)
      const names = options.models ?? DEFAULT_MODELS
      const data = names.map((id) => ({ id, object: 'model', created: 1_780_000_000, owned_by: 'test' }))
      return json(response, 200, { object: 'list', data })
    }
    if (incoming.method !== 'POST' || (path !== '/v1/chat/completions' && path !== '/v1/responses')) {
      return json(response, 404, errorBody(`Unknown request URL: ${incoming.method} ${path}.`, 'unknown_url', null))
    }
    const request = note(incoming, response, path, body, headersAt)
    if (!authorised(incoming, options.key)) return refuseKey(response)
    if (refuseRequest(request, response, options)) return
    const hand = held.find((reply) => fits(reply.when, request))
    if (hand !== undefined) {
      held.splice(held.indexOf(hand), 1)
      return answerByHand(hand, request, response)
    }
    const found = rules.find(({ rule, left }) => left > 0 && fits(rule.when, request))
    if (found !== undefined) found.left -= 1
    return answer(found?.rule ?? {}, request, response, options)
  }

  function note(
    incoming: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: unknown,
    headersAt: number,
  ): SeenRequest {
    let end: (how: 'completed' | 'client-closed' | 'server-closed') => void = () => {}
    const model = field(body, 'model')
    const request: SeenRequest = {
      id: requests.length + 1,
      path,
      clientPort: incoming.socket.remotePort ?? 0,
      connectionRequests: served.get(incoming.socket) ?? 1,
      headers: incoming.headers,
      body,
      model: typeof model === 'string' ? model : '',
      text: textOf(body),
      headersAt,
      at: performance.now(),
      firstByteAt: null,
      firstTokenAt: null,
      lastTokenAt: null,
      tokens: 0,
      clientClosedAt: null,
      completedAt: null,
      over: new Promise((resolve) => {
        end = resolve
      }),
    }
    response.once('close', () => {
      const now = performance.now()
      if (response.writableFinished) request.completedAt = now
      else if (!brokenByUs.has(response)) request.clientClosedAt = now
      end(response.writableFinished ? 'completed' : brokenByUs.has(response) ? 'server-closed' : 'client-closed')
    })
    requests.push(request)
    for (const waiter of waiting.filter(({ count }) => count === requests.length)) waiter.resolve(request)
    return request
  }

  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get listed() {
      return listed
    },
    script,
    hold(when) {
      const reply = new Held(when)
      held.push(reply)
      return reply
    },
    arrived(count) {
      const there = requests[count - 1]
      if (there !== undefined) return Promise.resolve(there)
      return new Promise((resolve) => {
        waiting.push({ count, resolve })
      })
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function authorised(incoming: IncomingMessage, key: string | undefined): boolean {
  if (key === undefined) return true
  return incoming.headers.authorization === `Bearer ${key}` || incoming.headers['api-key'] === key
}

function refuseKey(response: ServerResponse): void {
  const message =
    'Incorrect API key provided: sk-te*****1234. You can find your API key at https://platform.openai.com.'
  json(response, 401, errorBody(message, 'invalid_api_key', null))
}

/** Answers 404 or 400 as OpenAI does for a model or parameter that is not to be had; false when all is well. */
function refuseRequest(request: SeenRequest, response: ServerResponse, options: ModelServerOptions): boolean {
  if (options.models !== undefined && !options.models.includes(request.model)) {
    const message = `The model \`${request.model}\` does not exist or you do not have access to it.`
    json(response, 404, errorBody(message, 'model_not_found', null))
    return true
  }
  const parameter = options.refusedParameters?.find((name) => {
    let at: unknown = request.body
    for (const step of name.split('.')) at = field(at, step)
    return at !== undefined
  })
  if (parameter !== undefined) {
    const message = `Unsupported parameter: '${parameter}' is not supported with this model.`
    json(response, 400, errorBody(message, 'unsupported_parameter', parameter))
    return true
  }
  const nested = field(field(request.body, 'reasoning'), 'effort')
  const effort = nested ?? field(request.body, 'reasoning_effort')
  if (options.efforts !== undefined && typeof effort === 'string' && !options.efforts.includes(effort)) {
    const listed = options.efforts.map((name) => `'${name}'`).join(', ')
    const message = `Unsupported value: '${effort}' is not supported with the '${request.model}' model. Supported values are: ${listed}.`
    json(
      response,
      400,
      errorBody(message, 'unsupported_value', nested === undefined ? 'reasoning_effort' : 'reasoning.effort'),
    )
    return true
  }
  return false
}

/** Epoch ms instead of this process's clock, so that another process can compare. */
function logOf(requests: readonly SeenRequest[]): unknown {
  const epoch = (time: number | null): number | null => (time === null ? null : performance.timeOrigin + time)
  return requests.map((request) => ({
    id: request.id,
    path: request.path,
    model: request.model,
    body: request.body,
    tokens: request.tokens,
    headersAt: epoch(request.headersAt),
    at: epoch(request.at),
    firstByteAt: epoch(request.firstByteAt),
    firstTokenAt: epoch(request.firstTokenAt),
    lastTokenAt: epoch(request.lastTokenAt),
    clientClosedAt: epoch(request.clientClosedAt),
    completedAt: epoch(request.completedAt),
  }))
}
