// From a change to the regions that suggestions are about: changed lines, grown to the block that encloses them.
import { diff, type LineChange } from './diff.ts'
import { equalWhenRead, readingOf, type Reading } from './formatting.ts'
import { indentOf, isBlank } from './indent.ts'
import type { TextChange } from './ports.ts'
import { linesOf } from './text.ts'

/** Lines of the text after the change; 1-based, end exclusive. `start <= changedStart <= changedEnd <= end`. */
export interface Region {
  readonly start: number
  readonly end: number
  /** The changed lines themselves; empty where lines were only deleted. */
  readonly changedStart: number
  readonly changedEnd: number
}

export interface Analysis {
  /** Every change of lines, white space included. */
  readonly changes: readonly LineChange[]
  /** Sorted; they never overlap. */
  readonly regions: readonly Region[]
  /** The texts differ, but only in white space that means nothing in such a file (line endings, BOM and final newline too). */
  readonly onlyWhitespace: boolean
  /** See `LineDiff`: the change is so large that its lines were matched coarsely. */
  readonly coarse: boolean
}

/** Changes with at most so many unchanged lines between them are one region. */
const MERGE_DISTANCE = 3
/** A region grows to its block up to so many lines; it is longer only when the changed lines themselves are. */
const MAX_LINES = 80
/** Lines longer than this are generated: their brackets are not looked at. */
const MAX_COLUMNS = 2_000

export function regionsOf(change: TextChange): Analysis {
  return analysisOf(change, linesOf(change.before), linesOf(change.after))
}

/** The same for whoever has both texts' lines at hand. */
export function analysisOf(change: TextChange, before: readonly string[], after: readonly string[]): Analysis {
  if (change.before === change.after) return { changes: [], regions: [], onlyWhitespace: false, coarse: false }
  const { changes, coarse } = diff(before, after)
  const reading = readingOf(change.path)
  const groups = grouped(changes).filter((group) => isReal(before, after, group, reading))
  const regions: Region[] = []
  for (const group of groups) {
    const region = grow(after, group.newStart, group.newEnd)
    const previous = regions.at(-1)
    if (previous === undefined || previous.end <= region.start) regions.push(region)
    else regions.splice(-1, 1, ...apart(previous, region))
  }
  return { changes, regions, onlyWhitespace: groups.length === 0, coarse }
}

/** The region around one line (1-based; beyond the text: its last line), as if it had been changed: for a place that somebody names. */
export function regionAround(text: string, line: number): Region {
  const lines = linesOf(text)
  const at = Math.max(1, Math.min(line, lines.length))
  return grow(lines, at, Math.min(at + 1, lines.length + 1))
}

function grouped(changes: readonly LineChange[]): readonly LineChange[] {
  const groups: LineChange[] = []
  for (const change of changes) {
    const group = groups.at(-1)
    if (group !== undefined && change.newStart - group.newEnd <= MERGE_DISTANCE) {
      groups[groups.length - 1] = { ...group, oldEnd: change.oldEnd, newEnd: change.newEnd }
    } else {
      groups.push(change)
    }
  }
  return groups
}

function isReal(before: readonly string[], after: readonly string[], group: LineChange, reading: Reading): boolean {
  const old = before.slice(group.oldStart - 1, group.oldEnd - 1).join('\n')
  const fresh = after.slice(group.newStart - 1, group.newEnd - 1).join('\n')
  return !equalWhenRead(old, fresh, reading)
}

/** Two regions that grew into each other: one when that is small enough, otherwise parted half-way between their changes. */
function apart(first: Region, second: Region): readonly Region[] {
  const start = Math.min(first.start, second.start)
  const end = Math.max(first.end, second.end)
  if (end - start <= MAX_LINES) {
    return [{ start, end, changedStart: first.changedStart, changedEnd: second.changedEnd }]
  }
  const border = (first.changedEnd + second.changedStart) >> 1
  return [
    { ...first, end: border },
    { ...second, start: border },
  ]
}

// ── Growing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Span {
  readonly start: number
  readonly end: number
}

/** The largest that fits of: the block around the changed lines, their paragraph with the bodies they head, they alone. */
function grow(lines: readonly string[], changedStart: number, changedEnd: number): Region {
  const changed = { start: changedStart, end: changedEnd }
  const depth = depthOf(lines, changed)
  const enclosing = depth > 0 ? balanced(lines, enclosingBlock(lines, changed, depth)) : changed
  const candidates = [enclosing, balanced(lines, paragraph(lines, changed, depth)), balanced(lines, changed)]
  const span =
    candidates.find(({ start, end }) => end - start > changedEnd - changedStart && end - start <= MAX_LINES) ?? changed
  return { ...span, changedStart, changedEnd }
}

