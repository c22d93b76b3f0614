// What of a rule can be checked in the lines of a hunk.
import { beginsComment } from '../comment-syntax.ts'
import { isSpecific, solidTokensOf } from '../echo/tokens.ts'

/** What in an added line breaks a rule; rules in free words have none, they are only told to the model. */
export type Check = { readonly kind: 'tokens'; readonly tokens: readonly string[] } | { readonly kind: 'comment' }

/** What can be checked of a rule, by how it is worded; so a rule that somebody wrote by hand is checked too. */
export function checkOf(text: string): Check | null {
  const avoided =
    /^Write `[^`]+`, not `([^`]+)`\.?$/i.exec(text)?.[1] ??
    /^(?:Do not use|Don't use|Never use|Leave out|Avoid|No) `([^`]+)`\.?$/i.exec(text)?.[1]
  if (avoided !== undefined) {
    const tokens = solidTokensOf(avoided)
    // Punctuation alone would be broken by every line.
    return tokens.some(isSpecific) || tokens.length > 2 ? { kind: 'tokens', tokens } : null
  }
  return /^(?:Add|Write) no comments\.?$/i.test(text) ? { kind: 'comment' } : null
}

/** Indices of the checks that the added lines break: what they hold more of than the lines that go. Linear. */
export function brokenChecks(
  checks: readonly Check[],
  path: string,
  oldLines: readonly string[],
  newLines: readonly string[],
): readonly number[] {
  const before = oldLines.map(solidTokensOf)
  const after = newLines.map(solidTokensOf)
  return checks.flatMap((check, at) => {
    const isBroken =
      check.kind === 'comment'
        ? holdsComment(path, newLines) && !holdsComment(path, oldLines)
        : occurrences(check.tokens, after) > occurrences(check.tokens, before)
    return isBroken ? [at] : []
  })
}

export function holdsComment(path: string, lines: readonly string[]): boolean {
  return lines.some((line) => beginsComment(path, line))
}

/** How often the tokens stand one after the other in a line. */
function occurrences(wanted: readonly string[], lines: readonly (readonly string[])[]): number {
  let count = 0
  for (const tokens of lines) {
    for (let at = 0; at + wanted.length <= tokens.length; at += 1)
      if (wanted.every((token, offset) => tokens[at + offset] === token)) count += 1
  }
  return count
}
