// One request to a model server from start to end: model fallback, lessons from refusals, retries, idle timeout, abort.
import type { Clock, ModelEvent, ModelRequest } from '../../core/ports.ts'
import { wentOn } from './catalogue.ts'
import { attemptOf, subjectOf, type Connection } from './connection.ts'
import { endedEarly, type Trouble } from './failure.ts'
import { lessonOf } from './learnt.ts'
import { beginHttp } from './live-http.ts'
import { beginSocket } from './live-socket.ts'
import type { Live } from './live.ts'
import type { Attempt } from './protocol.ts'

const MOST_RETRIES = 2
/** Refusals of models and parameters that one request may learn from; there are fewer parameters than this. */
const MOST_LESSONS = 16
/**
 * The events of ports.ts. Ends after `done` or `failed`, or quietly when `signal` aborts. `running` hears which attempt is under
 * way, and null when none is.
 */
export async function* ask(
  connection: Connection,
  request: ModelRequest,
  running: (live: Live | null) => void,
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
  /** What broke on a WebSocket is not tried on another one. */
  let overHttp = false
  for (let lessons = 0; ;) {
    const attempt = attemptOf(endpoint, learnt, request, model)
    const live = await begin(connection, attempt, overHttp, signal)
    running(live)
    let trouble: Trouble
    let started = false
    try {
      if (await live.sent) yield { type: 'sent', model, warm: live.reused() }
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
      running(null)
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
    const lesson =
      trouble.complaint && lessonOf(trouble.complaint, connection.protocol.optional(attempt), attempt.effort)
    if (lesson && !started && lessons < MOST_LESSONS) {
      lessons += 1
      learnt.refuse(lesson.about, subjectOf(endpoint, model), lesson.refused)
      continue
    }
    const stale = trouble.failure.code === 'reset' && live.reused()
    const wait = trouble.waitMs ?? (stale ? 0 : timing.backoffMs * 2 ** retries)
    if (trouble.retryable && !started && retries < MOST_RETRIES && wait <= timing.longestWaitMs) {
      retries += 1
      overHttp = true
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

/** On a socket that is ready, otherwise over HTTP. */
async function begin(connection: Connection, attempt: Attempt, overHttp: boolean, signal: AbortSignal): Promise<Live> {
  const { sockets } = connection
  const socket = overHttp ? null : (sockets?.take() ?? null)
  return sockets === null || socket === null
    ? beginHttp(connection, attempt, signal)
    : beginSocket(connection, sockets, socket, attempt, signal)
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
