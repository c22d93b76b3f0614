// How one request is answered: by a rule at its pace, by a hand that holds the reply, or by a fault.
import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { chatSpeaker, MALFORMED, responsesSpeaker, type Finish, type Speaker } from './events.ts'
import { field } from './requests.ts'
import { tokenise, type Fault, type Held, type Rule, type SeenRequest } from './script.ts'

/** Tokens in one write when the rate is unbounded. */
const BURST = 256

/** What holds where no rule says anything else. */
export interface Defaults {
  readonly reply?: string
  /** ms until the first token. */
  readonly ttft?: number
  /** Tokens per second; 0: as fast as the connection takes them. */
  readonly rate?: number
}

/** Connections that the server itself broke, by script. */
export const brokenByUs = new WeakSet<ServerResponse>()

export function errorBody(message: string, code: string | null, parameter: string | null): unknown {
  return { error: { message, type: 'invalid_request_error', param: parameter, code } }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function speakerOf(request: SeenRequest): Speaker {
  if (request.path === '/v1/responses') return responsesSpeaker(request)
  return chatSpeaker(request, field(field(request.body, 'stream_options'), 'include_usage') === true)
}

/** One streamed answer: writes events, and notes when. */
class Stream {
  readonly speaker: Speaker
  readonly request: SeenRequest
  readonly response: ServerResponse
  #begun = false

  constructor(request: SeenRequest, response: ServerResponse) {
    this.speaker = speakerOf(request)
    this.request = request
    this.response = response
  }

  get open(): boolean {
    return !this.response.destroyed && !this.response.writableEnded
  }

  /** Sends the headers and the events that come before any token. */
  begin(): void {
    if (this.#begun || !this.open) return
    this.#begun = true
    this.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
    this.request.firstByteAt = performance.now()
    this.response.write(this.speaker.begin())
  }

  /** Resolves when the connection takes more. */
  async tokens(tokens: readonly string[]): Promise<void> {
    if (!this.open || tokens.length === 0) return
    const events = tokens.map((token) => this.speaker.token(token)).join('')
    const now = performance.now()
    this.request.firstTokenAt ??= now
    this.request.lastTokenAt = now
    this.request.tokens += tokens.length
    if (!this.response.write(events)) await new Promise((resolve) => onceEither(this.response, resolve))
  }

  write(events: string): void {
    if (this.open) this.response.write(events)
  }

  end(finish: Finish): void {
    if (!this.open) return
    const counts = { input: Math.ceil(this.request.text.length / 4), output: this.request.tokens }
    this.response.end(this.speaker.end(finish, counts))
  }

  fault(fault: Fault): void {
    const { request, response, speaker } = this
    switch (fault.type) {
      case 'status':
        response.writeHead(fault.status, {
          'content-type': 'application/json',
          ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
          ...fault.headers,
        })
        request.firstByteAt = performance.now()
        response.end(
          fault.body ??
            JSON.stringify(
              errorBody(fault.message ?? 'Something went wrong.', fault.code ?? null, fault.parameter ?? null),
            ),
        )
        return
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        response.end('<!doctype html><title>Welcome</title><h1>Please log in to the network</h1>')
        return
      case 'reset':
        brokenByUs.add(response)
        // What was written before still lies corked in this turn, and would be lost.
        setImmediate(() => response.socket?.resetAndDestroy())
        return
      case 'stall':
        return
      case 'malformed':
        this.begin()
        response.end(MALFORMED)
        return
      case 'end':
        this.begin()
        response.end()
        return
      case 'error':
      case 'failed':
        this.begin()
        response.end(
          fault.type === 'error' ? speaker.error(fault.code, fault.message) : speaker.failed(fault.code, fault.message),
        )
        return
    }
  }
}

function onceEither(response: ServerResponse, run: (value: void) => void): void {
  const end = (): void => {
    response.off('drain', end)
    response.off('close', end)
    run()
  }
  response.on('drain', end)
  response.on('close', end)
}

export function answerByHand(hand: Held, request: SeenRequest, response: ServerResponse): void {
  const stream = new Stream(request, response)
  hand.attach(request, (action) => {
    if (!stream.open) return
    switch (action.type) {
      case 'token':
        stream.begin()
        void stream.tokens([action.token])
        return
      case 'think':
        stream.begin()
        stream.write(stream.speaker.think())
        return
      case 'end':
        stream.begin()
        stream.end(action.finish)
        return
      case 'fault':
        stream.fault(action.fault)
        return
    }
  })
}

export async function answer(
  rule: Rule,
  request: SeenRequest,
  response: ServerResponse,
  defaults: Defaults,
): Promise<void> {
  const stream = new Stream(request, response)
  const reply =
    typeof rule.reply === 'function' ? rule.reply(request) : (rule.reply ?? defaults.reply ?? 'Nothing to add.')
  const all = rule.refusal === undefined ? tokenise(reply) : []
  const cap = capOf(request.body)
  const cut = cap !== null && all.length > cap
  const { fault } = rule
  const after = fault !== undefined && 'after' in fault ? fault.after : undefined
  const ttft = rule.ttft ?? defaults.ttft ?? 0

  if (fault !== undefined && after === undefined && fault.type !== 'malformed' && fault.type !== 'end') {
    await delay(ttft, response)
    return stream.fault(fault)
  }
  if (field(request.body, 'stream') !== true) return answerWhole(request, response, all.slice(0, cap ?? undefined), cut)

  stream.begin()
  const thinkingUntil = performance.now() + (rule.thinking ?? 0)
  while (rule.thinking !== undefined && stream.open) {
    stream.write(stream.speaker.think())
    const left = thinkingUntil - performance.now()
    if (left <= 0) break
    await delay(Math.min(20, left), response)
  }
  await delay(ttft, response)
  const sent = all.slice(0, fault === undefined ? (cap ?? undefined) : (after ?? 0))
  await pace(stream, sent, rule.rate ?? defaults.rate ?? 0)
  if (!stream.open) return
  if (fault !== undefined) return stream.fault(fault)
  if (rule.refusal !== undefined) stream.write(stream.speaker.refuse(rule.refusal))
  stream.end(cut ? 'length' : (rule.finish ?? 'stop'))
}

/** Keeps the schedule: token n is due n / rate seconds after the start, whatever the timers do in between. */
async function pace(stream: Stream, tokens: readonly string[], rate: number): Promise<void> {
  const start = performance.now()
  for (let at = 0; at < tokens.length && stream.open;) {
    const due = rate === 0 ? at + BURST : Math.floor(((performance.now() - start) * rate) / 1000) + 1
    const end = Math.min(Math.max(at, due), tokens.length)
    await stream.tokens(tokens.slice(at, end))
    at = end
    if (at >= tokens.length) return
    if (rate === 0) await new Promise((resolve) => setImmediate(resolve))
    else await delay(start + (at * 1000) / rate - performance.now(), stream.response)
  }
}

/** Resolves after `ms`, or at once when the connection closes. */
function delay(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0 || response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      response.off('close', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    response.once('close', end)
  })
}

/** The answer to a request that does not ask for a stream. */
function answerWhole(request: SeenRequest, response: ServerResponse, tokens: readonly string[], cut: boolean): void {
  const text = tokens.join('')
  const input = Math.ceil(request.text.length / 4)
  request.tokens = tokens.length
  request.firstByteAt = performance.now()
  if (request.path === '/v1/responses') {
    const part = { type: 'output_text', annotations: [], logprobs: [], text }
    const status = cut ? 'incomplete' : 'completed'
    const item = { id: `msg_${request.id}`, type: 'message', status, role: 'assistant', content: [part] }
    const usage = { input_tokens: input, output_tokens: tokens.length, total_tokens: input + tokens.length }
    const reason = cut ? { reason: 'max_output_tokens' } : null
    return json(response, 200, {
      id: `resp_${request.id}`,
      object: 'response',
      created_at: 1_780_000_000,
      status,
      model: request.model,
      error: null,
      incomplete_details: reason,
      output: [item],
      usage,
    })
  }
  const usage = { prompt_tokens: input, completion_tokens: tokens.length, total_tokens: input + tokens.length }
  const message = { role: 'assistant', content: text, refusal: null }
  const choices = [{ index: 0, message, logprobs: null, finish_reason: cut ? 'length' : 'stop' }]
  json(response, 200, {
    id: `chatcmpl-${request.id}`,
    object: 'chat.completion',
    created: 1_780_000_000,
    model: request.model,
    choices,
    usage,
  })
}

function capOf(body: unknown): number | null {
  for (const name of ['max_output_tokens', 'max_completion_tokens', 'max_tokens']) {
    const cap = field(body, name)
    if (typeof cap === 'number') return cap
  }
  return null
}
