// The WebSocket mode of /v1/responses: lanes, warm-ups, steering, chains of responses, and the end of a connection's time.
import type { IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { errorBody, Stream } from './answer.ts'
import { socketChannel, type Channel, type Outcome, type Plain } from './channel.ts'
import { field, textOf } from './requests.ts'
import type { SeenRequest } from './script.ts'
import {
  stepsOf,
  type HeldSteering,
  type SeenSteer,
  type SteerAnswer,
  type SteerFailure,
  type SteerStep,
} from './steering.ts'

export interface WebSocketOptions {
  /** ms after which a connection ends, as the API's does after 60 minutes. Default: never. */
  readonly connectionMs?: number
  /** Default: models of GPT-6 commit, others do not support it. */
  readonly steering?: SteerAnswer
  /** What becomes of `generate: false`. `generate`: the server does not know it, and answers. Default: accept. */
  readonly warmUp?: 'accept' | 'refuse' | 'generate' | 'stall'
}

/** What the server does with one request, whatever carries it. */
export interface Desk {
  /** All that arrives, as it comes. */
  readonly received: string[]
  readonly steers: SeenSteer[]
  /** The next steers are answered by these. */
  readonly heldSteers: HeldSteering[]
  note(arrival: Arrival): Noted
  refusal(request: SeenRequest): Plain | null
  answer(stream: Stream): void
}

export interface Arrival {
  readonly incoming: IncomingMessage
  readonly body: unknown
  readonly text: string
  /** Monotonic ms. */
  readonly headersAt: number
  readonly transport: SeenRequest['transport']
  readonly warmUp: boolean
}

export interface Noted {
  readonly request: SeenRequest
  over(how: Outcome): void
}

/** One response of a connection. */
interface Running {
  readonly stream: Stream
  readonly channel: Channel
  readonly turn: Turn
  over: boolean
  /** Steers that were accepted, oldest first. */
  readonly queued: SeenSteer[]
}

interface Turn {
  readonly body: unknown
  /** All that is said to the model. */
  readonly text: string
  readonly lane: string | null
  readonly headersAt: number
}

/** More than these may not wait for one response. */
const MOST_STEERS = 4

export function createWebSocketSide(desk: Desk, options: WebSocketOptions) {
  const sockets = new WebSocketServer({ noServer: true })
  /** The responses of each connection; with `store: false` nobody else knows what stands behind them. */
  const memories: Map<string, Running>[] = []
  return {
    get open() {
      return sockets.clients.size
    },
    accept(incoming: IncomingMessage, raw: Duplex, head: Buffer) {
      sockets.handleUpgrade(incoming, raw, head, (socket) => {
        const responses = new Map<string, Running>()
        memories.push(responses)
        serve({ desk, options, responses }, socket, incoming)
      })
    },
    close() {
      for (const client of sockets.clients) client.terminate()
    },
    /** No response can be gone on from any more. */
    forget() {
      for (const responses of memories) responses.clear()
    },
    /** Ends every connection as after 60 minutes. */
    expire() {
      for (const client of sockets.clients) expire(client)
    },
  }
}

function expire(socket: WebSocket): void {
  const message =
    'Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.'
  const error = { type: 'invalid_request_error', code: 'websocket_connection_limit_reached', message, param: null }
  socket.send(JSON.stringify({ type: 'error', status: 400, error }))
  socket.close(1000)
}

interface Side {
  readonly desk: Desk
  readonly options: WebSocketOptions
  readonly responses: Map<string, Running>
}

function serve({ desk, options, responses }: Side, socket: WebSocket, incoming: IncomingMessage): void {
  const lanes = new Map<string | null, Promise<void>>()
  const timer = options.connectionMs === undefined ? null : setTimeout(() => expire(socket), options.connectionMs)
  socket.once('close', () => timer !== null && clearTimeout(timer))
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => {
    const headersAt = performance.now()
    const raw = data.toString('utf8')
    desk.received.push(raw)
    const body: unknown = JSON.parse(raw)
    const type = field(body, 'type')
    if (type === 'response.create') create(body, headersAt)
    else if (type === 'response.steer') steer(body)
    else refuse(null, `Unknown event type: ${String(type)}.`, 'unknown_event', 'type')
  })

  function refuse(lane: string | null, message: string, code: string, parameter: string | null): void {
    const channel = socketChannel(socket, lane, () => {})
    channel.answer({ status: 400, headers: {}, body: JSON.stringify(errorBody(message, code, parameter)) })
  }

  function create(body: unknown, headersAt: number): void {
    const lane = text(field(body, 'stream_id'))
    const former = text(field(body, 'previous_response_id'))
    const known = former === null ? undefined : responses.get(former)
    if (former !== null && known === undefined) {
      const message = `Previous response with id '${former}' not found.`
      return refuse(lane, message, 'previous_response_not_found', 'previous_response_id')
    }
    const said = known === undefined ? textOf(body) : `${behind(known)}\n\n${textOf(body)}`
    enter({ body, text: said, lane, headersAt })
  }

  /** Requests of one lane are answered one after the other. */
  function enter(turn: Turn): void {
    const former = lanes.get(turn.lane) ?? Promise.resolve()
    lanes.set(
      turn.lane,
      former.then(() => run(turn)),
    )
  }

  /** Resolves when the response is over. */
  function run(turn: Turn): Promise<void> {
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    return new Promise((resolve) => {
      const { body } = turn
      const warmUp = field(body, 'generate') === false
      const { request, over } = desk.note({ ...turn, incoming, transport: 'websocket', warmUp })
      const channel = socketChannel(socket, turn.lane, (how) => {
        running.over = true
        over(how)
        resolve()
      })
      const stream = new Stream(request, channel)
      const running: Running = { stream, channel, turn, over: false, queued: [] }
      const refusal = desk.refusal(request)
      if (refusal !== null) return channel.answer(refusal)
      responses.set(idOf(running), running)
      if (warmUp && options.warmUp !== 'generate') answerWarmUp(stream, options.warmUp ?? 'accept')
      else desk.answer(stream)
    })
  }

  function steer(body: unknown): void {
    const seen: SeenSteer = {
      id: `steer_${desk.steers.length + 1}`,
      response: text(field(body, 'previous_response_id')) ?? '',
      input: text(field(body, 'input')) ?? '',
    }
    desk.steers.push(seen)
    const target = responses.get(seen.response)
    const flaw = flawOf(seen, target, options)
    if (target === undefined || flaw !== null) return tell(failed(seen, false, flaw ?? 'response_not_found'))
    const take = (step: SteerStep): void => follow(target, seen, step)
    const hand = desk.heldSteers.shift()
    if (hand !== undefined) return hand.attach(seen, take)
    for (const step of stepsOf(options.steering ?? { type: 'commit' })) take(step)
  }

  function follow(target: Running, seen: SeenSteer, step: SteerStep): void {
    switch (step.type) {
      case 'accept':
        target.queued.push(seen)
        return tell({ type: 'response.steer.accepted', sequence_number: 0, steer: named(seen) })
      case 'fail':
        return tell(failed(seen, withdraw(target, seen), step.code))
      case 'pend':
        if (!target.over) target.stream.end('stop')
        return tell({
          type: 'response.steer.pending',
          sequence_number: 0,
          steer: named(seen),
          reason: 'waiting_for_required_input',
          required_input: [{ type: 'function_call_output', call_id: 'call_1', name: 'look' }],
        })
      case 'commit':
        return succeed(target)
    }
  }

  /** All that was accepted so far goes to one successor, which inherits the settings. */
  function succeed(target: Running): void {
    if (!target.over) target.stream.end('steered')
    const input = target.queued.splice(0).map(({ input }) => input)
    const before = typeof target.turn.body === 'object' ? target.turn.body : {}
    enter({
      body: {
        ...before,
        previous_response_id: idOf(target),
        input: input.map((content) => ({ role: 'user', content })),
      },
      text: [behind(target), ...input].join('\n\n'),
      lane: target.turn.lane,
      headersAt: performance.now(),
    })
  }

  function tell(event: unknown): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event))
  }
}

