// Where an answer goes: an HTTP response, or one response's share of a WebSocket.
import type { ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'

export type Outcome = 'completed' | 'client-closed' | 'server-closed'

/** An answer that is no stream of events. */
export interface Plain {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Events are server-sent events, whatever carries them. */
export interface Channel {
  readonly open: boolean
  /** Says that events follow. */
  head(): void
  /** False: it is full; `onRoom` tells when it takes more. */
  write(events: string): boolean
  /** The last events. */
  end(events: string): void
  /** Answers with something else than events. */
  answer(plain: Plain): void
  /** The end of the reply without its last events, in good order. */
  hangUp(): void
  /** Breaks the connection. */
  reset(): void
  /** Sends a part of these events, and breaks the connection within them. */
  breakIn(events: string): void
  /** Runs once there is room again, or the channel is closed. */
  onRoom(run: () => void): void
  /** Runs once when the channel is closed; stopped by what it returns. */
  onClose(run: () => void): () => void
}

export function httpChannel(response: ServerResponse, over: (how: Outcome) => void): Channel {
  let broken = false
  response.once('close', () =>
    over(response.writableFinished ? 'completed' : broken ? 'server-closed' : 'client-closed'),
  )
  const reset = (): void => {
    broken = true
    // What was written before still lies corked in this turn, and would be lost.
    setImmediate(() => response.socket?.resetAndDestroy())
  }
  return {
    get open() {
      return !response.destroyed && !response.writableEnded
    },
    head() {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    },
    write: (events) => response.write(events),
    end: (events) => void response.end(events),
    answer({ status, headers, body }) {
      response.writeHead(status, headers)
      response.end(body)
    },
    hangUp: () => void response.end(),
    reset,
    breakIn(events) {
      broken = true
      response.write(events.slice(0, Math.ceil(events.length / 2)), () => response.destroy())
    },
    onRoom(run) {
      const end = (): void => {
        response.off('drain', end)
        response.off('close', end)
        run()
      }
      response.on('drain', end)
      response.on('close', end)
    },
    onClose(run) {
      response.once('close', run)
      return () => void response.off('close', run)
    },
  }
}

/** Bytes that may wait in a socket before it counts as full. */
const FULL = 1_000_000

/** `stream`: the lane's name, which each event repeats; null: none was given. */
export function socketChannel(socket: WebSocket, stream: string | null, over: (how: Outcome) => void): Channel {
  let open = true
  let broken = false
  const closing = new Set<() => void>()
  const finish = (how: Outcome): void => {
    if (!open) return
    open = false
    socket.off('close', closed)
    over(how)
    for (const run of closing) run()
    closing.clear()
  }
  const closed = (): void => finish(broken ? 'server-closed' : 'client-closed')
  socket.once('close', closed)
  const send = (events: string): void => {
    for (const frame of framesOf(events)) socket.send(stream === null ? frame : withStream(frame, stream))
  }
  return {
    get open() {
      return open && socket.readyState === socket.OPEN
    },
    head() {},
    write(events) {
      send(events)
      return socket.bufferedAmount < FULL
    },
    end(events) {
      send(events)
      finish('completed')
    },
    answer({ status, headers, body }) {
      const parsed: unknown = status < 400 ? null : JSON.parse(body)
      const error = parsed !== null && typeof parsed === 'object' ? Reflect.get(parsed, 'error') : undefined
      send(`data: ${JSON.stringify({ type: 'error', status, error: { ...error, headers } })}\n\n`)
      finish('completed')
    },
    hangUp() {
      broken = true
      socket.close(1000)
    },
    reset() {
      broken = true
      setImmediate(() => socket.terminate())
    },
    breakIn(events) {
      broken = true
      const frame = framesOf(events)[0] ?? ''
      // The first fragment of a message whose others never come.
      socket.send(frame.slice(0, Math.ceil(frame.length / 2)), { fin: false }, () => socket.terminate())
    },
    onRoom(run) {
      const look = (): void => {
        if (open && socket.bufferedAmount >= FULL) setImmediate(look)
        else run()
      }
      setImmediate(look)
    },
    onClose(run) {
      closing.add(run)
      return () => void closing.delete(run)
    },
  }
}

/** `data: X` of each event; JSON holds no line break of its own. */
function framesOf(events: string): string[] {
  return events
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.slice(event.indexOf('data: ') + 'data: '.length))
}

function withStream(frame: string, stream: string): string {
  return `{"stream_id":${JSON.stringify(stream)},${frame.slice(1)}`
}
