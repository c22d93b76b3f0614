// Joins named pieces to one message that knows which part of it is what, so that a person can be shown what was sent.
import type { PromptMessage, PromptPart } from './ports.ts'

export interface Piece extends Omit<PromptPart, 'length'> {
  readonly text: string
}

/** A blank line stands between two pieces, and belongs to the one above it: so the parts are the whole message. */
const BETWEEN = '\n\n'

export function message(role: PromptMessage['role'], pieces: readonly Piece[]): PromptMessage {
  const parts = pieces.map(({ text, ...part }, index): PromptPart => {
    const length = text.length + (index === pieces.length - 1 ? 0 : BETWEEN.length)
    return { ...part, length }
  })
  return { role, text: pieces.map(({ text }) => text).join(BETWEEN), parts }
}

/** The parts of a message with their texts; joined, these are its text. */
export function partsOf({ text, parts }: PromptMessage): readonly (PromptPart & { readonly text: string })[] {
  let at = 0
  return (parts ?? []).map((part) => {
    const from = at
    at += part.length
    return { ...part, text: text.slice(from, at) }
  })
}
