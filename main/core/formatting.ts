// Whether two texts differ in formatting only: both are read as symbols with what means nothing left out, and compared.

/** What of a text's white space and style means nothing. */
export interface Reading {
  /** Whether the white space at the beginning of a line counts. */
  readonly indentation: boolean
  /** `removed`: `a=b` equals `a = b`. `collapsed`: it does not, but any number of spaces is as good as one. */
  readonly gaps: 'removed' | 'collapsed'
  /** Whether semicolons, trailing commas and the kind of quotes are left out too. */
  readonly style: boolean
}

/** File name endings where indentation counts, and with it the gaps between symbols. */
const LAYOUT =
  /(?:^|[./\\])(?:ya?ml|md|mdx|markdown|rst|adoc|makefile|gnumakefile|mk|mak|pug|jade|haml|slim|sass|styl|litcoffee|dockerfile)$/i
/** Where indentation counts, but not the gaps: formatters change them. */
const INDENTED = /\.(?:py|pyi|pyx|pxd|gd|hs|lhs|elm|purs|fs|fsi|fsx|nim|nims|coffee|idr|agda|lean|star|bzl|mojo|sage)$/i
/** Where a gap between two symbols of one line counts, but not indentation. */
const GAPS = /\.(?:sh|bash|zsh|fish|ksh|ps1|bat|cmd|css|scss|less|html?|xml|svg|vue|svelte|astro|tex|csv|tsv|ini|env)$/i
/** Files without extension that are Python all the same. */
const INDENTED_NAMES = /(?:^|\/)(?:SConstruct|SConscript|wscript|Snakefile|BUILD|WORKSPACE)$/

/** How white space is read in the file of this name. */
export function readingOf(path: string): Reading {
  if (LAYOUT.test(path)) return { indentation: true, gaps: 'collapsed', style: false }
  if (INDENTED.test(path) || INDENTED_NAMES.test(path)) return { indentation: true, gaps: 'removed', style: false }
  return { indentation: false, gaps: GAPS.test(path) ? 'collapsed' : 'removed', style: false }
}

/**
 * Whether one text is a formatter's rewrite of the other: equal once white space, semicolons, trailing commas and the kind
 * of quotes are left out. White space within a string literal of one line counts.
 *
 * Limits: it knows no language. Parentheses that a formatter adds or drops, sorted imports, re-wrapped comments with new
 * comment signs, and numbers written anew count as real differences. In the other direction, a change of indentation alone
 * passes as formatting even where it means something (Python), and so does a semicolon that moves an automatic line end.
 */
export function sameButFormatting(a: string, b: string): boolean {
  return a === b || equalWhenRead(a, b, { indentation: false, gaps: 'removed', style: true })
}

/** Linear in the shorter common part: stops at the first symbol that differs. */
export function equalWhenRead(a: string, b: string, reading: Reading): boolean {
  const left = symbolsOf(a, reading)
  const right = symbolsOf(b, reading)
  for (;;) {
    const symbol = left()
    if (symbol !== right()) return false
    if (symbol === END) return true
  }
}

const END = -1
const NEWLINE = 10
const SPACE = 32
const DOUBLE_QUOTE = 34
const BACKSLASH = 92

/** The next symbol at each call, as a character code; `END` for ever at the end. */
function symbolsOf(text: string, reading: Reading): () => number {
  let at = 0
  /** Up to here characters are taken as they stand: a string literal or an indentation. */
  let verbatimEnd = 0
  /** The closing quote of the literal that is being taken, or 0. */
  let quote = 0
  let previous = END
  /** By quote: up to here it is known that no literal closes. */
  const unclosedUntil = new Map<number, number>()
  const isGap = (code: number): boolean => isSpace(code) || (reading.style && code === 59)

  const symbol = (): number => {
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (at < verbatimEnd) {
        at += 1
        if (quote === 0 || !reading.style) return code
        if (code === BACKSLASH && isQuote(text.charCodeAt(at))) continue
        return code === quote && at === verbatimEnd ? DOUBLE_QUOTE : code
      }
      quote = 0
      if (isGap(code)) {
        const found = gap()
        if (found !== END) return found
        continue
      }
      if (at === 0 && reading.indentation) return verbatim(code)
      if (reading.style && code === 44 && isCloser(text.charCodeAt(skipGap(at + 1)))) {
        at += 1
        continue
      }
      return isQuote(code) ? literal(code) : verbatim(code)
    }
    return END
  }

  const verbatim = (code: number): number => {
    at += 1
    return code
  }

  const skipGap = (from: number): number => {
    let end = from
    while (end < text.length && isGap(text.charCodeAt(end))) end += 1
    return end
  }

  /** Goes over a run of white space; answers what it counts for, `END` for nothing. */
  const gap = (): number => {
    const start = at
    const end = skipGap(at)
    at = end
    if (end === text.length) return END
    let lineStart = end
    while (lineStart > start && text.charCodeAt(lineStart - 1) !== NEWLINE) lineStart -= 1
    const breaks = lineStart > start
    if (reading.indentation && (breaks || start === 0)) {
      at = breaks ? lineStart : start
      verbatimEnd = end
      return NEWLINE
    }
    if (start === 0) return END
    if (reading.gaps === 'collapsed') return breaks ? NEWLINE : SPACE
    return counts(previous, text.charCodeAt(end)) ? SPACE : END
  }

  /** Opens a string literal when it closes on its line; otherwise the quote is a symbol like any other (an apostrophe). */
  const literal = (code: number): number => {
    if (at >= (unclosedUntil.get(code) ?? 0)) {
      let close = at + 1
      while (close < text.length) {
        const next = text.charCodeAt(close)
        if (next === code || next === NEWLINE) break
        close += next === BACKSLASH ? 2 : 1
      }
      if (text.charCodeAt(close) === code) {
        verbatimEnd = close + 1
        quote = code
      } else {
        unclosedUntil.set(code, close)
      }
    }
    at += 1
    return reading.style && code !== 96 ? DOUBLE_QUOTE : code
  }

  return () => {
    previous = symbol()
    return previous
  }
}

/** Whether a gap between these two cannot go: it parts two words, or two signs that would become another operator. */
function counts(left: number, right: number): boolean {
  if (isWord(left) && isWord(right)) return true
  return left === right && OPERATORS.includes(String.fromCharCode(left))
}

const OPERATORS = '+-&|<>=*/'

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 127
  )
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 160 || code === 0xfeff
}

function isQuote(code: number): boolean {
  return code === DOUBLE_QUOTE || code === 39 || code === 96
}

function isCloser(code: number): boolean {
  return code === 41 || code === 93 || code === 125
}
