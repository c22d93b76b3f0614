// Where two long texts differ, found without splitting them into lines.

/** The part of both texts in which all that differs lies, in whole lines, and how many lines stand before it. */
export interface ChangedWindow {
  readonly before: string
  readonly after: string
  readonly offset: number
}

/** Compared at once: equal slices cost a tenth of a nanosecond a unit, single units ten times as much. */
const STEP = 64 * 1024

/**
 * Lines end at `\n`. On either side `context` lines that are equal are kept, as far as there are any. Takes about a millisecond for
 * two texts of 6 MB; splitting them takes twenty.
 */
export function changedWindow(before: string, after: string, context: number): ChangedWindow {
  const most = Math.min(before.length, after.length)
  const head = commonHead(before, after, most)
  const tail = commonTail(before, after, most - head)
  let start = lineStart(before, head)
  for (let line = 0; line < context && start > 0; line += 1) start = lineStart(before, start - 1)
  // Of the line in which the common end begins, as much as both texts have is not equal as a line.
  let left = tail
  for (let line = 0; line <= context && left > 0; line += 1) {
    const newline = before.indexOf('\n', before.length - left)
    left = newline < 0 ? 0 : before.length - newline - 1
  }
  return {
    before: before.slice(start, before.length - left),
    after: after.slice(start, after.length - left),
    offset: linesBefore(before, start),
  }
}

/** UTF-16 units at the beginning that both texts share, at most `most`, which is within both. */
export function commonHead(before: string, after: string, most: number): number {
  let at = 0
  while (at < most && before.slice(at, at + STEP) === after.slice(at, at + STEP)) at += STEP
  at = Math.min(at, most)
  while (at < most && before.charCodeAt(at) === after.charCodeAt(at)) at += 1
  return at
}

/** The same at the end. */
export function commonTail(before: string, after: string, most: number): number {
  const difference = after.length - before.length
  let count = 0
  for (;;) {
    const end = before.length - count
    const step = Math.min(STEP, most - count)
    if (step <= 0 || before.slice(end - step, end) !== after.slice(end - step + difference, end + difference)) break
    count += step
  }
  while (count < most && before.charCodeAt(before.length - 1 - count) === after.charCodeAt(after.length - 1 - count)) {
    count += 1
  }
  return count
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
}

function linesBefore(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
