// Placed edits on a text: their shape, and how they are applied byte-exactly.
import { BOM } from './text.ts'

/**
 * An edit at a known place of one text: lines [start, end) become `lines`.
 * 1-based, end exclusive; `start === end` inserts before `start`. Lines carry no terminator (see text.ts).
 */
export interface LineEdit {
  readonly start: number
  readonly end: number
  readonly lines: readonly string[]
}

/** A line edit and the file that it is about. */
export interface PlacedEdit extends LineEdit {
  readonly path: string
}

/**
 * Applies edits that do not overlap, in any order. Every byte outside the edited lines stays: line endings (inserted lines
 * take that of the line they replace, else of their neighbour), the BOM, and a missing final newline. Throws on overlap or
 * on a range outside the text: both are bugs of the caller. Looks for line ends only as far as the last edit, and copies what
 * lies between the edits whole: in a file of megabytes, splitting and joining its lines took longer than writing it.
 */
export function applyEdits(text: string, edits: readonly LineEdit[]): string {
  const bom = text.startsWith(BOM) ? BOM.length : 0
  const unended = text.length > bom && !text.endsWith('\n')
  // For the time of the edits every line has its end; a `\r` before the one that is lent belongs to the line all the same.
  const lent = unended ? endBefore(text, text.length) : ''
  const source = text + lent
  const endOf = (offset: number): string => (unended && offset === source.length ? lent : endAt(source, offset))
  const cursor = new LineCursor(source, bom)
  const parts: string[] = []
  let copied = 0
  /** Of the last line so far. */
  let lastEnd = ''
  const copy = (to: number): void => {
    if (to > Math.max(copied, bom)) lastEnd = endOf(to)
    parts.push(source.slice(copied, to))
    copied = to
  }
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const from = cursor.offsetOf(edit.start - 1)
    if (from === null || edit.end < edit.start) throw outside(edit)
    copy(from)
    const ends: string[] = []
    for (let line = edit.start; line < edit.end; line += 1) {
      const next = cursor.offsetOf(line)
      if (next === null) throw outside(edit)
      ends.push(endOf(next))
    }
    copied = cursor.offset
    const neighbour = edit.lines.length <= ends.length ? '' : nearestEnd(source, copied, endOf)
    for (const [at, line] of edit.lines.entries()) {
      lastEnd = ends[at] ?? neighbour
      parts.push(line, lastEnd)
    }
  }
  copy(source.length)
  const result = parts.join('')
  if (!unended) return result
  const body = result.slice(0, result.length - lastEnd.length)
  // An empty last line keeps its end: without, it would not be there.
  return body.length <= bom || body.endsWith('\n') ? result : body
}

/** Goes through the lines of a text once, forwards. */
class LineCursor {
  /** Where the line begins that was asked for last. */
  offset: number
  private line = 0
  private readonly text: string

  constructor(text: string, offset: number) {
    this.text = text
    this.offset = offset
  }

  /** Where the line `index` (0-based) begins; null behind the end of the text, and for a line that was passed already. */
  offsetOf(index: number): number | null {
    if (index < this.line) return null
    for (; this.line < index; this.line += 1) {
      const newline = this.text.indexOf('\n', this.offset)
      if (newline < 0) return null
      this.offset = newline + 1
    }
    return this.offset
  }
}

/** The line end right before this offset; empty when there is none. */
function endAt(text: string, offset: number): string {
  if (text.charAt(offset - 1) !== '\n') return ''
  return text.charAt(offset - 2) === '\r' ? '\r\n' : '\n'
}

/** The end of the line before this offset, which is the start of a line; else that of the first line; else `\n`. */
function nearestEnd(text: string, offset: number, endOf: (offset: number) => string): string {
  return endOf(offset) || endOf(text.indexOf('\n') + 1) || '\n'
}

/** The end of the last line before this offset that has one; else `\n`. */
function endBefore(text: string, offset: number): string {
  return endAt(text, text.lastIndexOf('\n', offset) + 1) || '\n'
}

function outside({ start, end }: LineEdit): RangeError {
  return new RangeError(`edit [${start}, ${end}) overlaps another or leaves the text`)
}

/** Whether two of these edits share a line, or insert at the same point. */
export function overlapping(edits: readonly LineEdit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  return sorted.some((edit, index) => {
    const next = sorted[index + 1]
    return next !== undefined && (next.start < edit.end || (next.start === edit.start && next.end === edit.end))
  })
}
