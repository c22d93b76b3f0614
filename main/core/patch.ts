// Placed edits on a text: their shape, and how they are applied byte-exactly.
import { joinText, splitText, terminatorNear, type Lines } from './text.ts'

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
 * on a range outside the text: both are bugs of the caller.
 */
export function applyEdits(text: string, edits: readonly LineEdit[]): string {
  const source = splitText(text)
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  const lines: string[] = []
  const terminators: string[] = []
  let at = 0
  for (const edit of sorted) {
    const from = edit.start - 1
    const to = edit.end - 1
    if (from < at || to < from || to > source.lines.length) {
      throw new RangeError(`edit [${edit.start}, ${edit.end}) overlaps another or leaves the text`)
    }
    for (; at < from; at += 1) copyLine(source, at, lines, terminators)
    for (const [offset, line] of edit.lines.entries()) {
      lines.push(line)
      const replaced = from + offset < to ? source.terminators[from + offset] : undefined
      terminators.push(replaced || terminatorNear(source, to))
    }
    at = to
  }
  for (; at < source.lines.length; at += 1) copyLine(source, at, lines, terminators)
  return joinText({ bom: source.bom, lines, terminators: withEnding(source, lines, terminators) })
}

/** Whether two of these edits share a line, or insert at the same point. */
export function overlapping(edits: readonly LineEdit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  return sorted.some((edit, index) => {
    const next = sorted[index + 1]
    return next !== undefined && (next.start < edit.end || (next.start === edit.start && next.end === edit.end))
  })
}

function copyLine(source: Lines, index: number, lines: string[], terminators: string[]): void {
  lines.push(source.lines[index] ?? '')
  terminators.push(source.terminators[index] ?? '')
}

/**
 * Inner lines must have a terminator, and the last one has one exactly if the source's last line had (a new text has one).
 * An empty last line always has one: without, it would not be there.
 */
function withEnding(source: Lines, lines: readonly string[], terminators: string[]): string[] {
  const last = terminators.length - 1
  for (let index = 0; index < last; index += 1) {
    if (terminators[index] === '') terminators[index] = terminatorNear(source, index)
  }
  if (last >= 0) {
    const unended = source.lines.length > 0 && source.terminators.at(-1) === '' && lines[last] !== ''
    if (unended) terminators[last] = ''
    else if (terminators[last] === '') terminators[last] = terminatorNear(source, last)
  }
  return terminators
}
