// Which places in strings and comments mean a name of the code rather than a word of the language in which people write.
import type { Occurrence } from '../syntax/occurrences.ts'

/** A name of several words, or with a capital: hardly a word of prose. */
const TELLING = /^.\p{Ll}*(?:\p{Lu}|_.|\p{N})|^[\p{Lu}\p{N}_]{3,}$/u
const QUOTES = '"\'`'

/**
 * The places of `name` in strings and comments outside the lines `taken` (1-based). A name that could as well be a word counts
 * only where it stands in quotes by itself, or is called (`total()`).
 */
export function namedInText(
  text: string,
  places: readonly Occurrence[],
  name: string,
  taken: ReadonlySet<number>,
): readonly Occurrence[] {
  return places.filter(({ kind, start, end, line }) => {
    if (kind === 'code' || taken.has(line)) return false
    const quote = text.charAt(start - 1)
    const isQuoted = quote !== '' && QUOTES.includes(quote) && text.charAt(end) === quote
    return TELLING.test(name) || isQuoted || text.charAt(end) === '('
  })
}
