// What a request tells the model: the region with its surroundings, the file's imports, recent edits, words, within a budget.
import type { Result } from '../../preload/contract.ts'
import { clipLine } from './clip.ts'
import type { RecentDiff } from './history.ts'
import { linesIn, type LineList } from './line-index.ts'
import type { Marker } from './marker.ts'
import { isSecretPath, keyLinesOf } from './redact.ts'
import type { Region } from './region.ts'

export { findMarkers, type Marker } from './marker.ts'

/** Lines of a file as they stand there, from line `start` (1-based) on; long ones are cut. Not yet redacted. */
export interface Excerpt {
  readonly path: string
  readonly start: number
  readonly lines: readonly string[]
}

export interface ContextInput {
  readonly path: string
  /** The file's content after the change. */
  readonly text: string
  readonly region: Region
  /** Newest last; the change that is asked about is the last one, see `recentDiffs`. */
  readonly diffs: readonly RecentDiff[]
  /** What the person asked, or null. */
  readonly words: string | null
  /** The marker that asks, or null. */
  readonly marker: Marker | null
  /** Places elsewhere that help, the most helpful first. */
  readonly related: readonly Excerpt[]
  /** UTF-16 units for everything together; the words are never cut and come on top when they are longer. */
  readonly budget?: number
}

/** What was left out because of a file's name. */
export interface WithheldFile {
  readonly path: string
  readonly reason: string
}

export interface Context {
  readonly path: string
  /** The part of the region that `excerpt` shows; empty where lines were only deleted. */
  readonly region: Region
  readonly excerpt: Excerpt
  /** The lines at the top that import, when the excerpt does not show them. */
  readonly head: Excerpt | null
  readonly diffs: readonly RecentDiff[]
  readonly related: readonly Excerpt[]
  readonly words: string | null
  readonly marker: Marker | null
  /** Lines in the whole file. */
  readonly fileLines: number
  /** For the redactor: lines of key material that the excerpts may cut out of their block. */
  readonly keyLines: readonly string[]
  readonly withheld: readonly WithheldFile[]
}

const BUDGET = 24_000
const LONGEST_LINE = 1_000
const SURROUNDINGS = 40
const HEAD_LINES = 40
/** Imports are looked for in so many lines. */
const HEAD_SEARCH = 120
/** Shares of the budget; what one part leaves over goes to the next. */
const EXCERPT_SHARE = 0.55
const HEAD_SHARE = 0.1
const DIFF_SHARE = 0.25

/**
 * Gathers a request's context. Everything in it together has at most `budget` UTF-16 units, unless the words alone are
 * longer. Failure `secret`: the file's name says that it holds secrets; nothing may be asked about it.
 */
export function gatherContext(input: ContextInput): Result<Context> {
  const secret = isSecretPath(input.path)
  if (secret !== null) {
    return { ok: false, failure: { code: 'secret', message: `${input.path} is never sent (${secret})` } }
  }
  const lines = linesIn(input.text)
  const budget = Math.max(0, (input.budget ?? BUDGET) - (input.words?.length ?? 0) - (input.marker?.text.length ?? 0))
  const shown = windowAround(lines, input.region, budget * EXCERPT_SHARE)
  const excerpt = excerptOf(input.path, lines, shown.start, shown.end)
  let left = budget - sizeOf(excerpt)
  const head = headOf(input.path, lines, shown.start, Math.min(left, budget * HEAD_SHARE))
  left -= head === null ? 0 : sizeOf(head)

  const withheld = new Map<string, string>()
  const allowed = ({ path }: { readonly path: string }) => {
    const reason = isSecretPath(path)
    if (reason !== null) withheld.set(path, reason)
    return reason === null
  }
  const diffs = fitting(
    input.diffs.filter(allowed).toReversed(),
    Math.min(left, budget * DIFF_SHARE),
    (diff) => diff.text.length,
  )
  for (const diff of diffs) left -= diff.text.length
  const clipped = input.related
    .filter(allowed)
    .map((piece) => excerptOf(piece.path, piece.lines, 1, piece.lines.length + 1, piece.start))
  const related = fitting(clipped, left, sizeOf)

  const { region } = input
  const inside = (line: number) => Math.min(Math.max(line, shown.start), shown.end)
  return {
    ok: true,
    value: {
      path: input.path,
      region: {
        start: inside(region.start),
        end: inside(region.end),
        changedStart: inside(region.changedStart),
        changedEnd: inside(region.changedEnd),
      },
      excerpt,
      head,
      diffs: diffs.toReversed(),
      related,
      words: input.words,
      marker: input.marker,
      fileLines: lines.length,
      keyLines: [...new Set([...keyLinesOf(input.text), ...diffs.flatMap((diff) => diff.keyLines)])],
      withheld: [...withheld].map(([path, reason]) => ({ path, reason })),
    },
  }
}

