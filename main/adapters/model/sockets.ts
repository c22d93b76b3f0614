// The WebSockets that are kept to one endpoint: at most two that carry a response, and a warm one beside them.
//
// A request never waits for a handshake: it takes a socket that is ready, or goes by HTTP while one is made. Sockets are made one
// after the other, so that a refusal costs one attempt and the start of a project one handshake at a time.
import type { ResponsesClientEvent } from 'openai/resources/responses/responses'
import type { Clock, Prompt } from '../../core/ports.ts'
import type { Endpoint } from './endpoint.ts'
import { field, textField } from './json.ts'
import type { Learnt } from './learnt.ts'
import type { ResponsesSocket, SocketKeeper } from './socket.ts'
import type { Whereabouts } from './whereabouts.ts'

export interface Sockets {
  /**
   * Begins to keep sockets. The first one is warmed up with `prefix`, the part of prompts that stays the same; null: it is only
   * connected. Resolves when the first socket is ready or could not be had.
   */
  start(prefix: Prompt | null): Promise<void>
  /** A socket that is ready now, for one request; null: send it by HTTP. */
  take(): ResponsesSocket | null
  /** Gives it back. `reusable`: its response is over, and nothing was wrong with the connection. */
  release(socket: ResponsesSocket, reusable: boolean): void
  /** Lets go of all that carry nothing; the others go when they are released. */
  close(): void
}

export interface SocketsOptions {
  readonly endpoint: Endpoint
  readonly learnt: Learnt
  readonly clock: Clock
  open(keeper: SocketKeeper): Promise<ResponsesSocket>
  /** The event that prepares the endpoint for requests that begin like `prefix`; null: that cannot be known yet. */
  warmUp(prefix: Prompt): WarmUp | null
  /** That event is handed to a connection. */
  warmedUp(event: WarmUp): void
  readonly whereabouts: Whereabouts
}

export type WarmUp = Extract<ResponsesClientEvent, { type: 'response.create' }> & { readonly model: string }

const MOST_BUSY = 2
const MOST = 3
/** The server ends a connection after 60 minutes; the rest is for the response that has just begun. */
const OLDEST_MS = 50 * 60 * 1000
const TICK_MS = 20_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
const SHORT_LIVED_MS = 10_000
/** Longer than a handshake may take. */
const WARM_UP_MS = 15_000
/** Refusals of an upgrade that say nothing of whether it could be had: the key, the rate, a fault. */
const PASSING = new Set([401, 403, 408, 425, 429])

