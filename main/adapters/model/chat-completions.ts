// Asks by Chat Completions (Ollama, LM Studio, llama.cpp, vLLM, Groq, Cerebras and the like), streamed over HTTP.
import type { OpenAI } from 'openai'
import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { Usage } from '../../core/ports.ts'
import { declined, filtered, troubleOfStream, type Party } from './failure.ts'
import { field, textField } from './json.ts'
import type { OptionalParameter } from './learnt.ts'
import { END, textStep, THINKING, type Attempt, type Protocol, type Reader } from './protocol.ts'
import { usageOf } from './usage.ts'

const EFFORT: OptionalParameter = { name: 'reasoning_effort', aliases: ['reasoning.effort', 'reasoning'], effort: true }
const VERBOSITY: OptionalParameter = { name: 'verbosity', aliases: [], effort: false }
const CACHE_KEY: OptionalParameter = { name: 'prompt_cache_key', aliases: [], effort: false }
const STORE: OptionalParameter = { name: 'store', aliases: [], effort: false }
const USAGE: OptionalParameter = { name: 'stream_options', aliases: ['include_usage'], effort: false }
const OLD_CAP: OptionalParameter = { name: 'max_tokens', aliases: [], effort: false }
const NEW_CAP: OptionalParameter = { name: 'max_completion_tokens', aliases: [], effort: false }

export const chatCompletions: Protocol = {
  kind: 'compatible',
  api: 'Chat Completions API',
  optional(attempt) {
    const { dropped, effort, endpoint, request } = attempt
    const hosted = endpoint.operator !== 'other'
    // Servers that know only `max_tokens` ignore the newer name in silence; OpenAI's newer models refuse the old one aloud.
    const caps = hosted ? [NEW_CAP, OLD_CAP] : [OLD_CAP, NEW_CAP]
    const cap = caps.find((parameter) => !dropped.has(parameter.name))
    return [
      ...(request.lane === 'fast' && effort !== null ? [EFFORT] : []),
      // Only OpenAI stores and words replies by request; elsewhere these two would merely cost a refusal.
      ...(hosted ? [STORE] : []),
      ...(hosted && request.lane === 'fast' ? [VERBOSITY] : []),
      CACHE_KEY,
      USAGE,
      ...(cap === undefined ? [] : [cap]),
    ].filter((parameter) => !dropped.has(parameter.name))
  },
  path: '/chat/completions',
  bodyText: (attempt) => JSON.stringify(bodyOf(attempt)),
  send: (client: OpenAI, attempt, signal) => client.chat.completions.create(bodyOf(attempt), { signal }).asResponse(),
  reader: createReader,
}

function bodyOf(attempt: Attempt): ChatCompletionCreateParamsStreaming {
  const { prompt, maxOutputTokens } = attempt.request
  const sent = new Set(chatCompletions.optional(attempt).map((parameter) => parameter.name))
  const said: ChatCompletionMessageParam[] = prompt.messages.map((message) => ({
    role: message.role,
    content: message.text,
  }))
  return {
    model: attempt.model,
    stream: true,
    messages: [{ role: 'system', content: prompt.instructions }, ...said],
    ...(sent.has('reasoning_effort') ? { reasoning_effort: attempt.effort } : {}),
    ...(sent.has('verbosity') ? { verbosity: 'low' } : {}),
    ...(sent.has('prompt_cache_key') ? { prompt_cache_key: prompt.cacheKey } : {}),
    ...(sent.has('store') ? { store: false } : {}),
    ...(sent.has('stream_options') ? { stream_options: { include_usage: true } } : {}),
    ...(sent.has('max_tokens') ? { max_tokens: maxOutputTokens } : {}),
    ...(sent.has('max_completion_tokens') ? { max_completion_tokens: maxOutputTokens } : {}),
  }
}

/** The usage comes after the finish reason, so `done` waits for the end of the body. */
function createReader(party: Party): Reader {
  let finish: 'stop' | 'length' | null = null
  let usage: Usage | null = null
  let refusal = ''
  return {
    read(chunk) {
      const error = field(chunk, 'error')
      if (error !== undefined && error !== null) return { type: 'trouble', trouble: troubleOfStream(error, party) }
      const counted = field(chunk, 'usage')
      if (counted) usage = usageOf(counted, 'prompt_tokens', 'completion_tokens', 'prompt_tokens_details')
      const choices = field(chunk, 'choices')
      const choice: unknown = Array.isArray(choices) ? choices[0] : undefined
      if (choice === undefined) return null
      const delta = field(choice, 'delta')
      refusal += textField(delta, 'refusal') ?? ''
      const reason = textField(choice, 'finish_reason')
      if (reason === 'content_filter') return { type: 'trouble', trouble: filtered(party) }
      if (reason !== null) finish = reason === 'length' ? 'length' : 'stop'
      const text = textField(delta, 'content')
      if (text !== null) return textStep(text)
      // Not in the published schema: `reasoning_content` is DeepSeek's, vLLM's and llama.cpp's name, `reasoning` Ollama's and Groq's.
      return textField(delta, 'reasoning_content') !== null || textField(delta, 'reasoning') !== null ? THINKING : null
    },
    end() {
      if (finish === null) return END
      return refusal === ''
        ? { type: 'done', event: { type: 'done', finish, usage } }
        : { type: 'trouble', trouble: declined(party, refusal) }
    },
  }
}
