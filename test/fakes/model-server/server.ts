// A model server for tests: speaks OpenAI's HTTP interface on loopback, answers by script, and notes what arrives and when.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { answer, answerByHand, errorBody, json, Stream, type Defaults } from './answer.ts'
import { httpChannel, type Outcome, type Plain } from './channel.ts'
import { field, parsed, readBody, textOf } from './requests.ts'
import { fits, Held, type HeldReply, type Rule, type SeenRequest } from './script.ts'
import { HeldSteering, type HeldSteer, type SeenSteer } from './steering.ts'
import { createWebSocketSide, type Arrival, type Noted, type WebSocketOptions } from './websocket.ts'

/** What becomes of a WebSocket's upgrade: a status refuses it, `hang` never answers, `reset` breaks the connection. */
export type Upgrade = 'accept' | 'hang' | 'reset' | number

export interface ModelServerOptions extends Defaults, WebSocketOptions {
  /** Default: accept. Can be changed while the server runs. */
  readonly upgrade?: Upgrade
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
  /** Requests of a WebSocket that are to prepare a response, and generate nothing. */
  readonly warmUps: readonly SeenRequest[]
  /** Words said into running responses. */
  readonly steers: readonly SeenSteer[]
  /** Every body and every message of a WebSocket, as it came, in order of arrival. */
  readonly received: readonly string[]
  /** How often the list of models was asked for. */
  readonly listed: number
  /** How often a WebSocket was asked for, and how many are open. */
  readonly upgrades: number
  readonly sockets: number
  upgrade: Upgrade
  /** These rules come before those there are. */
  script(...rules: readonly Rule[]): void
  /** The next request (that fits `when`) is answered by hand. */
  hold(when?: Rule['when']): HeldReply
  /** The next steer is answered by hand. */
  holdSteer(): HeldSteer
  /** No response can be gone on from any more: `previous_response_not_found`. */
  forget(): void
  /** Ends all WebSockets as the API does after 60 minutes. */
  expire(): void
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
  const warmUps: SeenRequest[] = []
  /** Sockets that asked for an upgrade: the HTTP server does not close them. */
  const raw = new Set<Duplex>()
  let listed = 0
  let upgrades = 0
  let upgrade = options.upgrade ?? 'accept'

