// Secrets that do not stand there as they are: put together from pieces of strings, or encoded in base64.
import { textInBase64 } from './base64.ts'
import { matchesInLongWords } from './long-words.ts'
import type { SecretSpan } from './span.ts'

type Find = (text: string) => readonly SecretSpan[]

/** `'abc' + 'def'`, `"abc" . "def"`, `"abc" \\` and the next line, `"abc" +` and the next line. */
const JOINT = /["'`][ \t]{0,4}(?:[+.&][ \t]{0,4}\r?\n?|\\\r?\n)[ \t]{0,60}[-+ ]?[ \t]{0,60}["'`]/g
const MOST_JOINTS = 500
const BASE64 = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{20,8192}={0,2}(?![A-Za-z0-9+/=_-])/g

/** What `find` finds in the strings of the text as they are once they are joined; one span a piece. */
export function findJoined(text: string, find: Find): readonly SecretSpan[] {
  const joints = [...text.matchAll(JOINT)].slice(0, MOST_JOINTS).map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
  if (joints.length === 0) return []
  let joined = ''
  /** Where each piece begins, in the joined text and in the text itself. */
  const pieces: { readonly joined: number; readonly start: number; readonly end: number }[] = []
  let from = 0
  for (const joint of [...joints, { start: text.length, end: text.length }]) {
    pieces.push({ joined: joined.length, start: from, end: joint.start })
    joined += text.slice(from, joint.start)
    from = joint.end
  }
  return find(joined).flatMap((span) => {
    const parts = pieces.flatMap((piece): SecretSpan[] => {
      const start = Math.max(span.start, piece.joined) - piece.joined + piece.start
      const end = Math.min(span.end - piece.joined + piece.start, piece.end)
      return end > start ? [{ ...span, start, end, block: span.block ?? `joined ${span.start}` }] : []
    })
    // What stands in one piece is found without this.
    return parts.length > 1 ? parts : []
  })
}

/** Words of base64 that hold a text in which `find` finds something. */
export function findEncoded(text: string, find: Find): readonly SecretSpan[] {
  const spans: SecretSpan[] = []
  for (const { index, value: word } of matchesInLongWords(text, BASE64)) {
    if (!/[a-z]/.test(word) || !/[A-Z]/.test(word)) continue
    const inner = textInBase64(word)
    const found = inner === null ? undefined : find(inner)[0]
    if (found === undefined) continue
    spans.push({ start: index, end: index + word.length, kind: `${found.kind}, encoded`, block: null, bare: false })
  }
  return spans
}
