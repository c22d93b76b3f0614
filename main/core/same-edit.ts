// Whether two files were given the same edit (a replacement everywhere, a new header): told by what went and what came, not by where.
import type { LineChange } from './diff.ts'

/** Less than so many letters and digits are typed twice by chance. */
const FEWEST_WORDS = 4
/** Larger edits are no repetition. */
const LONGEST = 4_000

/**
 * The same text for the same edit: each replacement once, without what stays around it. Null when the edit says too little
 * to be told again, or is too large.
 */
export function fingerprintOf(
  before: readonly string[],
  after: readonly string[],
  changes: readonly LineChange[],
): string | null {
  const pairs = new Set<string>()
  let size = 0
  for (const change of changes) {
    const old = before.slice(change.oldStart - 1, change.oldEnd - 1).map(tidy)
    const fresh = after.slice(change.newStart - 1, change.newEnd - 1).map(tidy)
    const rows: readonly (readonly [string, string])[] =
      old.length === fresh.length
        ? old.map((line, index): readonly [string, string] => [line, fresh[index] ?? ''])
        : [[old.join('\n'), fresh.join('\n')]]
    for (const [from, to] of rows) {
      if (from === to) continue
      const pair = JSON.stringify(replaced(from, to))
      if (pairs.has(pair)) continue
      pairs.add(pair)
      size += pair.length
      if (size > LONGEST) return null
    }
  }
  const text = [...pairs].sort().join('\n')
  return (text.match(/[\p{L}\p{N}]/gu) ?? []).length < FEWEST_WORDS ? null : text
}

function tidy(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ')
}

/** What goes and what comes between the common beginning and the common end, in whole words. */
function replaced(from: string, to: string): readonly [string, string] {
  const shorter = Math.min(from.length, to.length)
  let start = 0
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start += 1
  while (start > 0 && isWord(from.charAt(start - 1)) && (isWord(from.charAt(start)) || isWord(to.charAt(start)))) {
    start -= 1
  }
  let end = 0
  while (end < shorter - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) {
    end += 1
  }
  const inWord = (text: string): boolean => end < text.length - start && isWord(text.charAt(text.length - 1 - end))
  while (end > 0 && isWord(from.charAt(from.length - end)) && (inWord(from) || inWord(to))) end -= 1
  return [from.slice(start, from.length - end), to.slice(start, to.length - end)]
}

function isWord(character: string): boolean {
  return /^[\p{L}\p{N}_$]$/u.test(character)
}