interface Window {
  readonly start: number
  readonly end: number
}

/**
 * Lines [start, end) to show: the changed lines first, then the rest of the region, then up to 40 lines on both sides, line by
 * line and as near as possible, until `budget` UTF-16 units are used up. Looks at no line that it does not show.
 */
export function windowAround(lines: LineList, region: Region, budget: number): Window {
  const last = lines.length + 1
  const within = (line: number) => Math.min(Math.max(line, 1), last)
  const middle = { start: within(region.changedStart), end: within(Math.max(region.changedEnd, region.changedStart)) }
  let start = middle.start
  let end = middle.start
  let left = budget
  const take = (line: number): boolean => {
    const cost = costOf(lines.at(line - 1) ?? '')
    if (cost > left) return false
    left -= cost
    return true
  }
  while (end < middle.end && take(end)) end += 1
  if (end < middle.end) return { start, end }
  const bounds = [
    { start: within(region.start), end: within(region.end) },
    { start: within(region.start - SURROUNDINGS), end: within(region.end + SURROUNDINGS) },
  ]
  for (const bound of bounds) {
    let above = true
    let below = true
    while (above || below) {
      above = above && start > bound.start && take(start - 1)
      if (above) start -= 1
      below = below && end < bound.end && take(end)
      if (below) end += 1
    }
  }
  return { start, end }
}

/** Lines [from, to) of `lines`, 1-based; `start` is the number of the first one in its file. */
export function excerptOf(path: string, lines: LineList, from: number, to: number, start: number = from): Excerpt {
  return { path, start, lines: lines.slice(from - 1, to - 1).map((line) => clipLine(line, LONGEST_LINE)) }
}

function costOf(line: string): number {
  return clipLine(line, LONGEST_LINE).length + 1
}

function sizeOf(excerpt: Excerpt): number {
  return excerpt.lines.reduce((sum, line) => sum + line.length + 1, 0)
}

/** The first pieces that fit into the budget together. */
function fitting<Piece>(pieces: readonly Piece[], budget: number, size: (piece: Piece) => number): readonly Piece[] {
  let left = budget
  const kept: Piece[] = []
  for (const piece of pieces) {
    left -= size(piece)
    if (left < 0) break
    kept.push(piece)
  }
  return kept
}

const IMPORT =
  /^\s*(?:import\b|from\s+[\w.]+\s+import\b|(?:export\s+)?(?:\*|\{[^}]*\})\s+from\b|\}\s*from\s+['"]|(?:const|let|var)\s+.{1,200}=\s*require\(|require(?:_once|_relative)?[\s('"]|include(?:_once)?[\s('"]|#\s*(?:include|import)\b|using\s+[\w.:=\s<>]+;|use\s+[\w\\:{*]|package\s+[\w.]+|namespace\s+[\w\\.]+|extern\s+crate\b|mod\s+\w+;|module\s+[\w.]+|alias\s+[\w.]+|open\s+[\w.]+|library\(|source\(|@(?:use|import|forward)\b|-include\b|local\s+\w+\s*=\s*require)/

/** From the first to the last import at the top of the file, as far as it stands above `before`; null when there is none. */
function headOf(path: string, lines: LineList, before: number, budget: number): Excerpt | null {
  const most = Math.min(lines.length, HEAD_SEARCH, before - 1)
  let first = 0
  let last = 0
  for (let line = 1; line <= most; line += 1) {
    const text = (lines.at(line - 1) ?? '').slice(0, LONGEST_LINE)
    if (!IMPORT.test(text)) continue
    if (first === 0) first = line
    // `import (` and `import {` go on up to the bracket that closes them.
    last = /[({]\s*$/.test(text) ? closingLine(lines, line, most) : line
    line = last
  }
  if (first === 0) return null
  const kept = fitting(lines.slice(first - 1, Math.min(last, first - 1 + HEAD_LINES)), budget, costOf)
  return kept.length === 0 ? null : excerptOf(path, kept, 1, kept.length + 1, first)
}

function closingLine(lines: LineList, from: number, most: number): number {
  for (let line = from + 1; line <= most; line += 1) {
    if (/^\s*[)}]/.test((lines.at(line - 1) ?? '').slice(0, LONGEST_LINE))) return line
  }
  return from
}
