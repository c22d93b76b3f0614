// Where long words stand in a text: the only places in which random or encoded secrets can be.

/** UTF-16 units of the shortest word that counts. */
const SHORTEST = 20

interface Found {
  readonly index: number
  readonly value: string
}

/**
 * What `text.matchAll(pattern)` finds, for a global pattern whose matches are words of `[A-Za-z0-9+/_-]` of at least
 * 20 units with up to two `=` behind, and which looks at one more unit on either side. A tenth of the time: a word so
 * long cannot stand between two places that are so far apart, so most of the text is never looked at.
 */
export function* matchesInLongWords(text: string, pattern: RegExp): Generator<Found> {
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    if (!isWord(text.charCodeAt(at))) continue
    let start = at
    while (start > 0 && isWord(text.charCodeAt(start - 1))) start -= 1
    let end = at + 1
    while (end < text.length && isWord(text.charCodeAt(end))) end += 1
    if (end - start >= SHORTEST) {
      const from = Math.max(0, start - 1)
      for (const match of text.slice(from, end + 3).matchAll(pattern))
        yield { index: from + match.index, value: match[0] }
    }
    // The next place that is looked at is the first behind this word which could be within another one.
    at = end
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 43 ||
    code === 45 ||
    code === 47 ||
    code === 95
  )
}
