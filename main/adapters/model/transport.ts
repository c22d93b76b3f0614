// HTTP for model servers as a `fetch`: connections are kept and reused, each exchange is recorded, an abort closes at once.
//
// Not the global fetch, because that one drops an idle connection after 4 s (a save then pays for TCP and TLS anew), cannot
// say when the request was handed to the connection, and follows redirects with the request's body.
import http from 'node:http'
import https from 'node:https'
import type { Clock } from '../../core/ports.ts'
import { isLoopback } from './endpoint.ts'
import { keepSpares, type Spares } from './spare.ts'

/** What is known of one request and its answer; filled in as it happens. */
export interface Exchange {
  /** Called when the request's last byte was handed to the connection. */
  readonly onSent: () => void
  status: number | null
  /** Lower-case names. */
  headers: http.IncomingHttpHeaders
  /** The answer's body when its status is not 2xx, at most 64 KiB of it. */
  errorBody: string | null
  /** What broke the connection, as Node reports it. */
  broken: Error | null
  /** True when a connection that stood idle was used: a reset may then only mean that the server had let it go. */
  reused: boolean
  /** Monotonic ms of the last sign of life: the start, then each chunk. */
  touched: number
}

/** Gets a body as it arrives, at full speed. After `end` or `broken` nothing comes any more. */
export interface BodyListener {
  chunk(bytes: Uint8Array): void
  end(): void
  /** The body ended before its time; `exchange.broken` says why. */
  broken(): void
}

export interface Transport {
  exchange(onSent: () => void): Exchange
  /**
   * A `fetch` for one exchange. Rejects when the connection fails or the request's signal aborts. With `body`, that gets the
   * body of a good answer, and the Response has none.
   */
  fetch(
    exchange: Exchange,
    body?: BodyListener,
  ): (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** A request to this address may follow within moments: a connection is opened for it, where none stands idle. */
  expect(url: URL): void
  /** Lets go of all connections that carry nothing: they may be cut off without a word. Requests that run are left alone. */
  renew(): void
  /** For a WebSocket to this address: never takes one of the connections that are kept for requests. */
  socketAgent(url: URL): http.Agent
  close(): void
}

const ERROR_BODY_LIMIT = 65_536
/** Chunks that may wait for the reader before the connection is paused. */
const CHUNKS_AHEAD = 512
/** How long the rest of an answer that nobody reads may take before its connection is given up, in ms. */
const DRAIN_MS = 1_000

export function createTransport(clock: Clock): Transport {
  const keep = { keepAlive: true, scheduling: 'lifo' } as const
  // Proxies of the environment are for the world outside; what stays on this machine never goes through one.
  const loopback = new http.Agent(keep)
  const plain = new http.Agent({ ...keep, proxyEnv: process.env })
  const secure = new https.Agent({ ...keep, proxyEnv: process.env })
  const secureLoopback = new https.Agent(keep)
  const agents = [loopback, plain, secure, secureLoopback]
  const spares = new Map<http.Agent, Spares>()
  for (const agent of [loopback, secureLoopback, ...(behindProxy(process.env) ? [] : [plain, secure])])
    spares.set(agent, keepSpares(agent))

  const agentOf = (url: URL): http.Agent => {
    const local = isLoopback(url.hostname)
    if (url.protocol === 'https:') return local ? secureLoopback : secure
    return local ? loopback : plain
  }
  const localSockets = { plain: new http.Agent(), secure: new https.Agent() }
  const sockets = {
    plain: new http.Agent({ proxyEnv: process.env }),
    secure: new https.Agent({ proxyEnv: process.env }),
  }

  return {
    exchange(onSent) {
      return {
        onSent,
        status: null,
        headers: {},
        errorBody: null,
        broken: null,
        reused: false,
        touched: clock.now(),
      }
    },
    fetch(exchange, body) {
      return (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input)
        const agent = agentOf(url)
        return send(url, init ?? {}, { exchange, body: body ?? null, agent, spares: spares.get(agent) ?? null, clock })
      }
    },
    expect(url) {
      spares.get(agentOf(url))?.expect(url)
    },
    renew() {
      for (const kept of spares.values()) kept.discardAll()
      for (const { freeSockets } of agents)
        for (const socket of Object.values(freeSockets).flatMap((list) => list ?? [])) socket.destroy()
    },
    socketAgent(url) {
      const { plain: open, secure: closed } = isLoopback(url.hostname) ? localSockets : sockets
      return url.protocol === 'https:' ? closed : open
    },
    close() {
      for (const kept of spares.values()) kept.close()
      for (const agent of agents) agent.destroy()
    },
  }
}

/** Whether the agents with `proxyEnv` may go through a proxy. */
function behindProxy(environment: NodeJS.ProcessEnv): boolean {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = environment
  return [http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY].some((value) => value !== undefined && value !== '')
}

