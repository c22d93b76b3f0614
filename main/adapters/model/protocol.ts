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

export type Done = Extract<ModelEvent, { type: 'done' }>

export type Step =
  | { readonly type: 'event'; readonly event: Extract<ModelEvent, { type: 'text' | 'thinking' | 'steered' }> }
  | { readonly type: 'done'; readonly event: Done }
  | { readonly type: 'trouble'; readonly trouble: Trouble }
  /** The body ended; without a `done` before it the reply is cut. */
  | { readonly type: 'end' }

/** Understands the events of one reply, in their order. What it reads comes from a foreign server, so nothing is trusted. */
export interface Reader {
  /** What an event says; null when it says nothing to us. */
  read(event: unknown): Step | null
  /** What it means that the body is over. */
  end(): Step
}

export interface Protocol {
  readonly kind: 'openai' | 'compatible'
  /** For people. */
  readonly api: string
  /** The optional parameters that this attempt sends. */
  optional(attempt: Attempt): readonly OptionalParameter[]
  /** Where requests go, behind the endpoint's base address. */
  readonly path: string
  /** What `send` sends, to the last byte. */
  bodyText(attempt: Attempt): string
  /** Resolves when the response's headers came; its body is left to the caller. Rejects as the SDK does. */
  send(client: OpenAI, attempt: Attempt, signal: AbortSignal): Promise<unknown>
  reader(party: Party): Reader
}

export const END: Step = { type: 'end' }
export const THINKING: Step = { type: 'event', event: { type: 'thinking' } }

export function textStep(text: string): Step {
  return { type: 'event', event: { type: 'text', text } }
}
