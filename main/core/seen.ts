// What a request told the model, taken apart for people: from the very bytes that were sent, so that nothing can be missing.
import type { SeenPart, SeenRequest, WithheldView } from '../../preload/contract.ts'
import { partsOf } from './pieces.ts'
import type { Prompt, PromptMessage, WireRequest } from './ports.ts'
import type { Redactor } from './redact.ts'
import { tokensOf } from './tokens.ts'

/** One request with what is known of it besides its bytes. */
export interface Written {
  readonly wire: WireRequest
  /** The prompt it was made from: it names the parts. */
  readonly prompt: Prompt | null
  /** Epoch ms. */
  readonly at: number | null
}

const SAID: Readonly<Record<PromptMessage['role'], string>> = {
  assistant: 'what the model had said',
  user: 'message',
}

/**
 * The parts are read out of the body: its instructions, each message (named by the prompt where its text is the same), and
 * as "settings" everything else. Messages that the endpoint has already come first, as `known`.
 */
export function seenRequest({ wire, prompt, at }: Written): SeenRequest {
  const parts = [...knownParts(wire, prompt), ...bodyParts(wire, prompt)]
  return {
    kind: wire.kind,
    at,
    endpoint: wire.endpoint,
    transport: wire.transport,
    model: wire.model,
    sent: wire.sent,
    bytes: bytesOf(wire.body),
    tokens: parts.reduce((sum, part) => sum + (part.known ? 0 : part.tokens), 0),
    parts,
    body: wire.body,
  }
}

function knownParts({ known }: WireRequest, prompt: Prompt | null): readonly SeenPart[] {
  return (prompt?.messages ?? []).slice(0, known).flatMap((message) => messageParts(message, true))
}

function bodyParts(wire: WireRequest, prompt: Prompt | null): readonly SeenPart[] {
  const body = objectOf(wire.body)
  if (body === null) return [plain('body', wire.body)]
  const { instructions, input, messages, ...settings } = body
  const parts: SeenPart[] = []
  if (typeof instructions === 'string') parts.push(plain('instructions', instructions))
  else if (instructions !== undefined) settings['instructions'] = instructions
  if (typeof input === 'string') parts.push(plain(wire.kind === 'steer' ? 'nudge' : 'message', input))
  const own = prompt?.messages.slice(wire.known) ?? []
  for (const said of [...listOf(input), ...listOf(messages)]) {
    const role = fieldOf(said, 'role')
    const text = fieldOf(said, 'content')
    if (typeof text !== 'string') parts.push(plain('message', JSON.stringify(said)))
    else if (role === 'system') parts.push(plain('instructions', text))
    else {
      const named = own.find((message) => message.role === role && message.text === text)
      parts.push(...messageParts(named ?? { role: role === 'assistant' ? 'assistant' : 'user', text }, false))
    }
  }
  return [...parts, plain('settings', JSON.stringify(settings, null, 2))]
}

function messageParts(message: PromptMessage, known: boolean): readonly SeenPart[] {
  const parts = partsOf(message)
  if (parts.length === 0) return [{ ...plain(SAID[message.role], message.text), known }]
  return parts.map(({ name, path, start, end, text }) => ({
    name,
    path: path ?? null,
    start: start ?? null,
    end: end ?? null,
    tokens: tokensOf(text),
    text,
    known,
  }))
}

function plain(name: string, text: string): SeenPart {
  return { name, path: null, start: null, end: null, tokens: tokensOf(text), text, known: false }
}

/** Files and secrets that were kept back. */
export function withheldOf(prompts: readonly (Prompt | null)[], redactor: Redactor | null): readonly WithheldView[] {
  const files = new Map<string, string>()
  for (const prompt of prompts) for (const { path, reason } of prompt?.withheld ?? []) files.set(path, reason)
  return [
    ...[...files].map(([path, reason]) => ({ what: path, why: `${reason}: never sent` })),
    ...(redactor?.withheld() ?? []).map(({ kind, count }) => ({
      what: count === 1 ? kind : `${kind}, ${count} of them`,
      why: 'a placeholder was sent instead',
    })),
  ]
}

/** Of the text in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4
  }
  return bytes
}

function objectOf(text: string): Record<string, unknown> | null {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
