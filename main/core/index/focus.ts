// The place that related places are looked for, cut out of its file: so little of it crosses to the thread that looks.
import { commonHead, commonTail } from '../changed-window.ts'

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

/** The focus on what differs: from the first line to the last, in the changed text. */
export function focusOnChange(path: string, before: string, after: string): Focus {
  const most = Math.min(before.length, after.length)
  const head = commonHead(before, after, most)
  const tail = commonTail(before, after, most - head)
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
