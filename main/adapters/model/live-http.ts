// One attempt over HTTP: the SDK sends it, its events are read as they arrive.
import { partyOf, type Connection } from './connection.ts'
import { createEventStream } from './event-stream.ts'
import {
  idle,
  malformed,
  troubleOfConnection,
  troubleOfStatus,
  endedEarly,
  webPage,
  type Party,
  type Trouble,
} from './failure.ts'
import { watchIdle } from './idle-watch.ts'
import { createInbox } from './inbox.ts'
import { parseJson } from './json.ts'
import { DEEP_PATIENCE, type Live } from './live.ts'
import { wireOf } from './wire.ts'
import type { Attempt } from './protocol.ts'
import type { BodyListener, Exchange } from './transport.ts'

/** How long the end of a finished reply's body may take, in ms. */
const SETTLE_MS = 1_000

export async function beginHttp(connection: Connection, attempt: Attempt, signal: AbortSignal): Promise<Live> {
  const { clients, clock, endpoint, log, protocol, timing, transport } = connection
  const party = partyOf(connection, protocol, attempt.model)
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })

  const handedOver = Promise.withResolvers<boolean>()
  const exchange = transport.exchange(() => handedOver.resolve(true))
  /** The body: before its end, not to be understood, after a complete reply, or over. */
  let body: 'reading' | 'spoilt' | 'settling' | 'over' = 'reading'
  let stopSettling = (): void => {}
  let silentMs: number | null = null
  let started = false
  const idleWatch = watchIdle(
    clock,
    () => exchange.touched,
    (ms) => {
      silentMs = ms
      abort()
    },
  )
  idleWatch.expect(timing.idleMs)

  const troubleOf = (error: unknown): Trouble => {
    if (silentMs !== null) return idle(party, silentMs)
    // Nobody will hear of it: the caller sees its own signal first.
    if (controller.signal.aborted) return endedEarly(party)
    if (exchange.errorBody !== null) return troubleOfStatus(exchange, party)
    if (exchange.broken !== null) return troubleOfConnection(exchange.broken, party, started)
    log.error(`cannot read the reply of ${endpoint.host}`, error)
    return malformed(party)
  }

  const inbox = createInbox()
  const reader = protocol.reader(party)
  const events = createEventStream()
  const bodyOver = (): void => {
    body = 'over'
    stopSettling()
    signal.removeEventListener('abort', abort)
  }
  const listener: BodyListener = {
    chunk(bytes) {
      for (const data of body === 'reading' ? events.push(bytes) : []) {
        if (data === '[DONE]') continue
        const event = parseJson(data)
        if (event === undefined) {
          log.error(`cannot read the reply of ${endpoint.host}`, new Error('an event is not JSON'))
          inbox.push({ type: 'trouble', trouble: malformed(party) })
          body = 'spoilt'
          return
        }
        const step = reader.read(event)
        if (step !== null) inbox.push(step)
      }
    },
    end() {
      if (body === 'reading') inbox.push(reader.end())
      bodyOver()
    },
    broken() {
      if (body === 'reading') inbox.push({ type: 'trouble', trouble: troubleOf(exchange.broken) })
      bodyOver()
    },
  }

  const fetch = transport.fetch(exchange, listener)
  const client = await clients.lend((input, init) => {
    const answer = fetch(input, init)
    if (typeof init?.body === 'string') attempt.request.wrote?.(wireOf(protocol, attempt, init.body, true))
    return answer
  })
  const opened = protocol.send(client, attempt, controller.signal).then(
    () => {
      idleWatch.rest()
      return wrongKind(exchange, party)
    },
    (error: unknown) => troubleOf(error),
  )

  return {
    party,
    opened,
    sent: Promise.race([handedOver.promise, opened.then((broken) => broken === null)]),
    reused: () => exchange.reused,
    async next(hasStarted) {
      started = hasStarted
      idleWatch.expect(attempt.request.lane === 'deep' && !started ? timing.idleMs * DEEP_PATIENCE : timing.idleMs)
      const step = await inbox.next()
      idleWatch.rest()
      return step
    },
    settle() {
      if (body !== 'reading') return
      body = 'settling'
      stopSettling = clock.after(SETTLE_MS, abort)
    },
    close() {
      idleWatch.stop()
      // After `settle` the rest of the body is read, so that the connection can be used again.
      if (body === 'settling') return
      signal.removeEventListener('abort', abort)
      abort()
    },
    steer: () => Promise.resolve('unsupported'),
  }
}

/** null for a stream of events; some servers leave the type out, so only what is surely something else is refused. */
function wrongKind(exchange: Exchange, party: Party): Trouble | null {
  const type = exchange.headers['content-type'] ?? ''
  if (type.includes('text/html')) return webPage(party)
  return type.includes('application/json') ? malformed(party) : null
}