interface Sending {
  readonly exchange: Exchange
  readonly body: BodyListener | null
  readonly agent: http.Agent
  readonly spares: Spares | null
  readonly clock: Clock
}

function send(
  url: URL,
  init: RequestInit,
  { exchange, body: listener, agent, spares, clock }: Sending,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const signal = init.signal ?? null
    const headers = new Headers(init.headers)
    const body = typeof init.body === 'string' ? init.body : null
    if (body !== null) headers.set('content-length', String(Buffer.byteLength(body)))
    const options = { agent, method: init.method ?? 'GET', headers: Object.fromEntries(headers) }
    const request = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options)

    const abort = (): void => {
      request.destroy(new DOMException('The request was aborted.', 'AbortError'))
    }
    const release = (): void => signal?.removeEventListener('abort', abort)
    request.once('socket', (socket) => {
      exchange.reused = request.reusedSocket || spares?.was(socket) === true
      request.once('finish', () => {
        exchange.onSent()
        spares?.prepare(socket)
      })
    })
    request.once('close', release)
    request.on('error', (error) => {
      exchange.broken ??= error
      if (request.socket !== null && signal?.aborted !== true) spares?.discard(request.socket)
      reject(error)
    })
    request.once('response', (incoming) => {
      exchange.status = incoming.statusCode ?? 0
      exchange.headers = incoming.headers
      exchange.touched = clock.now()
      const ok = exchange.status >= 200 && exchange.status < 300
      if (ok && listener !== null) deliver(incoming, exchange, listener, clock)
      const body = ok && listener === null ? streamOf(incoming, exchange, clock) : null
      if (ok) resolve(new Response(body, responseInit(exchange.status, incoming)))
      else void readError(incoming, exchange, clock).then(resolve)
    })
    if (signal?.aborted) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    request.end(body ?? undefined)
  })
}

function responseInit(status: number, incoming: http.IncomingMessage): ResponseInit {
  const type = incoming.headers['content-type']
  return { status, headers: type === undefined ? {} : { 'content-type': type } }
}

function deliver(incoming: http.IncomingMessage, exchange: Exchange, listener: BodyListener, clock: Clock): void {
  incoming.on('data', (chunk: Buffer) => {
    exchange.touched = clock.now()
    listener.chunk(chunk)
  })
  incoming.once('end', () => listener.end())
  incoming.once('error', (error) => {
    exchange.broken ??= error
    listener.broken()
  })
}

/** The body as a web stream. A body that ends before its time is an error of the stream, after all that had come. */
function streamOf(incoming: http.IncomingMessage, exchange: Exchange, clock: Clock): ReadableStream<Uint8Array> {
  let over = false
  let broken: Error | null = null
  const pass = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    // An error throws away what is queued, so it waits until the reader has had everything.
    if (broken === null || over || (controller.desiredSize ?? 0) < CHUNKS_AHEAD) return
    over = true
    controller.error(broken)
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        incoming.on('data', (chunk: Buffer) => {
          exchange.touched = clock.now()
          if (over) return
          controller.enqueue(chunk)
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
        })
        incoming.once('end', () => {
          if (over) return
          over = true
          controller.close()
        })
        incoming.once('error', (error) => {
          exchange.broken ??= error
          broken = error
          pass(controller)
        })
      },
      pull(controller) {
        pass(controller)
        if (incoming.isPaused()) incoming.resume()
      },
      cancel() {
        // Reading to the end gives the connection back for the next request; destroying it would cost a new handshake.
        over = true
        const stop = clock.after(DRAIN_MS, () => incoming.destroy())
        incoming.once('close', stop)
        incoming.resume()
      },
    },
    { highWaterMark: CHUNKS_AHEAD },
  )
}

async function readError(incoming: http.IncomingMessage, exchange: Exchange, clock: Clock): Promise<Response> {
  const chunks: Buffer[] = []
  let size = 0
  const stop = clock.after(DRAIN_MS, () => incoming.destroy())
  try {
    for await (const chunk of incoming) {
      if (!Buffer.isBuffer(chunk)) continue
      chunks.push(chunk)
      size += chunk.length
      if (size > ERROR_BODY_LIMIT) break
    }
  } catch {
    // A body that breaks off still leaves the status, which says more than the break.
  }
  stop()
  exchange.errorBody = Buffer.concat(chunks).toString('utf8', 0, ERROR_BODY_LIMIT)
  const status = exchange.status ?? 0
  // 502 stands in for what a Response cannot carry (1xx, below 200, null-body statuses); the exchange keeps the true one.
  return new Response(exchange.errorBody, { status: status >= 300 && status <= 599 && status !== 304 ? status : 502 })
}
