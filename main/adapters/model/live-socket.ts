// One attempt over a WebSocket: sent on a socket that is ready, stopped by breaking that socket.
import type { ResponsesClientEvent } from 'openai/resources/responses/responses'
import { partyOf, subjectOf, type Connection } from './connection.ts'
import { CONNECTION_LIMIT, endedEarly, errorCode, idle, lostConnection, malformed, type Trouble } from './failure.ts'
import { watchIdle } from './idle-watch.ts'
import { createInbox } from './inbox.ts'
import { field, textField } from './json.ts'
import { DEEP_PATIENCE, type Live } from './live.ts'
import { bodyOf, incompleteReason, inputOf } from './openai-responses.ts'
import type { Attempt, Done } from './protocol.ts'
import type { Link, ResponsesSocket } from './socket.ts'
import type { Sockets } from './sockets.ts'
import { createSteers } from './steers.ts'
import { sumOf } from './usage.ts'
import { messageOf } from './wire.ts'

/** How long a finished response may let its successor wait, when it was steered. */
const SUCCESSOR_MS = 10_000

export function beginSocket(
  connection: Connection,
  sockets: Sockets,
  socket: ResponsesSocket,
  attempt: Attempt,
  signal: AbortSignal,
): Live {
  const { clock, endpoint, learnt, protocol, timing } = connection
  const { model, request } = attempt
  const { instructions, messages } = request.prompt
  const party = partyOf(connection, protocol, model)
  const inbox = createInbox()
  const opened = Promise.withResolvers<Trouble | null>()
  let reader = protocol.reader(party)
  let touched = clock.now()
  let begun = false
  /** Text has been read: then a break is one in mid-reply. */
  let started = false
  let over = false
  let chained = false
  let response: string | null = null
  /** Words of the person have come between: the server knows more than the request said. */
  let succeeded = false
  let reply = ''
  /** A complete response whose steering is not settled yet. */
  let finished: Done | null = null
  let former: Done['usage'] = null
  let stopWaiting = (): void => {}

  const idleWatch = watchIdle(
    clock,
    () => touched,
    (ms) => fail(idle(party, ms), false),
  )
  const steers = createSteers({
    clock,
    send(event) {
      socket.send(event)
      tell('steer', event, 0)
    },
    unable: () => learnt.refuse('abilities', subjectOf(endpoint, model), ['steering']),
    tell: (step) => inbox.push(step),
    forgotten: settle,
  })

  function tell(kind: 'request' | 'steer', event: ResponsesClientEvent, known: number): void {
    request.wrote?.(messageOf(endpoint, { kind, model, body: JSON.stringify(event), known }))
  }

  /** Nothing more is wanted of the socket, or may be. */
  function leave(reusable: boolean): void {
    if (over) return
    over = true
    signal.removeEventListener('abort', stop)
    idleWatch.stop()
    stopWaiting()
    socket.listen(null)
    sockets.release(socket, reusable)
    steers.fail(null)
  }

  function stop(): void {
    fail(endedEarly(party), false)
  }

  /** First the socket: whoever has to hear of it does so afterwards. */
  function fail(trouble: Trouble, reusable: boolean): void {
    leave(reusable)
    if (begun) inbox.push({ type: 'trouble', trouble })
    begun = true
    opened.resolve(trouble)
  }

  function finish(done: Done): void {
    const whole = done.finish === 'stop' && !succeeded
    socket.link = whole && response !== null ? { response, model, instructions, messages, reply } : null
    leave(true)
    inbox.push({ type: 'done', event: { ...done, usage: sumOf(former, done.usage) } })
  }

  /** The response is complete. A successor comes by itself when words of the person were accepted. */
  function complete(done: Done, steered: boolean): void {
    if (!steers.pending && !steered) return finish(done)
    finished = done
    stopWaiting = clock.after(SUCCESSOR_MS, () => {
      steers.fail('The model did not take it up.')
      finish(done)
    })
  }

  /** No steering is open any more that a complete response has to wait for. */
  function settle(): void {
    if (finished !== null && !steers.pending) finish(finished)
  }

  function succeed(id: string): void {
    if (finished !== null) former = sumOf(former, finished.usage)
    finished = null
    stopWaiting()
    response = id
    succeeded = true
    reply = ''
    reader = protocol.reader(party)
    steers.commit()
  }

  function take(event: unknown): void {
    touched = clock.now()
    const type = field(event, 'type')
    if (steers.take(event)) return settle()
    if (chained && type === 'error' && isAboutChain(event)) {
      chained = false
      return send(null)
    }
    if (type === 'response.created') {
      const id = textField(field(event, 'response'), 'id')
      if (response !== null && id !== null && id !== response) succeed(id)
      else response = id
    }
    const step = reader.read(event)
    if (step?.type === 'trouble') return fail(step.trouble, isRefusal(event))
    if (!begun) {
      begun = true
      idleWatch.rest()
      opened.resolve(null)
    }
    if (step === null) return
    if (step.type === 'done') {
      return complete(step.event, incompleteReason(field(event, 'response')) === 'steered')
    }
    if (step.type === 'event' && step.event.type === 'text') reply += step.event.text
    inbox.push(step)
  }

  function send(link: Link | null): void {
    const known = link === null ? 0 : link.messages.length + (link.reply === null ? 0 : 1)
    const chain = link === null ? {} : { previous_response_id: link.response }
    const event: ResponsesClientEvent = {
      type: 'response.create',
      ...bodyOf(attempt),
      input: inputOf(messages.slice(known)),
      ...chain,
    }
    socket.send(event)
    // Behind it: as a text it is made once more for this.
    tell('request', event, known)
  }

  signal.addEventListener('abort', stop, { once: true })
  socket.listen({
    event: take,
    malformed: () => fail(malformed(party), false),
    closed: () => fail(lostConnection(party, started), false),
  })
  if (signal.aborted) {
    stop()
  } else {
    idleWatch.expect(timing.idleMs)
    const link = leadsTo(socket.link, attempt) ? socket.link : null
    socket.link = null
    chained = link !== null
    send(link)
  }

  return {
    party,
    sent: Promise.resolve(!over),
    opened: opened.promise,
    async next(hasStarted) {
      started = hasStarted
      if (!over) idleWatch.expect(request.lane === 'deep' && !started ? timing.idleMs * DEEP_PATIENCE : timing.idleMs)
      const step = await inbox.next()
      idleWatch.rest()
      return step
    },
    reused: () => true,
    settle() {},
    close: () => leave(false),
    steer(text) {
      if (over || response === null || finished !== null || !mayBeSteered(model)) return Promise.resolve('unsupported')
      if (learnt.lacks('steering', subjectOf(endpoint, model))) return Promise.resolve('unsupported')
      return steers.submit(response, text)
    },
  }
}