function answerWarmUp(stream: Stream, how: 'accept' | 'refuse' | 'stall'): void {
  if (how === 'stall') return
  if (how === 'refuse') {
    const body = JSON.stringify(errorBody('Unsupported parameter: generate', 'unsupported_parameter', 'generate'))
    return stream.channel.answer({ status: 400, headers: {}, body })
  }
  stream.begin()
  stream.silence()
}

function flawOf(seen: SeenSteer, target: Running | undefined, options: WebSocketOptions): SteerFailure | null {
  if (target === undefined) return 'response_not_found'
  if (seen.input === '') return 'invalid_input'
  const able = /^gpt-[6-9]/.test(target.stream.request.model)
  if (options.steering === undefined && !able) return 'steering_not_supported'
  if (target.over) return 'response_already_completed'
  return target.queued.length >= MOST_STEERS ? 'too_many_pending_steers' : null
}

function failed(seen: SeenSteer, accepted: boolean, code: SteerFailure): unknown {
  const error = { type: 'invalid_request_error', code, message: `The input was not applied (${code}).` }
  const { id, ...rest } = named(seen)
  const steer = { ...rest, input: seen.input, ...(accepted ? { id } : {}) }
  return { type: 'response.steer.failed', sequence_number: 0, steer, error }
}

/** Whether it was queued. */
function withdraw({ queued }: Running, seen: SeenSteer): boolean {
  const index = queued.indexOf(seen)
  if (index >= 0) queued.splice(index, 1)
  return index >= 0
}

function named(seen: SeenSteer): { readonly id: string; readonly previous_response_id: string } {
  return { id: seen.id, previous_response_id: seen.response }
}

function idOf({ stream }: Running): string {
  return `resp_${stream.request.id}`
}

/** What a response that goes on from this one knows. */
function behind({ stream, turn }: Running): string {
  return `${turn.text}\n\n${stream.said}`
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
