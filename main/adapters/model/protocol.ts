// What the two ways of asking (Responses, Chat Completions) have in common.
import type { OpenAI } from 'openai'
import type { ModelEvent, ModelRequest } from '../../core/ports.ts'
import type { Endpoint } from './endpoint.ts'
import type { Party, Trouble } from './failure.ts'
import type { Effort, OptionalParameter } from './learnt.ts'

/** One request as it is to be sent. */
export interface Attempt {
  readonly request: ModelRequest
  readonly model: string
  readonly endpoint: Endpoint
  /** null: say nothing about effort, the model's own default holds. */
  readonly effort: Effort | null
  /** Wire names of optional parameters that this endpoint does not take. */
  readonly dropped: ReadonlySet<string>
}

export type Step =
  | { readonly type: 'event'; readonly event: Extract<ModelEvent, { type: 'text' | 'thinking' }> }
  | { readonly type: 'done'; readonly event: Extract<ModelEvent, { type: 'done' }> }
  | { readonly type: 'trouble'; readonly trouble: Trouble }
  /** The body ended; without a `done` before it the reply is cut. */
  | { readonly type: 'end' }

/** A reply that is being read. */
export interface Reply {
  /** Rejects when the connection breaks or an event cannot be read. */
  next(): Promise<Step>
}

export interface Protocol {
  readonly kind: 'openai' | 'compatible'
  /** For people. */
  readonly api: string
  /** The optional parameters that this attempt sends. */
  optional(attempt: Attempt): readonly OptionalParameter[]
  /** Resolves when the response's headers came. Rejects as the SDK does. */
  open(client: OpenAI, attempt: Attempt, party: Party, signal: AbortSignal): Promise<Reply>
}

/** Reads a stream event by event; `translate` answers null for events that say nothing to us. */
export function replyOf<Event>(stream: AsyncIterable<Event>, translate: (event: Event) => Step | null): Reply {
  const iterator = stream[Symbol.asyncIterator]()
  return {
    async next() {
      for (;;) {
        const result = await iterator.next()
        if (result.done === true) return END
        const step = translate(result.value)
        if (step !== null) return step
      }
    },
  }
}

const END: Step = { type: 'end' }
export const THINKING: Step = { type: 'event', event: { type: 'thinking' } }
