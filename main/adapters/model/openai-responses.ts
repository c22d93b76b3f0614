// The Responses API (OpenAI, Azure): what is sent, and what its events mean, over HTTP as over a WebSocket.
import type { OpenAI } from 'openai'
import type { EasyInputMessage, ResponseCreateParamsBase } from 'openai/resources/responses/responses'
import type { PromptMessage } from '../../core/ports.ts'
import { declined, filtered, troubleOfErrorEvent, troubleOfStream, type Party } from './failure.ts'
import { field, textField } from './json.ts'
import type { OptionalParameter } from './learnt.ts'
import { END, textStep, THINKING, type Attempt, type Protocol, type Reader, type Step } from './protocol.ts'
import { usageOf } from './usage.ts'

const EFFORT: OptionalParameter = { name: 'reasoning', aliases: ['reasoning.effort', 'reasoning_effort'], effort: true }
const VERBOSITY: OptionalParameter = { name: 'text', aliases: ['text.verbosity', 'verbosity'], effort: false }
const CACHE_KEY: OptionalParameter = { name: 'prompt_cache_key', aliases: [], effort: false }
const STORE: OptionalParameter = { name: 'store', aliases: [], effort: false }
const CAP: OptionalParameter = {
  name: 'max_output_tokens',
  aliases: ['max_completion_tokens', 'max_tokens'],
  effort: false,
}

export const responses: Protocol = {
  kind: 'openai',
  api: 'Responses API',
  optional(attempt) {
    const all = attempt.request.lane === 'fast' ? [EFFORT, VERBOSITY, CACHE_KEY, STORE, CAP] : [CACHE_KEY, STORE, CAP]
    return all.filter(
      (parameter) => !attempt.dropped.has(parameter.name) && !(parameter.effort && attempt.effort === null),
    )
  },
  path: '/responses',
  bodyText: (attempt) => JSON.stringify(streamed(attempt)),
  send: (client: OpenAI, attempt, signal) => client.responses.create(streamed(attempt), { signal }).asResponse(),
  reader: createResponsesReader,
}

/** Without what belongs to the way it is sent (`stream`). */
export function bodyOf(attempt: Attempt) {
  const { prompt, maxOutputTokens } = attempt.request
  const sent = new Set(responses.optional(attempt).map((parameter) => parameter.name))
  return {
    model: attempt.model,
    instructions: prompt.instructions,
    input: inputOf(prompt.messages),
    ...(sent.has('reasoning') ? { reasoning: { effort: attempt.effort } } : {}),
    ...(sent.has('text') ? { text: { verbosity: 'low' as const } } : {}),
    ...(sent.has('prompt_cache_key') ? { prompt_cache_key: prompt.cacheKey } : {}),
    ...(sent.has('store') ? { store: false } : {}),
    ...(sent.has('max_output_tokens') ? { max_output_tokens: maxOutputTokens } : {}),
  } satisfies ResponseCreateParamsBase
}

function streamed(attempt: Attempt) {
  return { ...bodyOf(attempt), stream: true } as const
}

export function inputOf(messages: readonly PromptMessage[]): EasyInputMessage[] {
  return messages.map((message) => ({ role: message.role, content: message.text }))
}

/** Reads the events of one response; over a WebSocket they are the same as in a stream over HTTP. */
export function createResponsesReader(party: Party): Reader {
  let refusal = ''
  return {
    read(event) {
      switch (field(event, 'type')) {
        case 'response.output_text.delta': {
          const text = textField(event, 'delta')
          return text === null ? null : textStep(text)
        }
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return THINKING
        case 'response.output_item.added':
        case 'response.output_item.done':
          return field(field(event, 'item'), 'type') === 'reasoning' ? THINKING : null
        case 'response.refusal.delta':
          refusal += textField(event, 'delta') ?? ''
          return null
        case 'response.completed':
          return refusal === ''
            ? doneOf(field(event, 'response'), 'stop')
            : { type: 'trouble', trouble: declined(party, refusal) }
        case 'response.incomplete': {
          const response = field(event, 'response')
          return incompleteReason(response) === 'content_filter'
            ? { type: 'trouble', trouble: filtered(party) }
            : doneOf(response, 'length')
        }
        case 'response.failed':
          return { type: 'trouble', trouble: troubleOfStream(field(field(event, 'response'), 'error'), party) }
        case 'error':
          return { type: 'trouble', trouble: troubleOfErrorEvent(event, party) }
        default:
          return null
      }
    },
    end: () => END,
  }
}

/** Why a response is incomplete; null when it does not say. */
export function incompleteReason(response: unknown): string | null {
  return textField(field(response, 'incomplete_details'), 'reason')
}

function doneOf(response: unknown, finish: 'stop' | 'length'): Step {
  const counted = field(response, 'usage')
  const usage = counted ? usageOf(counted, 'input_tokens', 'output_tokens', 'input_tokens_details') : null
  return { type: 'done', event: { type: 'done', finish, usage } }
}
