// What the model server is told to answer: rules, faults, and replies that a test holds in its hand.

import type { Continues } from './continuations.ts'

/** A request as it arrived. Times are performance.now() of the server's process. */
export interface SeenRequest {
  /** 1, 2, ... in order of arrival; -1, -2, ... for warm-ups. */
  readonly id: number
  readonly path: string
  readonly transport: 'http' | 'websocket'
  /** The client's end of the connection: equal for requests on the same one. */
  readonly clientPort: number
  /** Which request on its connection this is, from 1; those for the list of models count. */
  readonly connectionRequests: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The parsed JSON body; null when it was none. */
  readonly body: unknown
  readonly model: string
  /** All that was said to the model: instructions and messages, also those of the responses it goes on from, joined by blank lines. */
  readonly text: string
  /** When its headers, and when its whole body had arrived. */
  readonly headersAt: number
  readonly at: number
  /** When the first byte of the answer, and of its first token, was handed to the socket. */
  firstByteAt: number | null
  firstTokenAt: number | null
  lastTokenAt: number | null
  /** Tokens sent so far. */
  tokens: number
  /** Tokens of the input that count as cached. */
  cached: number
  /** When the client closed the connection before the answer was complete. */
  clientClosedAt: number | null
  /** When the answer was complete. */
  completedAt: number | null
  /** Settles when the exchange is over, one way or the other. */
  readonly over: Promise<'completed' | 'client-closed' | 'server-closed'>
}

/** What goes wrong. `after`: once this many tokens were sent (default 0). */
export type Fault =
  /** An error answer in OpenAI's shape, or `body` as it stands. */
  | {
      readonly type: 'status'
      readonly status: number
      readonly message?: string
      readonly code?: string
      readonly parameter?: string
      /** Seconds. */
      readonly retryAfter?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Without `after`: before the headers. */
  | { readonly type: 'reset'; readonly after?: number }
  /** Sends nothing more, and keeps the connection open. Without `after`: not even headers. */
  | { readonly type: 'stall'; readonly after?: number }
  /** An event that is not JSON. */
  | { readonly type: 'malformed'; readonly after?: number }
  /** The connection breaks within an event. */
  | { readonly type: 'mid-event'; readonly after?: number }
  /** The body ends in good order, but the reply is not complete. */
  | { readonly type: 'end'; readonly after?: number }
  /** An `error` event (Responses) or an `{error}` chunk (Chat Completions). */
  | { readonly type: 'error'; readonly after?: number; readonly code: string; readonly message: string }
  /** `response.failed`; the same as `error` in Chat Completions. */
  | { readonly type: 'failed'; readonly after?: number; readonly code: string; readonly message: string }
  /** 200 with a web page, as a captive portal answers. */
  | { readonly type: 'html' }

/** The first rule that fits answers. As JSON (`--script FILE`): `when` is a substring of the request's text. */
export interface Rule {
  /** Default: fits every request. */
  readonly when?: string | RegExp | ((request: SeenRequest) => boolean)
  readonly reply?: string | ((request: SeenRequest) => string)
  /** After this many uses the rule fits no more. */
  readonly times?: number
  /** ms until the first token. */
  readonly ttft?: number
  /** Tokens per second; 0: as fast as the connection takes them. */
  readonly rate?: number
  /** ms of reasoning before the first token, shown by reasoning events. */
  readonly thinking?: number
  readonly finish?: 'stop' | 'length' | 'content_filter'
  /** The model declines with these words. */
  readonly refusal?: string
  readonly fault?: Fault
  /** How the model goes on when it sees that it was cut off in this reply; default: it gives the whole reply again. */
  readonly continues?: Continues
  /** Tokens of the input that the usage reports as cached. */
  readonly cached?: number
}

/** A reply that the test pushes token by token. What is pushed before its request arrives is kept for it. */
export interface HeldReply {
  /** The request it answers, once that has arrived. */
  readonly request: Promise<SeenRequest>
  /** Sends one token at once. */
  push(token: string): void
  /** Sends a reasoning event. */
  think(): void
  end(finish?: Rule['finish']): void
  /** Lets it go wrong; `after` has no meaning here. */
  fail(fault: Fault): void
}

export type HeldAction =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'think' }
  | { readonly type: 'end'; readonly finish: NonNullable<Rule['finish']> }
  | { readonly type: 'fault'; readonly fault: Fault }

/** The two ends of a held reply: the test pushes actions, the server takes them in order. */
export class Held implements HeldReply {
  readonly request: Promise<SeenRequest>
  readonly when: Rule['when']
  #arrive: (request: SeenRequest) => void = () => {}
  #waiting: HeldAction[] = []
  #take: ((action: HeldAction) => void) | null = null

  constructor(when: Rule['when']) {
    this.when = when
    this.request = new Promise((resolve) => {
      this.#arrive = resolve
    })
  }

  push(token: string): void {
    this.#give({ type: 'token', token })
  }

  think(): void {
    this.#give({ type: 'think' })
  }

  end(finish: NonNullable<Rule['finish']> = 'stop'): void {
    this.#give({ type: 'end', finish })
  }

  fail(fault: Fault): void {
    this.#give({ type: 'fault', fault })
  }

  /** The server's end: every action goes to `take`, at once. */
  attach(request: SeenRequest, take: (action: HeldAction) => void): void {
    this.#take = take
    this.#arrive(request)
    for (const action of this.#waiting.splice(0)) take(action)
  }

  #give(action: HeldAction): void {
    if (this.#take === null) this.#waiting.push(action)
    else this.#take(action)
  }
}

export function fits(when: Rule['when'], request: SeenRequest): boolean {
  if (when === undefined) return true
  if (typeof when === 'string') return request.text.includes(when)
  return typeof when === 'function' ? when(request) : when.test(request.text)
}

/** Pieces of about four characters, splitting anywhere but inside a surrogate pair. */
export function tokenise(text: string): readonly string[] {
  const tokens: string[] = []
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + 4, text.length)
    const last = text.charCodeAt(end - 1)
    if (last >= 0xd800 && last <= 0xdbff && end < text.length) end += 1
    tokens.push(text.slice(at, end))
    at = end
  }
  return tokens
}
