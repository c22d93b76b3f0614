// Whether a token lesson is the renaming of a declaration, after which the old name means nothing any more.
import type { TokenLesson } from './lesson.ts'
import { lineAt, occurrences, type Page } from './page.ts'
import { isWholeTokens } from './tokens.ts'

const NAME = /^[\p{L}_][\p{L}\p{N}_]+$/u
const DECLARES = 'const|let|var|val|def|function|func|fn|class|struct|type|interface|enum|trait|module|sub|proc'
const BINDS = `${DECLARES}|import|from|as|for|catch|except|in|static|final|mut`

/**
 * True when a name was changed where it is declared, to a name that was new to the file, and nothing declares the old name
 * any more. Reads no grammar: a keyword before the name or an assignment to it is what it takes for a declaration.
 */
export function isOrphaned(page: Page, lesson: TokenLesson): boolean {
  if (!NAME.test(lesson.old) || !NAME.test(lesson.new)) return false
  const isDeclared = lesson.samples.some(
    ({ left, right }) =>
      new RegExp(`(?:^|[^\\p{L}\\p{N}_])(?:${DECLARES})\\s+$`, 'u').test(left) ||
      (left.trim() === '' && /^\s*:?=(?!=)/.test(right)),
  )
  return isDeclared && isNew(page, lesson.new) && !bindingOf(lesson.old).test(page.text)
}

/** Every occurrence of the name stands in lines that were just written. */
function isNew(page: Page, name: string): boolean {
  return occurrences(page, name)
    .filter((offset) => isWholeTokens(page.text, offset, offset + name.length))
    .every((offset) => page.trail.isTouched(lineAt(page, offset)))
}

/** A keyword that binds it, or an assignment to it. */
function bindingOf(name: string): RegExp {
  const word = '[\\p{L}\\p{N}_]'
  return new RegExp(
    `(?<!${word})(?:${BINDS})\\s+${name}(?!${word})|(?<![.\\p{L}\\p{N}_])${name}\\s*(?::=|=(?![=>]))`,
    'u',
  )
}