/** Steering came with GPT-6; what older models say to it is known. */
function mayBeSteered(model: string): boolean {
  return Number(/^gpt-(\d+)/.exec(model)?.[1] ?? 0) >= 6
}

/** The server refused the request or gave up the response, in good order: the connection itself is sound. */
function isRefusal(event: unknown): boolean {
  if (field(event, 'type') !== 'error') return true
  const status = field(event, 'status')
  return typeof status === 'number' && status < 500 && errorCode(event) !== CONNECTION_LIMIT
}

/** The server does not know the response that is gone on from, or knows no going on. */
function isAboutChain(event: unknown): boolean {
  const parameter = textField(field(event, 'error') ?? event, 'param')
  return errorCode(event) === 'previous_response_not_found' || parameter === 'previous_response_id'
}

/** Whether a request says again all that was said up to this response, and goes on from there. */
function leadsTo(link: Link | null, { model, request }: Attempt): boolean {
  if (link === null || link.model !== model || link.instructions !== request.prompt.instructions) return false
  const { messages } = request.prompt
  const known = link.reply === null ? link.messages : [...link.messages, { role: 'assistant', text: link.reply }]
  return (
    known.length < messages.length &&
    known.every(({ role, text }, index) => messages[index]?.role === role && messages[index].text === text)
  )
}
