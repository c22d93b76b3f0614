// Asks by the Responses API (OpenAI, Azure), streamed over HTTP.
import type { OpenAI } from 'openai'
import type {
  ResponseCreateParamsStreaming,
  ResponseStreamEvent,
  Response as Answer,
} from 'openai/resources/responses/responses'
import { declined, filtered, troubleOfStream, type Party } from './failure.ts'
import type { OptionalParameter } from './learnt.ts'
import { replyOf, THINKING, type Attempt, type Protocol, type Step } from './protocol.ts'

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
  async open(client: OpenAI, attempt, party, signal) {
    const stream = await client.responses.create(bodyOf(attempt), { signal })
    return replyOf(stream, translator(party))
  },
}

function bodyOf(attempt: Attempt): ResponseCreateParamsStreaming {
  const { prompt, maxOutputTokens } = attempt.request
  const sent = new Set(responses.optional(attempt).map((parameter) => parameter.name))
  return {
    model: attempt.model,
    stream: true,
    instructions: prompt.instructions,
    input: prompt.messages.map((message) => ({ role: message.role, content: message.text })),
    ...(sent.has('reasoning') ? { reasoning: { effort: attempt.effort } } : {}),
    ...(sent.has('text') ? { text: { verbosity: 'low' } } : {}),
    ...(sent.has('prompt_cache_key') ? { prompt_cache_key: prompt.cacheKey } : {}),
    ...(sent.has('store') ? { store: false } : {}),
    ...(sent.has('max_output_tokens') ? { max_output_tokens: maxOutputTokens } : {}),
  }
}

function translator(party: Party): (event: ResponseStreamEvent) => Step | null {
  let refusal = ''
  return (event) => {
    switch (event.type) {
      case 'response.output_text.delta':
        return event.delta === '' ? null : { type: 'event', event: { type: 'text', text: event.delta } }
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return THINKING
      case 'response.output_item.added':
      case 'response.output_item.done':
        return event.item.type === 'reasoning' ? THINKING : null
      case 'response.refusal.delta':
        refusal += event.delta
        return null
      case 'response.completed':
        return refusal === '' ? doneOf(event.response, 'stop') : { type: 'trouble', trouble: declined(party, refusal) }
      case 'response.incomplete':
        return event.response.incomplete_details?.reason === 'content_filter'
          ? { type: 'trouble', trouble: filtered(party) }
          : doneOf(event.response, 'length')
      case 'response.failed':
        return { type: 'trouble', trouble: troubleOfStream(event.response.error, party) }
      case 'error':
        return { type: 'trouble', trouble: troubleOfStream(event, party) }
      default:
        return null
    }
  }
}

function doneOf(answer: Answer, finish: 'stop' | 'length'): Step {
  const usage = answer.usage ? { input: answer.usage.input_tokens, output: answer.usage.output_tokens } : null
  return { type: 'done', event: { type: 'done', finish, usage } }
}
