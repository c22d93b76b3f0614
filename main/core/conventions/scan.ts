// A source file read once, line by line: what of it is code, and which string literals it holds.
import { commentSyntaxOf, type CommentSyntax } from '../comment-syntax.ts'

export interface Literal {
  readonly quote: string
  /** What stands between the quotes. */
  readonly inner: string
  /** The character before the first quote, '' at the start of a line. */
  readonly before: string
}

/** From its line `start` to its line `end`, both 0-based. */
export interface Comment {
  readonly open: string
  readonly start: number
  readonly end: number
  /** Nothing stands before it on its line. */
  readonly ownLine: boolean
  /** By its sign it is for the users of what follows: `/**`, `///`. */
  readonly isDoc: boolean
}

export interface Scanned {
  /** The lines without terminators; comments are cut out, what stands in a string literal is `_`, so that neither reads as code. */
  readonly code: readonly string[]
  readonly literals: readonly Literal[]
  /** In the order in which they begin; one that nothing closes is left out. */
  readonly comments: readonly Comment[]
}

/** Longer lines are no code of a person. */
const LONGEST_LINE = 400

/**
 * Linear in the text. It knows comments and strings, but no language: a quote within a regular expression literal may be taken
 * for a string's, which costs a line at most, as a string that is not closed on its line is none (but for backticks).
 */
export function scan(path: string, text: string): Scanned {
  const syntax = commentSyntaxOf(path)
  const code: string[] = []
  const literals: Literal[] = []
  const comments: Comment[] = []
  /** The sign that closes what a former line has opened, and whether that is a string. */
  let open: { readonly close: string; readonly comment: Omit<Comment, 'end'> | null } | null = null
  for (const [number, line] of text.split('\n').entries()) {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line
    if (content.length > LONGEST_LINE) {
      code.push('')
      continue
    }
    let kept = ''
    let at = 0
    while (at < content.length) {
      if (open !== null) {
        const end: number = content.indexOf(open.close, at)
        if (end < 0) break
        if (open.comment === null) kept += open.close
        else comments.push({ ...open.comment, end: number })
        at = end + open.close.length
        open = null
        continue
      }
      const sign = signAt(syntax, content, at)
      if (sign === null) {
        kept += content.charAt(at)
        at += 1
      } else if (sign.kind === 'line') {
        comments.push({ ...commentAt(content, at, sign.length, number), end: number })
        break
      } else if (sign.kind === 'block') {
        open = { close: sign.close, comment: commentAt(content, at, sign.length, number) }
        at += sign.length
      } else {
        const end = closing(content, at + 1, sign.close)
        if (end < 0) {
          if (sign.close === '`') open = { close: '`', comment: null }
          kept += sign.close
          at += 1
        } else {
          literals.push({ quote: sign.close, inner: content.slice(at + 1, end), before: content.charAt(at - 1) })
          kept += `${sign.close}_${sign.close}`
          at = end + 1
        }
      }
    }
    code.push(kept.trimEnd())
  }
  return { code, literals, comments }
}

function commentAt(line: string, at: number, length: number, number: number): Omit<Comment, 'end'> {
  return {
    open: line.slice(at, at + length),
    start: number,
    ownLine: line.slice(0, at).trim() === '',
    isDoc: /^(?:\/\*\*(?!\/)|\/\/[/!])/.test(line.slice(at, at + 4)),
  }
}

type Sign = { readonly kind: 'line' | 'block' | 'string'; readonly close: string; readonly length: number }

function signAt(syntax: CommentSyntax, line: string, at: number): Sign | null {
  for (const [open, close] of syntax.blocks)
    if (line.startsWith(open, at)) return { kind: 'block', close, length: open.length }
  for (const open of syntax.lines) {
    // `a#b` in a shell, `a--` in C: a sign that means something else within a word or an expression.
    if (line.startsWith(open, at) && (open !== '#' || at === 0 || /\s/.test(line.charAt(at - 1))))
      return { kind: 'line', close: '', length: open.length }
  }
  const character = line.charAt(at)
  return syntax.quotes.includes(character) && character !== '' ? { kind: 'string', close: character, length: 1 } : null
}

/** Index of the quote that closes the string, past what a backslash escapes; -1 when there is none. */
function closing(line: string, from: number, quote: string): number {
  for (let at = from; at < line.length; at += 1) {
    if (line.charAt(at) === '\\') at += 1
    else if (line.charAt(at) === quote) return at
  }
  return -1
}
