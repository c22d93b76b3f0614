// One request to a model server from start to end: model fallback, lessons from refusals, retries, idle timeout, abort.
import type { OpenAI } from 'openai'
import type { Clock, Log, ModelEvent, ModelRequest } from '../../core/ports.ts'
import { wentOn, type Catalogue } from './catalogue.ts'
import { keyHeaders } from './discovery.ts'
import type { Endpoint } from './endpoint.ts'
import {
  endedEarly,
  idle,
  malformed,
  troubleOfConnection,
  troubleOfStatus,
  troubleOfStream,
  webPage,
  type Party,
  type Trouble,
} from './failure.ts'
import { field } from './json.ts'
import { EFFORTS, lessonOf, type Learnt } from './learnt.ts'
import type { Attempt, Protocol, Reply, Step } from './protocol.ts'
import { loadSdk } from './sdk.ts'
import type { Exchange, Transport } from './transport.ts'

export interface Timing {
  /** The longest silence of a running request. */
  readonly idleMs: number
  /** Wait before the first retry; the second waits twice as long. */
  readonly backoffMs: number
  /** A server that asks for a longer wait than this is not waited for. */
  readonly longestWaitMs: number
}

/** Everything one endpoint is asked with. */
export interface Connection {
  readonly protocol: Protocol
  readonly endpoint: Endpoint
  readonly key: string | null
  readonly catalogue: Catalogue
  readonly learnt: Learnt
  readonly transport: Transport
  readonly clock: Clock
  readonly log: Log
  readonly timing: Timing
  /** How the endpoint fares: null when it answered, the failure when a request failed for good. */
  report(trouble: Trouble | null): void
}

const MOST_RETRIES = 2
/** Refusals of models and parameters that one request may learn from; there are fewer parameters than this. */
const MOST_LESSONS = 16
/** A deep model that has begun to answer may think this many times longer than `idleMs` without a sign of life. */
const DEEP_PATIENCE = 6
/** How long the end of a finished reply's body may take, in ms. */
const SETTLE_MS = 1_000

/** The events of ports.ts. Ends after `done` or `failed`, or quietly when `signal` aborts. */
export async function* ask(
  connection: Connection,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const { catalogue, clock, endpoint, learnt, timing } = connection
  const candidates = await catalogue.candidates(request.lane === 'deep' ? 'deep' : 'fast', signal)
  if (signal.aborted) return
  if (!candidates.ok) {
    connection.report(candidates.trouble)
    yield { type: 'failed', failure: candidates.trouble.failure }
    return
  }
  if (candidates.notice !== null) yield { type: 'notice', message: candidates.notice }

  const names = [...candidates.names]
  let model = names.shift() ?? ''
  let retries = 0
  for (let lessons = 0; ;) {
    const subject = `${endpoint.url} ${model}`
    const dropped = learnt.refused('parameters', subject)
    const refused = learnt.refused('efforts', subject)
    const effort = request.lane === 'deep' ? null : (EFFORTS.find((name) => !refused.has(name)) ?? null)
    const attempt: Attempt = { request, model, endpoint, effort, dropped }
    const live = await begin(connection, attempt, signal)
    let trouble: Trouble
    let started = false
    try {
      if (await live.sent) yield { type: 'sent', model }
      const broken = await live.opened
      if (signal.aborted) return
      if (broken === null) {
        connection.report(null)
        yield { type: 'headers' }
      }
      for (let failed = broken; ;) {
        if (failed !== null) {
          trouble = failed
          break
        }
        const step = await live.next(started)
        if (signal.aborted) return
        if (step.type === 'event') {
          if (step.event.type === 'text') started = true
          yield step.event
        } else if (step.type === 'done') {
          live.settle()
          yield step.event
          return
        } else {
          failed = step.type === 'end' ? endedEarly(live.party) : step.trouble
        }
      }
    } finally {
      live.close()
    }
    if (signal.aborted) return

    const next = names[0]
    if (trouble.model && candidates.names.length > 1) catalogue.refuse(model)
    if (trouble.model && next !== undefined && lessons < MOST_LESSONS) {
      lessons += 1
      yield { type: 'notice', message: wentOn(model, endpoint, next) }
      model = next
      names.shift()
      continue
    }
    const lesson = trouble.complaint && lessonOf(trouble.complaint, connection.protocol.optional(attempt), effort)
    if (lesson && !started && lessons < MOST_LESSONS) {
      lessons += 1
      learnt.refuse(lesson.about, subject, lesson.refused)
      continue
    }
    const stale = trouble.failure.code === 'reset' && live.reused()
    const wait = trouble.waitMs ?? (stale ? 0 : timing.backoffMs * 2 ** retries)
    if (trouble.retryable && !started && retries < MOST_RETRIES && wait <= timing.longestWaitMs) {
      retries += 1
      if (wait >= 1_000) {
        const message = `${endpoint.host} cannot answer yet: trying again in ${Math.ceil(wait / 1000)} s`
        yield { type: 'waiting', message }
      }
      await pause(clock, wait, signal)
      if (signal.aborted) return
      if (wait >= 1_000) yield { type: 'waiting', message: null }
      continue
    }
    connection.report(trouble)
    yield { type: 'failed', failure: trouble.failure }
    return
  }
}

