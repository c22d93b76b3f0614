// The browser host: serves the built window and its WebSocket on 127.0.0.1, to whoever holds this run's token.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocketServer } from 'ws'
import type { Result } from '../../preload/contract.ts'
import type { EngineMessage } from '../../preload/wire.ts'
import { SECURITY_HEADERS, sendAsset, sendStatus } from './assets.ts'
import { loadGuard, serveConnection, type ConnectionOptions } from './connection.ts'
import { decodeUntrusted } from './inbox.ts'
import { createWebSocketPort } from './websocket-port.ts'

const ADDRESS = '127.0.0.1'
const WIRE_PATH = '/wire'
const OPEN_PATH = '/open/'
/** The page offers `slipstream.TOKEN` as its WebSocket's subprotocol: headers are out of a page's reach, and addresses get logged. */
const PROTOCOL_PREFIX = 'slipstream.'
/** Inbound; the longest sound frame is a decision about 1,000 hunks. */
const MAX_FRAME_BYTES = 1_000_000
/** Windows that may be open at once. */
const MAX_WINDOWS = 32
/** Sockets in all; a browser opens at most six for the files of a page. */
const MAX_SOCKETS = 256
/** How long an opening address is good for, in ms. */
const TICKET_LIFE = 60_000

export interface ServerOptions extends ConnectionOptions {
  /** 0: a free one. */
  readonly port: number
  /** See `createToken`. */
  readonly token: string
  /** Folder of the built window. */
  readonly assets: string
}

export interface BrowserHost {
  readonly port: number
  /** The address for people, with the token in its fragment, which never leaves the browser. */
  readonly url: string
  /**
   * An address for a browser's command line, which other users of this machine can read: it leads to `url` once, within
   * a minute, and is worth nothing afterwards.
   */
  openingUrl(): string
  /** Resolves when the first window has connected. */
  readonly connected: Promise<void>
  /** Loads what the first connection needs (30–40 ms); meant for right after the ready line. */
  warm(): Promise<void>
  close(): Promise<void>
}

