// A line as tokens, and what two lines have in common at their ends.

/** Words (letters, digits, underscore of any script), runs of white space, and single other characters. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu) ?? []
}

export function isWord(token: string | undefined): boolean {
  return token !== undefined && /^[\p{L}\p{N}\p{M}_]/u.test(token)
}

/** A word that says something: of more than one character. */
export function isSpecific(token: string | undefined): boolean {
  return token !== undefined && token.length > 1 && isWord(token)
}

/** Without white space. */
export function solidTokensOf(text: string): readonly string[] {
  return tokensOf(text).filter((token) => token.trim() !== '')
}

/** The middle in which two lines differ, and what they share on its left and right; whole tokens each. */
export interface TokenEdit {
  readonly left: string
  readonly old: string
  readonly new: string
  readonly right: string
}

export function tokenEdit(before: string, after: string): TokenEdit {
  const old = tokensOf(before)
  const fresh = tokensOf(after)
  const shorter = Math.min(old.length, fresh.length)
  let head = 0
  while (head < shorter && old[head] === fresh[head]) head += 1
  let tail = 0
  while (tail < shorter - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1
  return {
    left: old.slice(0, head).join(''),
    old: old.slice(head, old.length - tail).join(''),
    new: fresh.slice(head, fresh.length - tail).join(''),
    right: old.slice(old.length - tail).join(''),
  }
}

/** Whether `text` at [start, end) begins and ends where tokens do. */
export function isWholeTokens(text: string, start: number, end: number): boolean {
  return !isWithinWord(text, start) && !isWithinWord(text, end)
}

function isWithinWord(text: string, at: number): boolean {
  return at > 0 && at < text.length && isWord(text[at - 1]) && isWord(text[at])
}

/** Tokens without white space, nearest to the edit first, at most `limit`. */
export function contextOf(text: string, side: 'left' | 'right', limit: number): readonly string[] {
  // A token is hardly ever longer than 40 characters; what is cut off here could not be compared anyway.
  const near = side === 'left' ? text.slice(-40 * limit) : text.slice(0, 40 * limit)
  const tokens = solidTokensOf(near)
  return (side === 'left' ? tokens.toReversed() : tokens).slice(0, limit)
}

/** Share of different tokens that both have: the Jaccard index. 0 for two empty sets. */
export function shareInCommon(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [smaller, larger] = a.size < b.size ? [a, b] : [b, a]
  let both = 0
  for (const token of smaller) both += Number(larger.has(token))
  return both / Math.max(1, a.size + b.size - both)
}

/** How many tokens from the beginning on are equal. */
export function commonLength(a: readonly string[], b: readonly string[]): number {
  let count = 0
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1
  return count
}