interface Live {
  readonly party: Party
  /** True when the request was handed to the connection; false when that failed. */
  readonly sent: Promise<boolean>
  /** null when the headers of a streamed answer came. */
  readonly opened: Promise<Trouble | null>
  /** Only after `opened` answered null. `started`: text has come. */
  next(started: boolean): Promise<Step>
  /** Whether the connection had been idle before this request. */
  reused(): boolean
  /** The reply is complete: reads what is left, so that the connection can be used again. */
  settle(): void
  /** Stops the request if it is still running, at once; the server sees its connection closed. */
  close(): void
}

async function begin(connection: Connection, attempt: Attempt, signal: AbortSignal): Promise<Live> {
  const { clock, endpoint, key, protocol, timing, transport } = connection
  const party: Party = { endpoint, key, model: attempt.model, api: protocol.api }
  const { OpenAI: Client } = await loadSdk()
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })

  let handOver: (sent: boolean) => void = () => {}
  const handedOver = new Promise<boolean>((resolve) => {
    handOver = resolve
  })
  const exchange = transport.exchange(() => handOver(true))
  let reply: Reply | null = null
  let silentMs: number | null = null
  const idleWatch = watchIdle(clock, exchange, (ms) => {
    silentMs = ms
    abort()
  })
  idleWatch.expect(timing.idleMs)

  const troubleOf = (error: unknown, midReply: boolean): Trouble => {
    if (silentMs !== null) return idle(party, silentMs)
    // Nobody will hear of it: the caller sees its own signal first.
    if (controller.signal.aborted) return endedEarly(party)
    if (exchange.errorBody !== null) return troubleOfStatus(exchange, party)
    if (exchange.broken !== null) return troubleOfConnection(exchange.broken, party, midReply)
    const inStream = field(error, 'error')
    if (inStream !== undefined && inStream !== null) return troubleOfStream(inStream, party)
    connection.log.error(`cannot read the reply of ${endpoint.host}`, error)
    return malformed(party)
  }
  const client = clientOf(Client, connection, transport.fetch(exchange))
  const opened = protocol.open(client, attempt, party, controller.signal).then(
    (found) => {
      idleWatch.rest()
      reply = found
      return wrongKind(exchange, party)
    },
    (error: unknown) => troubleOf(error, false),
  )

  return {
    party,
    opened,
    sent: Promise.race([handedOver, opened.then((broken) => broken === null)]),
    reused: () => exchange.reused,
    async next(started) {
      if (reply === null) return { type: 'end' }
      idleWatch.expect(attempt.request.lane === 'deep' && !started ? timing.idleMs * DEEP_PATIENCE : timing.idleMs)
      try {
        const step = await reply.next()
        return step.type === 'end' && silentMs !== null ? { type: 'trouble', trouble: idle(party, silentMs) } : step
      } catch (error) {
        return { type: 'trouble', trouble: troubleOf(error, started) }
      } finally {
        idleWatch.rest()
      }
    },
    settle() {
      const rest = reply
      if (rest === null) return
      reply = null
      const stop = clock.after(SETTLE_MS, abort)
      void readOut(rest).then(stop)
    },
    close() {
      idleWatch.stop()
      signal.removeEventListener('abort', abort)
      // After `settle` the reading out owns the connection.
      if (reply !== null || exchange.status === null) abort()
    },
  }
}

async function readOut(reply: Reply): Promise<void> {
  try {
    while ((await reply.next()).type !== 'end');
  } catch {
    // The reply was complete; how its connection ends is of no interest.
  }
}

/** null for a stream of events; some servers leave the type out, so only what is surely something else is refused. */
function wrongKind(exchange: Exchange, party: Party): Trouble | null {
  const type = exchange.headers['content-type'] ?? ''
  if (type.includes('text/html')) return webPage(party)
  return type.includes('application/json') ? malformed(party) : null
}

function clientOf(Client: typeof OpenAI, connection: Connection, fetch: ReturnType<Transport['fetch']>): OpenAI {
  const { endpoint, key } = connection
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
    fetch,
  })
}

interface IdleWatch {
  /** From now on a sign of life is due within `ms`. */
  expect(ms: number): void
  /** Nothing is awaited: the reader is busy elsewhere. */
  rest(): void
  stop(): void
}

/** One timer that renews itself, because one per token would cost more than the token. */
function watchIdle(clock: Clock, exchange: Exchange, fire: (ms: number) => void): IdleWatch {
  let limit: number | null = null
  let since = 0
  /** When the timer fires; null when none runs. */
  let due: number | null = null
  let stopTimer = (): void => {}
  const arm = (ms: number): void => {
    stopTimer()
    due = clock.now() + ms
    stopTimer = clock.after(ms, check)
  }
  const check = (): void => {
    due = null
    if (limit === null) return
    const left = Math.max(since, exchange.touched) + limit - clock.now()
    if (left > 0) arm(left)
    else fire(limit)
  }
  return {
    expect(ms) {
      limit = ms
      since = clock.now()
      if (due === null || since + ms < due) arm(ms)
    },
    rest() {
      limit = null
    },
    stop() {
      limit = null
      stopTimer()
    },
  }
}

/** Resolves after `ms`, or at once when `signal` aborts. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      stop()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const stop = clock.after(ms, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
