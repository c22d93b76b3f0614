// Looks for keys of known shapes, each where its beginning stands.
import { SHAPES } from './shapes.ts'
import type { SecretSpan } from './span.ts'

/** Every known shape in the text, unsorted; spans may overlap. Linear in the text's length. */
export function findShapes(text: string): readonly SecretSpan[] {
  const spans: SecretSpan[] = []
  const trigrams = trigramsOf(text)
  for (const shape of SHAPES) {
    const { kind, accepts, bare, begins, pattern } = shape
    const hints = shape.hints.filter((hint) => mayHold(trigrams, hint) && text.includes(hint))
    if (hints.length === 0) continue
    for (const match of begins === true ? matchesAtHints(text, hints, pattern) : text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length]
      if (accepts !== undefined && !accepts(text.slice(start, end))) continue
      spans.push({ start, end, kind, block: null, bare: bare ?? false })
    }
  }
  return spans
}

/** Whether three characters stand anywhere in a text; may say yes for others. A power of two. */
const TRIGRAMS = 65_536

function trigramsOf(text: string): Uint8Array {
  const present = new Uint8Array(TRIGRAMS)
  let hash = 0
  for (let at = 0; at < text.length; at += 1) {
    hash = ((hash << 7) ^ text.charCodeAt(at)) & 0x1f_ff_ff
    present[(hash ^ (hash >> 9)) & (TRIGRAMS - 1)] = 1
  }
  return present
}

/** One look at the text instead of a search for each of two hundred hints, of which hardly one is there. */
function mayHold(trigrams: Uint8Array, hint: string): boolean {
  if (hint.length < 3) return true
  let hash = 0
  for (let at = 0; at < 3; at += 1) hash = ((hash << 7) ^ hint.charCodeAt(at)) & 0x1f_ff_ff
  return trigrams[(hash ^ (hash >> 9)) & (TRIGRAMS - 1)] === 1
}

function* matchesAtHints(text: string, hints: readonly string[], pattern: RegExp): Generator<RegExpExecArray> {
  for (const hint of hints) {
    let at = text.indexOf(hint)
    while (at >= 0) {
      pattern.lastIndex = at
      const match = pattern.exec(text)
      if (match !== null) yield match
      at = text.indexOf(hint, match === null ? at + 1 : match.index + match[0].length)
    }
  }
}
