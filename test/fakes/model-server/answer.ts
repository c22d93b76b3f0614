// How one request is answered: by a rule at its pace, by a hand that holds the reply, or by a fault.
import { performance } from 'node:perf_hooks'
import type { Channel } from './channel.ts'
import { goOn, type Continues } from './continuations.ts'
import { chatSpeaker, MALFORMED, responsesSpeaker, type Finish, type Speaker } from './events.ts'
import { field, lastSaid } from './requests.ts'
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

export function errorBody(message: string, code: string | null, parameter: string | null): unknown {
  return { error: { message, type: 'invalid_request_error', param: parameter, code } }
}

export function json(channel: Channel, status: number, body: unknown, headers: Record<string, string> = {}): void {
  channel.answer({ status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

function speakerOf(request: SeenRequest): Speaker {
  if (request.path === '/v1/responses') return responsesSpeaker(request)
  return chatSpeaker(request, field(field(request.body, 'stream_options'), 'include_usage') === true)
}

/** One streamed answer: writes events, and notes when. */
export class Stream {
  readonly speaker: Speaker
  readonly request: SeenRequest
  readonly channel: Channel
  /** All text so far. */
  said = ''
  #begun = false

  constructor(request: SeenRequest, channel: Channel) {
    this.speaker = speakerOf(request)
    this.request = request
    this.channel = channel
  }

  get open(): boolean {
    return this.channel.open
  }

  /** Sends the headers and the events that come before any token. */
  begin(): void {
    if (this.#begun || !this.open) return
    this.#begun = true
    this.channel.head()
    this.request.firstByteAt = performance.now()
    this.channel.write(this.speaker.begin())
  }

  /** Resolves when the connection takes more. */
  async tokens(tokens: readonly string[]): Promise<void> {
    if (!this.open || tokens.length === 0) return
    const events = tokens.map((token) => this.speaker.token(token)).join('')
    this.said += tokens.join('')
    const now = performance.now()
    this.request.firstTokenAt ??= now
    this.request.lastTokenAt = now
    this.request.tokens += tokens.length
    if (!this.channel.write(events)) await new Promise<void>((resolve) => this.channel.onRoom(resolve))
  }

  write(events: string): void {
    if (this.open) this.channel.write(events)
  }

  end(finish: Finish): void {
    if (!this.open) return
    const { cached, text, tokens } = this.request
    this.channel.end(this.speaker.end(finish, { input: Math.ceil(text.length / 4), output: tokens, cached }))
  }

  /** A response without any output, as a warm-up gets it. */
  silence(): void {
    const input = Math.ceil(this.request.text.length / 4)
    if (this.open) this.channel.end(this.speaker.silence({ input, output: 0, cached: 0 }))
  }

  fault(fault: Fault): void {
    const { channel, request, speaker } = this
    switch (fault.type) {
      case 'status': {
        const after = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
        const said = errorBody(fault.message ?? 'Something went wrong.', fault.code ?? null, fault.parameter ?? null)
        const headers = { 'content-type': 'application/json', ...after, ...fault.headers }
        request.firstByteAt = performance.now()
        return channel.answer({ status: fault.status, headers, body: fault.body ?? JSON.stringify(said) })
      }
      case 'html':
        return channel.answer({
          status: 200,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          body: '<!doctype html><title>Welcome</title><h1>Please log in to the network</h1>',
        })
      case 'reset':
        return channel.reset()
      case 'mid-event':
        this.begin()
        return channel.breakIn(speaker.token('this never comes whole'))
      case 'stall':
        return
      case 'malformed':
        this.begin()
        return channel.end(MALFORMED)
      case 'end':
        this.begin()
        return channel.hangUp()
      case 'error':
        this.begin()
        return channel.end(speaker.error(fault.code, fault.message))
      case 'failed':
        this.begin()
        return channel.end(speaker.failed(fault.code, fault.message))
    }
  }
}

export function answerByHand(hand: Held, stream: Stream): void {
  const { request } = stream
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

export async function answer(rule: Rule, stream: Stream, defaults: Defaults): Promise<void> {
  const { channel, request } = stream
  const whole =
    typeof rule.reply === 'function' ? rule.reply(request) : (rule.reply ?? defaults.reply ?? 'Nothing to add.')
  const reply = rule.continues === undefined ? whole : continued(whole, rule.continues, request)
  request.cached = rule.cached ?? 0
  const all = rule.refusal === undefined ? tokenise(reply) : []
  const cap = capOf(request.body)
  const cut = cap !== null && all.length > cap
  const { fault } = rule
  const after = fault !== undefined && 'after' in fault ? fault.after : undefined
  const ttft = rule.ttft ?? defaults.ttft ?? 0

  if (fault !== undefined && after === undefined && !BEGINNING.has(fault.type)) {
    await delay(ttft, channel)
    return stream.fault(fault)
  }
  const streamed = request.transport === 'websocket' || field(request.body, 'stream') === true
  if (!streamed) return answerWhole(request, channel, all.slice(0, cap ?? undefined), cut)

  stream.begin()
  const thinkingUntil = performance.now() + (rule.thinking ?? 0)
  while (rule.thinking !== undefined && stream.open) {
    stream.write(stream.speaker.think())
    const left = thinkingUntil - performance.now()
    if (left <= 0) break
    await delay(Math.min(20, left), channel)
  }
  await delay(ttft, channel)
  const sent = all.slice(0, fault === undefined ? (cap ?? undefined) : (after ?? 0))
  await pace(stream, sent, rule.rate ?? defaults.rate ?? 0)
  if (!stream.open) return
  if (fault !== undefined) return stream.fault(fault)
  if (rule.refusal !== undefined) stream.write(stream.speaker.refuse(rule.refusal))
  stream.end(cut ? 'length' : (rule.finish ?? 'stop'))
}

/** Faults that come after the headers. */
const BEGINNING: ReadonlySet<string> = new Set(['malformed', 'end', 'mid-event'])

/** The reply as a model gives it that was cut off in it: it sees what it had said as the last words of its own. */
function continued(whole: string, continues: Continues, request: SeenRequest): string {
  const cut = lastSaid(request.body)
  return cut === null || !whole.startsWith(cut) ? whole : goOn(whole, cut, continues)
}

/** Keeps the schedule: token n is due n / rate seconds after the start, whatever the timers do in between. */
async function pace(stream: Stream, tokens: readonly string[], rate: number): Promise<void> {
  const { channel } = stream
  const start = performance.now()
  for (let at = 0; at < tokens.length && stream.open;) {
    const due = rate === 0 ? at + BURST : Math.floor(((performance.now() - start) * rate) / 1000) + 1
    const end = Math.min(Math.max(at, due), tokens.length)
    await stream.tokens(tokens.slice(at, end))
    at = end
    if (at >= tokens.length) return
    if (rate === 0) await new Promise((resolve) => setImmediate(resolve))
    else await delay(start + (at * 1000) / rate - performance.now(), channel)
  }
}

/** Resolves after `ms`, or at once when the connection closes. */
function delay(ms: number, channel: Channel): Promise<void> {
  if (ms <= 0 || !channel.open) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const stop = channel.onClose(end)
  })
}

/** The answer to a request that does not ask for a stream. */
function answerWhole(request: SeenRequest, channel: Channel, tokens: readonly string[], cut: boolean): void {
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
    return json(channel, 200, {
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
  json(channel, 200, {
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
