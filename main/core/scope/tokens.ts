// A block of lines as tokens that mean something, each with the gap before it: white space, and style that means nothing.
import { commentSyntaxOf, type CommentSyntax } from '../comment-syntax.ts'
import { readingOf } from '../formatting.ts'
import { endingOf } from './language.ts'

export type TokenKind = 'word' | 'string' | 'comment' | 'sign'

export interface Token {
  readonly kind: TokenKind
  /** As it stands. */
  readonly text: string
  /** Equal for two tokens that mean the same: string literals do not tell which quotes they stand in. */
  readonly meaning: string
  /** What stands before it on its line: white space, and style (`;` at a line's end, a trailing comma). */
  readonly gap: string
}

export interface TokenLine {
  readonly tokens: readonly Token[]
  /** What stands behind the last token. */
  readonly rest: string
  /** Equal for two lines that differ in formatting only. */
  readonly meaning: string
}

/** Lines longer than this are generated: they are one token each. */
const MAX_COLUMNS = 2_000
/** Between two tokens of a `meaning`: stands in no text file. */
export const BORDER = '\u0000'

/** Where either quote may be used, a semicolon may end a line or not, and a comma may stand before a closing bracket or not. */
const EITHER_QUOTE = new Set(
  'js jsx mjs cjs ts tsx mts cts vue svelte astro py pyi lua css scss less html htm xml dart coffee gd'.split(' '),
)
/** The same, unless something in the text is read differently in the one and in the other. */
const EITHER_QUOTE_IF_PLAIN = new Set('php rb sh bash zsh fish pl pm ex exs jl groovy ps1'.split(' '))
const FREE_SEMICOLON = new Set(
  'js jsx mjs cjs ts tsx mts cts vue svelte astro kt kts swift scala lua py pyi groovy rb'.split(' '),
)

/** Whether a semicolon at the end of a line means nothing in this file. */
export function hasFreeSemicolon(path: string): boolean {
  return FREE_SEMICOLON.has(endingOf(path))
}

const FREE_COMMA = new Set(
  'js jsx mjs cjs ts tsx mts cts vue svelte astro py pyi rs kt kts swift php dart rb scala go json5 jsonc cs c h cc cpp cxx hpp hh m lua tf hcl zig'.split(
    ' ',
  ),
)

const WORD = /[\p{L}\p{N}\p{M}_$]+/uy
const OPERATOR =
  /(?:===|!==|\.\.\.|<=>|\*\*=|&&=|\|\|=|\?\?=|==|!=|<=|>=|=>|->|<-|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|\*=|\/=|%=|\|=|&=|\^=|::|:=|\.\.|\*\*|<<|\/\/|@@)/y

/**
 * `next` is the line that follows in the file, so that a comma at the end of the block is known for what it is; null at the end of
 * the file. Linear.
 */
export function tokenLines(path: string, lines: readonly string[], next: string | null): readonly TokenLine[] {
  const reading = readingOf(path)
  const syntax = commentSyntaxOf(path)
  const ending = endingOf(path)
  const read: TokenLine[] = []
  let closing: string | null = null
  for (const [index, line] of lines.entries()) {
    const scanned = scanLine(line, syntax, ending, closing)
    closing = scanned.closing
    const following = lines.slice(index + 1).find((text) => text.trim() !== '') ?? next
    const styled = withStyle(scanned, ending, following)
    const indentation = reading.indentation && styled.tokens.length > 0 ? (styled.tokens[0]?.gap ?? '') : ''
    const meanings = styled.tokens.map((token, at) =>
      reading.gaps === 'collapsed' && (at === 0 ? !reading.indentation : /\s/.test(token.gap))
        ? ` ${token.meaning}`
        : token.meaning,
    )
    read.push({ ...styled, meaning: indentation + meanings.join(BORDER) })
  }
  return read
}

interface Scanned {
  readonly tokens: readonly Token[]
  readonly rest: string
  /** The sign that ends the comment in which the line ends; null when it ends in none. */
  readonly closing: string | null
}

