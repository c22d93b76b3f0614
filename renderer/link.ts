// The window's connection to the engine: Electron's port when there is one, else a WebSocket that comes back by itself.
import type { CallName, Calls, EventBatch, Failure, Result } from '../preload/contract.ts'
import type { ClientPort, EngineFrame, Stop } from '../preload/wire.ts'
import { connect, type Client } from '../preload/wire/client.ts'
import type { LinkState } from './store.ts'

declare global {
  interface Window {
    /** Exposed by Electron's preload script; absent in a browser. */
    readonly slipstream?: { readonly connect: () => ClientPort }
  }
}

export interface Link {
  /** Asks the engine; `offline` when it is not reachable. Never rejects. */
  call<N extends CallName>(
    name: N,
    values: Calls[N]['arguments'],
    signal?: AbortSignal,
  ): Promise<Result<Calls[N]['value']>>
  /** Tries again now instead of waiting for the next try. */
  retry(): void
  close(): void
}

export interface LinkEvents {
  onState(state: LinkState): void
  onBatch(batch: EventBatch): void
}

/** After an engine that went away: a process or a tunnel needs seconds to come back, and each try in vain is an error in the console. */
const FIRST_WAIT_MS = 5000
const LONGEST_WAIT_MS = 30_000
/**
 * Batches on their way at most. Half of that many tokens at 5,000 a second are 6 ms: so a window that keeps up says so rarely,
 * and one that does not has little to read before its one batch of all the rest.
 */
const CREDIT = 64
/** After a connection that was ended from here. */
const SHORT_WAIT_MS = 250
const TOKEN_KEY = 'slipstream-token'
const OFFLINE: Failure = { code: 'offline', message: 'The engine is not reachable.' }

/** Opens a port, or null when this window has no way to the engine. */
export type OpenPort = () => ClientPort | null

/** Keeps one connection open until `close`: tries again after 5, 10, 20 and then every 30 seconds, or when `retry` says so. */
export function openLink(openPort: OpenPort, events: LinkEvents): Link {
  let client: Client | null = null
  let closed = false
  let wait = FIRST_WAIT_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  function dial(): void {
    clearTimeout(timer)
    const port = openPort()
    if (port === null) {
      events.onState('keyless')
      return
    }
    const dialled = connect(port)
    let useless = false
    client = dialled
    dialled.onClose(() => {
      if (client !== dialled) return
      client = null
      if (closed) return
      events.onState('offline')
      timer = setTimeout(dial, useless ? SHORT_WAIT_MS : wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    })
    const stream = dialled.open(
      'events',
      {},
      (batch) => {
        // The first batch proves the connection: an open socket alone may still be refused.
        if (batch.first) {
          wait = FIRST_WAIT_MS
          events.onState('online')
        }
        events.onBatch(batch)
      },
      { credit: CREDIT },
    )
    void closeAfter(stream.ended)

    /** A connection whose stream has ended is of no use: begin anew. */
    async function closeAfter(ended: Promise<Failure | null>): Promise<void> {
      const failure = await ended
      if (failure?.code === 'closed') return
      useless = true
      dialled.close()
    }
  }

  dial()
  return {
    call(name, values, signal) {
      if (client === null) return Promise.resolve({ ok: false, failure: OFFLINE })
      return client.call(name, values, signal)
    },
    retry() {
      if (client !== null || closed) return
      wait = FIRST_WAIT_MS
      dial()
    },
    close() {
      closed = true
      clearTimeout(timer)
      client?.close()
    },
  }
}

/** The way to the engine from this window. */
export function portOpener(window: Window): OpenPort {
  const exposed = window.slipstream
  if (exposed !== undefined) return () => exposed.connect()
  const given = givenToken(window)
  const token = given ?? window.sessionStorage.getItem(TOKEN_KEY)
  if (token === null) return () => null
  const scheme = window.location.protocol === 'https:' ? 'wss:' : 'ws:'
  const address = `${scheme}//${window.location.host}/wire`
  return () => {
    const socket = new WebSocket(address, `slipstream.${token}`)
    // Only now: the first access to a tab's session halts the page for some 30 ms, in which the connection is made already.
    if (given !== null) keepToken(window, given)
    return socketPort(socket)
  }
}

/** The token in the address, as it was printed. */
function givenToken({ location }: Window): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  return token !== null && /^[\w-]+$/.test(token) ? token : null
}

/** The address no longer shows it; a reload finds it in the tab's session. */
function keepToken(window: Window, token: string): void {
  const { location, history, sessionStorage } = window
  if (location.hash === '') return
  sessionStorage.setItem(TOKEN_KEY, token)
  history.replaceState(null, '', location.pathname + location.search)
}

/** A port over a WebSocket with one JSON text a frame. What is sent before it is open waits for that. */
function socketPort(socket: WebSocket): ClientPort {
  const waiting: string[] = []
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text)
  })
  return {
    send(frame) {
      const text = JSON.stringify(frame)
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
      else if (socket.readyState === WebSocket.CONNECTING) waiting.push(text)
    },
    onMessage: (listener) =>
      listen(socket, 'message', (event) => {
        if (!(event instanceof MessageEvent) || typeof event.data !== 'string') return
        const frame: EngineFrame = JSON.parse(event.data)
        listener(frame)
      }),
    onClose(listener) {
      if (socket.readyState !== WebSocket.CLOSED) return listen(socket, 'close', listener)
      listener()
      return () => {}
    },
    close: () => socket.close(),
  }
}

function listen(target: EventTarget, type: string, listener: (event: Event) => void): Stop {
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}
