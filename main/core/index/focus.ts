// The place that related places are looked for, cut out of its file: so little of it crosses to the thread that looks.

/** Lines are 1-based, the end exclusive, and those of the whole file. */
export interface Focus {
  readonly path: string
  /** The beginning of the file, where it imports. */
  readonly head: string
  /** Whole lines around the place. */
  readonly part: string
  /** The number of the first line of `part`. */
  readonly first: number
  readonly start: number
  readonly end: number
}

/** UTF-16 units of the beginning, and on either side of the place. */
const HEAD = 6_000
const AROUND = 16_000

/** The focus on lines [start, end). O(lines before it). */
export function focusOn(path: string, text: string, start: number, end: number): Focus {
  const from = offsetOfLine(text, 0, start - 1)
  return cut(path, text, from, offsetOfLine(text, from, Math.max(0, end - start)), start, end)
}

/** The focus on what differs: from the first line to the last, in the changed text. Compares by halves, which costs two copies. */
export function focusOnChange(path: string, before: string, after: string): Focus {
  const most = Math.min(before.length, after.length)
  const head = longest(most, (length) => before.startsWith(after.slice(0, length)))
  const tail = longest(most - head, (length) => before.endsWith(after.slice(after.length - length)))
  // A search from before the beginning would find a line end at it.
  const from = head === 0 ? 0 : after.lastIndexOf('\n', head - 1) + 1
  const to = Math.max(from, after.length - tail)
  const start = linesIn(after, 0, from) + 1
  const newline = after.indexOf('\n', to)
  return cut(path, after, from, newline < 0 ? after.length : newline, start, start + linesIn(after, from, to) + 1)
}

function cut(path: string, text: string, from: number, to: number, start: number, end: number): Focus {
  const low = from - AROUND <= 0 ? 0 : text.lastIndexOf('\n', from - AROUND) + 1
  const high = to + AROUND >= text.length ? text.length : text.lastIndexOf('\n', to + AROUND) + 1
  return {
    path,
    head: text.slice(0, HEAD),
    part: text.slice(low, Math.max(high, Math.min(to, from + AROUND))),
    first: start - linesIn(text, low, from),
    start,
    end: Math.max(end, start + 1),
  }
}

/** The greatest length up to `most` for which it holds, when it holds for all below. */
function longest(most: number, holds: (length: number) => boolean): number {
  let low = 0
  let high = most
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** Where the line begins that is so many lines further on; the end of the text when there are fewer. */
function offsetOfLine(text: string, from: number, lines: number): number {
  let at = from
  for (let line = 0; line < lines; line += 1) {
    const newline = text.indexOf('\n', at)
    if (newline < 0) return text.length
    at = newline + 1
  }
  return at
}

/** Line ends within [from, to). */
function linesIn(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