export function createSockets(options: SocketsOptions): Sockets {
  const { clock, endpoint, learnt } = options
  /** Ready, those used last at the end. */
  const idle: ResponsesSocket[] = []
  const busy = new Set<ResponsesSocket>()
  let opening = false
  let connecting: ResponsesSocket | null = null
  let warming: ResponsesSocket | null = null
  let stopWarmUp = (): void => {}
  let prefix: Prompt | null = null
  let started: PromiseWithResolvers<void> | null = null
  let closed = false
  let failures = 0
  let stopTick = (): void => {}
  let stopHearing = (): void => {}
  let stopPause: (() => void) | null = null

  function refill(): void {
    const held = idle.length + busy.size + (warming === null ? 0 : 1)
    if (closed || started === null || opening || stopPause !== null || held >= MOST) return
    if (learnt.lacks('websocket', endpoint.url)) return started.resolve()
    opening = true
    void connect()
  }

  async function connect(): Promise<void> {
    let socket: ResponsesSocket | null = null
    let ready = false
    const keeper: SocketKeeper = {
      opened() {
        ready = true
        if (socket !== null) made(socket)
      },
      closed(status) {
        if (ready && socket !== null) gone(socket)
        else missed(status)
      },
    }
    try {
      socket = await options.open(keeper)
    } catch {
      // No address for a WebSocket, or no package for it: requests go by HTTP.
      return missed(null)
    }
    connecting = socket
    if (closed) socket.terminate()
    // It may have opened before it was known who it is.
    else if (ready) made(socket)
  }

  function made(socket: ResponsesSocket): void {
    opening = false
    connecting = null
    if (closed) return socket.terminate()
    const event = prefix === null || learnt.lacks('warm-up', endpoint.url) ? null : options.warmUp(prefix)
    if (event === null || prefix === null) return keep(socket)
    const { model } = event
    const { instructions, messages } = prefix
    prefix = null
    warming = socket
    const giveUp = (lacking: boolean): void => {
      if (lacking) learnt.refuse('abilities', endpoint.url, ['warm-up'])
      socket.terminate()
    }
    // A proxy may let the upgrade through and nothing after it: then not even a ping is answered.
    socket.ping()
    stopWarmUp = clock.after(WARM_UP_MS, () => {
      if (!socket.ping()) learnt.refuse('abilities', endpoint.url, ['websocket'])
      giveUp(false)
    })
    const done = (): void => {
      stopWarmUp()
      socket.listen(null)
      warming = null
      keep(socket)
    }
    socket.listen({
      event(event) {
        switch (field(event, 'type')) {
          case 'response.completed': {
            const response = textField(field(event, 'response'), 'id')
            if (response !== null) socket.link = { response, model, instructions, messages, reply: null }
            return done()
          }
          case 'error':
          case 'response.failed':
            // A model or parameter that is refused here is found out by the first request; only the warm-up itself is not asked again.
            if (/\bgenerate\b/.test(JSON.stringify(event))) learnt.refuse('abilities', endpoint.url, ['warm-up'])
            return done()
          case 'response.output_text.delta':
            // What lies behind this address does not know warm-ups, and answers them: that would be paid for.
            return giveUp(true)
          default:
            return undefined
        }
      },
      malformed: () => giveUp(true),
      // Whoever keeps it hears of it too.
      closed() {},
    })
    options.warmedUp(event)
    socket.send(event)
  }

  function keep(socket: ResponsesSocket): void {
    idle.push(socket)
    started?.resolve()
    refill()
  }

  /** One that had been open is gone. */
  function gone(socket: ResponsesSocket): void {
    const kept = remove(idle, socket) || warming === socket
    if (warming === socket) {
      warming = null
      stopWarmUp()
    }
    // Whoever has it gives it back by itself.
    if (!kept) return
    started?.resolve()
    // An endpoint that lets a fresh connection go at once will do so again; that one of some age ends means nothing.
    failures = clock.now() - (socket.openedAt ?? 0) < SHORT_LIVED_MS ? failures + 1 : 0
    later()
  }

  function missed(status: number | null): void {
    opening = false
    connecting = null
    failures += 1
    if (status !== null && status < 500 && !PASSING.has(status)) learnt.refuse('abilities', endpoint.url, ['websocket'])
    started?.resolve()
    later()
  }

  function later(): void {
    if (closed || stopPause !== null) return
    const ms = failures === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
    stopPause = clock.after(ms, () => {
      stopPause = null
      refill()
    })
  }

  /** Connections that a sleep or another network has cut off without a word look open: nothing would ever come from them. */
  function cutOff(moved: boolean): void {
    for (const socket of idle.splice(0)) socket.terminate()
    connecting?.terminate()
    warming?.terminate()
    // What was waited for was about the former connections; what refused an upgrade may have been a proxy of the former place.
    stopPause?.()
    stopPause = null
    failures = 0
    if (moved && learnt.lacks('websocket', endpoint.url)) learnt.allow('abilities', endpoint.url, ['websocket'])
    clock.soon(refill)
  }

  function tick(): void {
    for (const socket of idle.filter((each) => old(each) || !each.ping())) drop(socket)
    refill()
    stopTick = clock.after(TICK_MS, tick)
  }

  function old(socket: ResponsesSocket): boolean {
    return clock.now() - (socket.openedAt ?? 0) > OLDEST_MS
  }

  function drop(socket: ResponsesSocket): void {
    remove(idle, socket)
    socket.terminate()
  }

  return {
    start(stable) {
      if (closed) return Promise.resolve()
      if (started !== null) return started.promise
      started = Promise.withResolvers<void>()
      prefix = stable
      stopHearing = options.whereabouts.subscribe(cutOff)
      stopTick = clock.after(TICK_MS, tick)
      refill()
      return started.promise
    },
    take() {
      if (started === null || closed || busy.size >= MOST_BUSY) return null
      const socket = idle.pop()
      // What a request needs comes first: new connections are made once it is on its way.
      clock.soon(refill)
      if (socket === undefined) return null
      busy.add(socket)
      return socket
    },
    release(socket, reusable) {
      busy.delete(socket)
      if (reusable) failures = 0
      if (reusable && !closed && !old(socket)) idle.push(socket)
      else socket.terminate()
      clock.soon(refill)
    },
    close() {
      closed = true
      stopHearing()
      stopTick()
      stopPause?.()
      started?.resolve()
      connecting?.terminate()
      warming?.terminate()
      for (const socket of idle.splice(0)) socket.terminate()
    },
  }
}

function remove<Item>(list: Item[], item: Item): boolean {
  const index = list.indexOf(item)
  if (index >= 0) list.splice(index, 1)
  return index >= 0
}
