// A secret's place in a text, and how overlapping finds become one.

/** UTF-16 units [start, end) of a text; never crosses a newline. */
export interface SecretSpan {
  readonly start: number
  readonly end: number
  /** For people: "GitHub token", "password". */
  readonly kind: string
  /** The same for all spans of one secret (the lines of one key block); null: a secret of its own. */
  readonly block: string | null
  /** True when only its surroundings betray it, so that the bare value must be looked for elsewhere too. */
  readonly bare: boolean
}

const WORD = /\w/

/**
 * Sorted, without overlap. Overlapping spans become one, named after the longest; a span grows over word characters that
 * follow it, so that whatever replaces it ends where the word ends.
 */
export function mergeSpans(text: string, spans: readonly SecretSpan[]): readonly SecretSpan[] {
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const merged: SecretSpan[] = []
  for (const found of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && found.start < last.end) {
      if (found.end <= last.end) continue
      const named = found.end - found.start > last.end - last.start ? found : last
      merged[merged.length - 1] = { ...named, start: last.start, end: wordEnd(text, found.end) }
    } else {
      merged.push({ ...found, end: wordEnd(text, found.end) })
    }
  }
  return merged
}

function wordEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && WORD.test(text.charAt(end))) end += 1
  return end
}