  const script = (...added: readonly Rule[]): void => {
    rules.unshift(...added.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY })))
  }
  script(...(options.script ?? []))

  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (incoming, response) => {
    void handle(incoming, response)
  })
  server.on('upgrade', acceptUpgrade)

  const steers: SeenSteer[] = []
  const heldSteers: HeldSteering[] = []
  const received: string[] = []
  const desk = {
    received,
    steers,
    heldSteers,
    note,
    refusal: (request: SeenRequest) => refusalOf(request, options),
    answer: reply,
  }
  const webSockets = createWebSocketSide(desk, options)

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const headersAt = performance.now()
    served.set(incoming.socket, (served.get(incoming.socket) ?? 0) + 1)
    const path = pathOf(incoming)
    const raw = await readBody(incoming)
    if (raw === undefined) return
    if (raw !== '') received.push(raw)
    const body = parsed(raw)
    const plain = httpChannel(response, () => {})
    if (incoming.method === 'GET' && path === '/log') return json(plain, 200, logOf(requests))
    if (incoming.method === 'GET' && path === '/v1/models') {
      listed += 1
      if (!authorised(incoming, options.key)) return json(plain, 401, WRONG_KEY)
      const names = options.models ?? DEFAULT_MODELS
      const data = names.map((id) => ({ id, object: 'model', created: 1_780_000_000, owned_by: 'test' }))
      return json(plain, 200, { object: 'list', data })
    }
    if (incoming.method !== 'POST' || (path !== '/v1/chat/completions' && path !== '/v1/responses')) {
      return json(plain, 404, errorBody(`Unknown request URL: ${incoming.method} ${path}.`, 'unknown_url', null))
    }
    const { request, over } = note({ incoming, body, text: textOf(body), headersAt, transport: 'http', warmUp: false })
    const channel = httpChannel(response, over)
    if (!authorised(incoming, options.key)) return json(channel, 401, WRONG_KEY)
    const refusal = refusalOf(request, options)
    if (refusal !== null) return channel.answer(refusal)
    reply(new Stream(request, channel))
  }

  function acceptUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    upgrades += 1
    raw.add(socket)
    socket.once('close', () => raw.delete(socket))
    socket.on('error', () => {})
    const wanted = pathOf(incoming) === '/v1/responses' ? upgrade : 404
    if (wanted === 'hang') return
    if (wanted === 'reset') return void socket.destroy()
    if (typeof wanted === 'number') return refuseUpgrade(socket, wanted)
    if (!authorised(incoming, options.key)) return refuseUpgrade(socket, 401)
    webSockets.accept(incoming, socket, head)
  }

  function reply(stream: Stream): void {
    const { request } = stream
    const hand = held.find(({ when }) => fits(when, request))
    if (hand !== undefined) {
      held.splice(held.indexOf(hand), 1)
      return answerByHand(hand, stream)
    }
    const found = rules.find(({ rule, left }) => left > 0 && fits(rule.when, request))
    if (found !== undefined) found.left -= 1
    void answer(found?.rule ?? {}, stream, options)
  }

  function note({ incoming, body, text, headersAt, transport, warmUp }: Arrival): Noted {
    const end = Promise.withResolvers<Outcome>()
    const model = field(body, 'model')
    const request: SeenRequest = {
      id: warmUp ? -warmUps.length - 1 : requests.length + 1,
      path: pathOf(incoming),
      transport,
      clientPort: incoming.socket.remotePort ?? 0,
      connectionRequests: served.get(incoming.socket) ?? 1,
      headers: incoming.headers,
      body,
      model: typeof model === 'string' ? model : '',
      text,
      headersAt,
      at: performance.now(),
      firstByteAt: null,
      firstTokenAt: null,
      lastTokenAt: null,
      tokens: 0,
      cached: 0,
      clientClosedAt: null,
      completedAt: null,
      over: end.promise,
    }
    if (warmUp) {
      warmUps.push(request)
    } else {
      requests.push(request)
      for (const waiter of waiting.filter(({ count }) => count === requests.length)) waiter.resolve(request)
    }
    return {
      request,
      over(how) {
        if (how === 'completed') request.completedAt = performance.now()
        if (how === 'client-closed') request.clientClosedAt = performance.now()
        end.resolve(how)
      },
    }
  }

  const port = await listen(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    warmUps,
    steers,
    received,
    get listed() {
      return listed
    },
    get upgrades() {
      return upgrades
    },
    get sockets() {
      return webSockets.open
    },
    get upgrade() {
      return upgrade
    },
    set upgrade(next) {
      upgrade = next
    },
    holdSteer() {
      const steer = new HeldSteering()
      desk.heldSteers.push(steer)
      return steer
    },
    forget: () => webSockets.forget(),
    expire: () => webSockets.expire(),
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
        for (const socket of raw) socket.destroy()
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

const WRONG_KEY = errorBody(
  'Incorrect API key provided: sk-te*****1234. You can find your API key at https://platform.openai.com.',
  'invalid_api_key',
  null,
)

function pathOf(incoming: IncomingMessage): string {
  return new URL(incoming.url ?? '/', 'http://localhost').pathname
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function refused(status: number, message: string, code: string, parameter: string | null): Plain {
  const body = JSON.stringify(errorBody(message, code, parameter))
  return { status, headers: { 'content-type': 'application/json' }, body }
}

/** 404 or 400, as OpenAI answers for a model or parameter that is not to be had; null when all is well. */
function refusalOf(request: SeenRequest, options: ModelServerOptions): Plain | null {
  if (options.models !== undefined && !options.models.includes(request.model)) {
    const message = `The model \`${request.model}\` does not exist or you do not have access to it.`
    return refused(404, message, 'model_not_found', null)
  }
  const parameter = options.refusedParameters?.find((name) => {
    let at: unknown = request.body
    for (const step of name.split('.')) at = field(at, step)
    return at !== undefined
  })
  if (parameter !== undefined) {
    const message = `Unsupported parameter: '${parameter}' is not supported with this model.`
    return refused(400, message, 'unsupported_parameter', parameter)
  }
  const nested = field(field(request.body, 'reasoning'), 'effort')
  const effort = nested ?? field(request.body, 'reasoning_effort')
  if (options.efforts !== undefined && typeof effort === 'string' && !options.efforts.includes(effort)) {
    const listed = options.efforts.map((name) => `'${name}'`).join(', ')
    const message = `Unsupported value: '${effort}' is not supported with the '${request.model}' model. Supported values are: ${listed}.`
    return refused(400, message, 'unsupported_value', nested === undefined ? 'reasoning_effort' : 'reasoning.effort')
  }
  return null
}

/** Epoch ms instead of this process's clock, so that another process can compare. */
function logOf(requests: readonly SeenRequest[]): unknown {
  const epoch = (time: number | null): number | null => (time === null ? null : performance.timeOrigin + time)
  return requests.map((request) => ({
    id: request.id,
    path: request.path,
    transport: request.transport,
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
