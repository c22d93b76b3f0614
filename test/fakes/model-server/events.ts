// The two protocols as the server speaks them: which events an answer consists of.
import type { SeenRequest } from './script.ts'

/** Usage as both protocols report it. */
export interface Counts {
  readonly input: number
  readonly output: number
  readonly cached: number
}

/** `steered`: only over a WebSocket, where words of the person cut a response short. */
export type Finish = 'stop' | 'length' | 'content_filter' | 'steered'

/** Each method gives server-sent events, ready for the socket. */
export interface Speaker {
  begin(): string
  think(): string
  token(token: string): string
  refuse(words: string): string
  end(finish: Finish, counts: Counts): string
  /** The end of a reply that says nothing. */
  silence(counts: Counts): string
  error(code: string, message: string): string
  failed(code: string, message: string): string
}

export const MALFORMED = 'data: {"this is not": JSON\n\n'

function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

/** Chat Completions: chunks, a usage chunk when `stream_options` asks for one, `[DONE]`. */
export function chatSpeaker(request: SeenRequest, wantsUsage: boolean): Speaker {
  const base = {
    id: `chatcmpl-${request.id}`,
    object: 'chat.completion.chunk',
    created: 1_780_000_000,
    model: request.model,
  }
  const chunk = (delta: unknown, finish: Finish | null = null): string =>
    data({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })
  const error = (code: string, message: string): string => data({ error: { message, type: code, param: null, code } })
  const end = (finish: Finish, counts: Counts): string => {
    const usage = {
      prompt_tokens: counts.input,
      completion_tokens: counts.output,
      total_tokens: counts.input + counts.output,
      prompt_tokens_details: { cached_tokens: counts.cached },
    }
    return `${chunk({}, finish)}${wantsUsage ? data({ ...base, choices: [], usage }) : ''}data: [DONE]\n\n`
  }
  return {
    begin: () => chunk({ role: 'assistant', content: '' }),
    think: () => chunk({ reasoning_content: 'Hm. ' }),
    token: (token) => chunk({ content: token }),
    refuse: (words) => chunk({ refusal: words }),
    end,
    silence: (counts) => end('stop', counts),
    error,
    failed: error,
  }
}

/** Responses: the sequence that the API documents, with its numbers, and a reasoning item when there was reasoning. */
export function responsesSpeaker(request: SeenRequest): Speaker {
  let sequence = 0
  let index = 0
  let thinking: { readonly id: string; text: string } | null = null
  let message: { readonly id: string; text: string; refusal: string } | null = null
  const output: unknown[] = []

  const event = (type: string, value: Record<string, unknown>): string => {
    const line = `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...value })}\n\n`
    sequence += 1
    return line
  }
  const response = (status: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    response: {
      id: `resp_${request.id}`,
      object: 'response',
      created_at: 1_780_000_000,
      status,
      model: request.model,
      error: null,
      incomplete_details: null,
      output,
      usage: null,
      ...more,
    },
  })

  const endThinking = (): string => {
    if (thinking === null) return ''
    const item = { id: thinking.id, type: 'reasoning', summary: [{ type: 'summary_text', text: thinking.text }] }
    const where = { item_id: thinking.id, output_index: index, summary_index: 0 }
    const events = [
      event('response.reasoning_summary_text.done', { ...where, text: thinking.text }),
      event('response.reasoning_summary_part.done', { ...where, part: item.summary[0] }),
      event('response.output_item.done', { output_index: index, item }),
    ]
    output.push(item)
    thinking = null
    index += 1
    return events.join('')
  }

  const beginMessage = (): string => {
    if (message !== null) return ''
    const before = endThinking()
    message = { id: `msg_${request.id}`, text: '', refusal: '' }
    const item = { id: message.id, type: 'message', status: 'in_progress', role: 'assistant', content: [] }
    const part = { type: 'output_text', annotations: [], logprobs: [], text: '' }
    return [
      before,
      event('response.output_item.added', { output_index: index, item }),
      event('response.content_part.added', { item_id: message.id, output_index: index, content_index: 0, part }),
    ].join('')
  }

  const endMessage = (status: string): string => {
    const before = beginMessage()
    if (message === null) return before
    const where = { item_id: message.id, output_index: index, content_index: 0 }
    const declined = message.refusal !== ''
    const part = declined
      ? { type: 'refusal', refusal: message.refusal }
      : { type: 'output_text', annotations: [], logprobs: [], text: message.text }
    const item = { id: message.id, type: 'message', status, role: 'assistant', content: [part] }
    output.push(item)
    return [
      before,
      declined
        ? event('response.refusal.done', { ...where, refusal: message.refusal })
        : event('response.output_text.done', { ...where, text: message.text, logprobs: [] }),
      event('response.content_part.done', { ...where, part }),
      event('response.output_item.done', { output_index: index, item }),
    ].join('')
  }

  return {
    begin: () =>
      event('response.created', response('in_progress')) + event('response.in_progress', response('in_progress')),
    think() {
      let before = ''
      if (thinking === null) {
        thinking = { id: `rs_${request.id}`, text: '' }
        const where = { item_id: thinking.id, output_index: index, summary_index: 0 }
        const item = { id: thinking.id, type: 'reasoning', summary: [] }
        before =
          event('response.output_item.added', { output_index: index, item }) +
          event('response.reasoning_summary_part.added', { ...where, part: { type: 'summary_text', text: '' } })
      }
      thinking.text += 'Hm. '
      const where = { item_id: thinking.id, output_index: index, summary_index: 0 }
      return before + event('response.reasoning_summary_text.delta', { ...where, delta: 'Hm. ' })
    },
    token(token) {
      const before = beginMessage()
      if (message === null) return before
      message.text += token
      const where = { item_id: message.id, output_index: index, content_index: 0 }
      return before + event('response.output_text.delta', { ...where, delta: token, logprobs: [] })
    },
    refuse(words) {
      const before = beginMessage()
      if (message === null) return before
      message.refusal += words
      const where = { item_id: message.id, output_index: index, content_index: 0 }
      return before + event('response.refusal.delta', { ...where, delta: words })
    },
    silence: (counts) => event('response.completed', response('completed', { usage: usageOf(counts) })),
    end(finish, counts) {
      const usage = usageOf(counts)
      if (finish === 'stop')
        return endMessage('completed') + event('response.completed', response('completed', { usage }))
      const reason = finish === 'length' ? 'max_output_tokens' : finish
      const details = { usage, incomplete_details: { reason } }
      return endMessage('incomplete') + event('response.incomplete', response('incomplete', details))
    },
    error: (code, words) => event('error', { code, message: words, param: null }),
    failed: (code, words) => event('response.failed', response('failed', { error: { code, message: words } })),
  }
}

function usageOf(counts: Counts): unknown {
  return {
    input_tokens: counts.input,
    input_tokens_details: { cached_tokens: counts.cached },
    output_tokens: counts.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: counts.input + counts.output,
  }
}