/** Indentation of the outermost changed line; where lines were only deleted, that of the deeper neighbour. */
function depthOf(lines: readonly string[], changed: Span): number {
  let depth = Infinity
  for (let line = changed.start; line < changed.end; line += 1) {
    const text = lines[line - 1]
    if (text !== undefined && !isBlank(text)) depth = Math.min(depth, indentOf(text))
  }
  if (depth !== Infinity) return depth
  const above = lines[nextLine(lines, changed.start - 1, -1) - 1] ?? ''
  const below = lines[nextLine(lines, changed.end, 1) - 1] ?? ''
  return Math.max(indentOf(above), indentOf(below))
}

/** The next line that is not blank, from `line` on in this direction; at most `MAX_LINES` are looked at. */
function nextLine(lines: readonly string[], line: number, direction: 1 | -1): number {
  let at = line
  const limit = line + direction * MAX_LINES
  while (at >= 1 && at <= lines.length && at !== limit && isBlank(lines[at - 1])) at += direction
  return at
}

/** From the line that stands less deep above to the one below, which belongs to it when it closes a bracket or says so. */
function enclosingBlock(lines: readonly string[], changed: Span, depth: number): Span {
  const isInside = (text: string): boolean => indentOf(text) >= depth
  const header = walk(lines, changed.start - 1, -1, isInside)
  const footer = walk(lines, changed.end, 1, isInside)
  const closes = footer <= lines.length && isClosing(lines[footer - 1])
  return { start: Math.max(1, header), end: closes ? footer + 1 : trimBlank(lines, footer, changed.end) }
}

/** Lines that stand together without a blank line, and below the last of them what stands deeper: its body. */
function paragraph(lines: readonly string[], changed: Span, depth: number): Span {
  const belongs = (line: number): boolean => {
    const text = lines[line - 1]
    return text !== undefined && !isBlank(text) && indentOf(text) >= depth
  }
  let { start, end } = changed
  while (changed.start - start < MAX_LINES && belongs(start - 1)) start -= 1
  while (end - changed.end < MAX_LINES && belongs(end)) end += 1
  const body = walk(lines, end, 1, (text) => indentOf(text) > depth)
  if (body > end && isClosing(lines[body - 1])) return { start, end: body + 1 }
  return { start, end: trimBlank(lines, body, end) }
}

/** First line in this direction that is neither blank nor `inside`; gives up `MAX_LINES` away, where nothing fits any more. */
function walk(lines: readonly string[], from: number, direction: 1 | -1, inside: (text: string) => boolean): number {
  let at = from
  for (let steps = 0; steps <= MAX_LINES; steps += 1) {
    const text = lines[at - 1]
    if (text === undefined || (!isBlank(text) && !inside(text))) break
    at += direction
  }
  return at
}

function trimBlank(lines: readonly string[], end: number, floor: number): number {
  let at = end
  while (at > floor && isBlank(lines[at - 2])) at -= 1
  return at
}

function isClosing(text: string | undefined): boolean {
  return text !== undefined && /^\s*(?:[)\]}]|<\/|end\b|done\b|fi\b|esac\b)/i.test(text)
}

/** Grows upwards and downwards until every bracket in it has its partner, or `MAX_LINES` is reached: then it stays as it is. */
function balanced(lines: readonly string[], span: Span): Span {
  const inner = bracketsIn(lines, span)
  if (inner === null) return span
  let { start, end } = span
  let { unopened, unclosed } = inner
  while (unopened > 0) {
    start -= 1
    const line = start >= 1 && end - start <= MAX_LINES ? bracketsIn(lines, { start, end: start + 1 }) : null
    if (line === null) return span
    unopened = Math.max(0, unopened - line.unclosed) + line.unopened
  }
  while (unclosed > 0) {
    const line = end <= lines.length && end - start < MAX_LINES ? bracketsIn(lines, { start: end, end: end + 1 }) : null
    if (line === null) return span
    end += 1
    unclosed = Math.max(0, unclosed - line.unopened) + line.unclosed
  }
  return { start, end }
}

interface Brackets {
  /** Closing brackets whose partner stands above. */
  readonly unopened: number
  /** Opening brackets whose partner stands below. */
  readonly unclosed: number
}

/** String literals of one line are left out; null when a line is too long to be looked at, or there are too many. */
function bracketsIn(lines: readonly string[], span: Span): Brackets | null {
  if (span.end - span.start > MAX_LINES) return null
  let unopened = 0
  let unclosed = 0
  for (let line = span.start; line < span.end; line += 1) {
    const text = lines[line - 1] ?? ''
    if (text.length > MAX_COLUMNS) return null
    for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[()[\]{}]/g)) {
      if ('([{'.includes(sign)) unclosed += 1
      else if (!')]}'.includes(sign)) continue
      else if (unclosed > 0) unclosed -= 1
      else unopened += 1
    }
  }
  return { unopened, unclosed }
}
