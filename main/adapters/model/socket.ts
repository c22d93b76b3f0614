// One WebSocket to the Responses API: carries one response at a time, and is broken off at once when that is stopped.
import type { Agent } from 'node:http'
import type { OpenAI } from 'openai'
import type { ResponsesClientEvent } from 'openai/resources/responses/responses'
import type { PromptMessage } from '../../core/ports.ts'
import { loadSockets } from './sdk.ts'

/** Gets what arrives for the response that is under way. */
export interface SocketListener {
  event(event: unknown): void
  /** A message that is no event. */
  malformed(): void
  /** The connection is gone, by whoever's will; nothing comes any more. */
  closed(): void
}

/** The response that the next one on this socket may go on from: with `store: false` it is known to this socket alone. */
export interface Link {
  readonly response: string
  readonly model: string
  readonly instructions: string
  readonly messages: readonly PromptMessage[]
  /** What the model said; null after a warm-up, which lets it say nothing. */
  readonly reply: string | null
}

export interface ResponsesSocket {
  /** Monotonic ms at which the connection was made; null before. */
  readonly openedAt: number | null
  link: Link | null
  /** Hands the event to the connection at once. */
  send(event: ResponsesClientEvent): void
  /** One at a time; null: what comes is dropped. */
  listen(listener: SocketListener | null): void
  /** Breaks the connection without a closing handshake, which would cost a round trip. */
  terminate(): void
  /** Asks for a sign of life; false when the former one was not answered. */
  ping(): boolean
}

/** How a socket fares, for who keeps it. */
export interface SocketKeeper {
  opened(): void
  /** Called once. `status`: that of the answer which refused the upgrade; null when there was none. */
  closed(status: number | null): void
}

export interface SocketOptions {
  readonly client: OpenAI
  readonly agent: Agent
  readonly now: () => number
  readonly keeper: SocketKeeper
}

/** An upgrade that takes longer than this is given up. */
const HANDSHAKE_MS = 10_000

/** Bytes; the last event of a response repeats all of its text. */
const LONGEST_MESSAGE = 16 * 1024 * 1024

export async function openSocket({ client, agent, now, keeper }: SocketOptions): Promise<ResponsesSocket> {
  const { ResponsesWS } = await loadSockets()
  const connection = new ResponsesWS(client, { agent, handshakeTimeout: HANDSHAKE_MS, maxPayload: LONGEST_MESSAGE })
  const wire = connection.socket.platformSocket
  let listener: SocketListener | null = null
  let status: number | null = null
  let openedAt: number | null = null
  let over = false
  let answered = true

  const end = (): void => {
    if (over) return
    over = true
    const last = listener
    listener = null
    last?.closed()
    keeper.closed(status)
  }
  wire.on('unexpected-response', (_request, response) => {
    status = response.statusCode ?? 0
    wire.terminate()
  })
  wire.on('open', () => {
    openedAt = now()
    keeper.opened()
  })
  wire.on('pong', () => {
    answered = true
  })
  // What went wrong says nothing that the close, which always follows, does not; unheard it would be thrown. Events of type
  // `error` come here and below.
  connection.on('error', () => {})
  connection.on('close', end)
  connection.on('event', (event) => {
    answered = true
    listener?.event(event)
  })
  connection.on('raw', () => listener?.malformed())

  return {
    get openedAt() {
      return openedAt
    },
    link: null,
    send: (event) => connection.send(event),
    listen(next) {
      listener = next
    },
    terminate() {
      // Whoever terminates knows: only the keeper has to hear of it.
      listener = null
      wire.terminate()
      end()
    },
    ping() {
      if (!answered) return false
      answered = false
      wire.ping()
      return true
    },
  }
}