/** 256 random bits, in characters that are good in an address and in a subprotocol. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Starts the host on 127.0.0.1. Failures: `port` (in use, or not permitted), `assets` (the window is not built), `listen`. */
export async function startServer(options: ServerOptions): Promise<Result<BrowserHost>> {
  const folder = await realpath(options.assets).catch(() => null)
  if (folder === null) {
    return { ok: false, failure: { code: 'assets', message: `The window is not built: ${options.assets} is missing.` } }
  }
  const server = createServer({ noDelay: true, requestTimeout: 10_000, headersTimeout: 10_000 })
  server.maxConnections = MAX_SOCKETS
  const listening = await listen(server, options.port)
  if (!listening.ok) return listening
  const port = listening.value
  const url = `http://${ADDRESS}:${port}/#token=${options.token}`
  const hosts = new Set([`${ADDRESS}:${port}`, `localhost:${port}`])
  const tickets = createTickets()
  const connected = Promise.withResolvers<void>()
  let sockets: Promise<WebSocketServer> | null = null

  /** The `ws` package takes 20 ms to load: not before the ready line. */
  function loadSockets(): Promise<WebSocketServer> {
    sockets ??= import('ws').then(
      ({ WebSocketServer }) =>
        new WebSocketServer({
          noServer: true,
          clientTracking: true,
          maxPayload: MAX_FRAME_BYTES,
          perMessageDeflate: false,
          handleProtocols: (offered) => [...offered][0] ?? false,
        }),
    )
    return sockets
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?', 1)[0] ?? ''
    // A page of somebody's whose name was made to point here (DNS rebinding) still sends that name.
    if (!hosts.has(request.headers.host ?? '')) sendStatus(response, 403, 'Wrong host.')
    else if (request.method !== 'GET' && request.method !== 'HEAD') sendStatus(response, 405, 'Only GET.')
    else if (path === WIRE_PATH) sendStatus(response, 426, 'This is a WebSocket.')
    else if (path.startsWith(OPEN_PATH)) {
      if (request.method === 'GET' && tickets.redeem(path.slice(OPEN_PATH.length))) {
        response.writeHead(302, { ...SECURITY_HEADERS, location: `/#token=${options.token}` }).end()
      } else sendStatus(response, 403, 'This address was good for one opening only. Use the one that was printed.')
    } else {
      sendAsset(request, response, folder ?? '', path).catch((cause: unknown) => {
        // The browser went away, or the window was built anew underneath: its own reload helps.
        response.destroy(cause instanceof Error ? cause : undefined)
      })
    }
  }

  /** Why an upgrade is refused, as a status; null: it is not. */
  function refusal(request: IncomingMessage): { readonly status: number; readonly text: string } | null {
    const host = request.headers.host ?? ''
    if (request.url !== WIRE_PATH) return { status: 404, text: 'Not Found' }
    if (!hosts.has(host)) return { status: 403, text: 'Forbidden' }
    if (request.headers.origin !== `http://${host}`) return { status: 403, text: 'Forbidden' }
    const offered = request.headers['sec-websocket-protocol'] ?? ''
    if (!offered.startsWith(PROTOCOL_PREFIX) || !equalSecrets(offered.slice(PROTOCOL_PREFIX.length), options.token)) {
      return { status: 401, text: 'Unauthorized' }
    }
    return null
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until `ws` takes the socket over nobody else listens, and an unheard error ends the process.
    const ignore = (): void => {}
    socket.on('error', ignore)
    const refused = refusal(request)
    if (refused !== null) {
      refuseUpgrade(socket, refused.status, refused.text)
      return
    }
    const webSockets = await loadSockets()
    if (webSockets.clients.size >= MAX_WINDOWS) {
      refuseUpgrade(socket, 503, 'Service Unavailable')
      return
    }
    socket.off('error', ignore)
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const wire = createWebSocketPort<unknown, EngineMessage>(webSocket, decodeUntrusted)
      serveConnection(wire, options).catch(options.onBug)
      connected.resolve()
    })
  }

  server.on('request', answer)
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head).catch(options.onBug))
  server.on('clientError', (_error, socket) => socket.destroy())

  return {
    ok: true,
    value: {
      port,
      url,
      connected: connected.promise,
      openingUrl: () => `http://${ADDRESS}:${port}${OPEN_PATH}${tickets.issue()}`,
      async warm() {
        await Promise.all([loadSockets(), loadGuard()])
      },
      async close() {
        const closed = new Promise<void>((resolve) => {
          server.close(() => resolve())
        })
        const webSockets = await sockets
        for (const client of webSockets?.clients ?? []) client.terminate()
        server.closeAllConnections()
        await closed
      },
    },
  }
}

/** Resolves with the port. */
function listen(server: Server, port: number): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const messages: Readonly<Record<string, string>> = {
        EADDRINUSE: `Port ${port} is in use: choose another one with --port, or --port 0 for a free one.`,
        EACCES: `Port ${port} is not permitted: choose one above 1023 with --port, or --port 0 for a free one.`,
      }
      const message = messages[error.code ?? '']
      resolve(
        message === undefined
          ? { ok: false, failure: { code: 'listen', message: `Cannot listen on ${ADDRESS}: ${error.message}.` } }
          : { ok: false, failure: { code: 'port', message } },
      )
    })
    server.listen({ host: ADDRESS, port, exclusive: true }, () => {
      const address = server.address()
      resolve({ ok: true, value: typeof address === 'object' && address !== null ? address.port : port })
    })
  })
}

function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${text}\r\nconnection: close\r\ncontent-length: 0\r\n${headers.join('')}\r\n`)
}

/** In a time that does not depend on where they differ; hashed first, because only equal lengths can be compared so. */
function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Opening addresses: each good once and for a while. */
function createTickets(): { issue(): string; redeem(ticket: string): boolean } {
  /** Until when, in epoch ms, by the ticket's hash: looking up a hash tells nothing about the ticket by its timing. */
  const open = new Map<string, number>()
  return {
    issue() {
      const ticket = createToken()
      open.set(digest(ticket).toString('hex'), Date.now() + TICKET_LIFE)
      return ticket
    },
    redeem(ticket) {
      const key = digest(ticket).toString('hex')
      const until = open.get(key)
      open.delete(key)
      return until !== undefined && Date.now() < until
    },
  }
}