function scanLine(line: string, syntax: CommentSyntax, ending: string, open: string | null): Scanned {
  if (line.length > MAX_COLUMNS) {
    return { tokens: [{ kind: 'word', text: line, meaning: line, gap: '' }], rest: '', closing: open }
  }
  const tokens: Token[] = []
  let at = 0
  let gap = ''
  const take = (kind: TokenKind, end: number, meaning: string): void => {
    tokens.push({ kind, text: line.slice(at, end), meaning, gap })
    gap = ''
    at = end
  }
  if (open !== null) {
    const end = line.indexOf(open)
    gap = /^\s*/.exec(line)?.[0] ?? ''
    at = gap.length
    const stop = end < 0 ? line.trimEnd().length : end + open.length
    if (stop > at) take('comment', stop, line.slice(at, stop))
    if (end < 0) return { tokens, rest: line.slice(at), closing: open }
  }
  while (at < line.length) {
    const character = line.charAt(at)
    if (/\s/.test(character)) {
      gap += character
      at += 1
      continue
    }
    const block = syntax.blocks.find(([opener]) => line.startsWith(opener, at))
    if (block !== undefined) {
      const end = line.indexOf(block[1], at + block[0].length)
      if (end < 0) {
        const stop = line.trimEnd().length
        take('comment', stop, line.slice(at, stop))
        return { tokens, rest: line.slice(at), closing: block[1] }
      }
      take('comment', end + block[1].length, line.slice(at, end + block[1].length))
      continue
    }
    const comment = syntax.lines.find((sign) => line.startsWith(sign, at))
    if (comment !== undefined && (comment.trim().length === comment.length || tokens.length === 0)) {
      const stop = line.trimEnd().length
      take('comment', stop, line.slice(at, stop))
      continue
    }
    if (syntax.quotes.includes(character)) {
      const end = closingQuote(line, at)
      if (end > 0) {
        take('string', end, stringMeaning(line.slice(at, end), ending))
        continue
      }
    }
    WORD.lastIndex = at
    if (WORD.test(line)) {
      take('word', WORD.lastIndex, line.slice(at, WORD.lastIndex))
      continue
    }
    OPERATOR.lastIndex = at
    const end = OPERATOR.test(line) ? OPERATOR.lastIndex : at + ((line.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
    take('sign', Math.min(end, line.length), line.slice(at, Math.min(end, line.length)))
  }
  return { tokens, rest: gap, closing: null }
}

/** Behind the quote that closes the literal; 0 when none does on this line. */
function closingQuote(line: string, start: number): number {
  const quote = line.charAt(start)
  for (let at = start + 1; at < line.length; at += 1) {
    if (line.charAt(at) === '\\') at += 1
    else if (line.charAt(at) === quote) return at + 1
  }
  return 0
}

function stringMeaning(text: string, ending: string): string {
  const quote = text.charAt(0)
  if (quote === '`') return text
  const inner = text.slice(1, -1)
  const free = EITHER_QUOTE.has(ending) || (EITHER_QUOTE_IF_PLAIN.has(ending) && !/[\\$#`@]/.test(inner))
  return free ? `"${inner.replaceAll(/\\(['"])/g, '$1')}"` : text
}

/** Style that means nothing goes from the tokens into the gaps. */
function withStyle({ tokens, rest }: Scanned, ending: string, next: string | null): Pick<TokenLine, 'tokens' | 'rest'> {
  const kept: Token[] = []
  let gap = ''
  const lastCode = tokens.findLastIndex(({ kind }) => kind !== 'comment')
  for (const [at, token] of tokens.entries()) {
    const following = tokens.slice(at + 1).find(({ kind }) => kind !== 'comment')
    const free =
      (token.text === ';' && at === lastCode && at > 0 && FREE_SEMICOLON.has(ending)) ||
      (token.text === ',' &&
        at > 0 &&
        FREE_COMMA.has(ending) &&
        closes(following?.text ?? next) &&
        isTrailing(tokens, at))
    if (free) {
      gap += token.gap + token.text
      continue
    }
    kept.push(gap === '' ? token : { ...token, gap: gap + token.gap })
    gap = ''
  }
  return { tokens: kept, rest: gap + rest }
}

/** `(a,)` on one line makes a tuple in some languages: only a comma that ends its line is style. */
function isTrailing(tokens: readonly Token[], at: number): boolean {
  return tokens.slice(at + 1).every(({ kind }) => kind === 'comment')
}

function closes(text: string | null): boolean {
  return text !== null && /^\s*[)\]}]/.test(text)
}

/**
 * The new line with the formatting of the old one wherever both say the same: quotes, white space, semicolons and commas that
 * nobody asked to change. What differs in meaning stays as it is, and so does the indentation unless `indentation`. `ending`: the
 * line ends as the old one did, also where its last word is another.
 */
export function withFormattingOf(old: TokenLine, fresh: TokenLine, indentation: boolean, ending: boolean): string {
  const pairs = alignment(old.tokens, fresh.tokens)
  let text = ''
  let former = -1
  for (const [at, token] of fresh.tokens.entries()) {
    const partner = pairs[at] ?? -1
    const same = partner >= 0 ? old.tokens[partner] : undefined
    const joined =
      same !== undefined && (at === 0 ? partner === 0 && indentation : partner === former + 1 && former >= 0)
    text += (joined ? same.gap : token.gap) + (same?.text ?? token.text)
    former = partner
  }
  const commas = (text: string): boolean => text.includes(',')
  const ends = (ending && commas(old.rest) === commas(fresh.rest)) || (former >= 0 && former === old.tokens.length - 1)
  return text + (ends ? old.rest : fresh.rest)
}

/** For each token of `fresh` the index of its partner in `old`, or -1: the longest sequence that both share. */
export function alignment(old: readonly Token[], fresh: readonly Token[]): readonly number[] {
  const pairs = fresh.map(() => -1)
  let head = 0
  while (head < old.length && head < fresh.length && old[head]?.meaning === fresh[head]?.meaning) {
    pairs[head] = head
    head += 1
  }
  let tail = 0
  while (
    tail < Math.min(old.length, fresh.length) - head &&
    old[old.length - 1 - tail]?.meaning === fresh[fresh.length - 1 - tail]?.meaning
  ) {
    pairs[fresh.length - 1 - tail] = old.length - 1 - tail
    tail += 1
  }
  const rows = old.length - head - tail
  const columns = fresh.length - head - tail
  // Beyond this the table costs more than what it could find is worth.
  if (rows === 0 || columns === 0 || rows * columns > 40_000) return pairs
  const lengths = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1))
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      const equal = old[head + row]?.meaning === fresh[head + column]?.meaning
      const below = lengths[row + 1]?.[column] ?? 0
      const right = lengths[row]?.[column + 1] ?? 0
      const both = (lengths[row + 1]?.[column + 1] ?? 0) + 1
      const line = lengths[row]
      if (line !== undefined) line[column] = equal ? both : Math.max(below, right)
    }
  }
  let row = 0
  let column = 0
  while (row < rows && column < columns) {
    if (old[head + row]?.meaning === fresh[head + column]?.meaning) {
      pairs[head + column] = head + row
      row += 1
      column += 1
    } else if ((lengths[row + 1]?.[column] ?? 0) >= (lengths[row]?.[column + 1] ?? 0)) row += 1
    else column += 1
  }
  return pairs
}
