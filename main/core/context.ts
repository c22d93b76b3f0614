// What a request tells the model: the region with its surroundings, the file's imports, recent edits, words, within a budget.
import type { Result } from '../../preload/contract.ts'
import { BUDGETS, fitting, NEAREST, SHARES, type Budget } from './budget.ts'
import { clipLine } from './clip.ts'
import type { RecentDiff } from './history.ts'
import { linesIn } from './line-index.ts'
import type { Marker } from './marker.ts'
import { isSecretPath, keyLinesOf } from './redact.ts'
import type { Region } from './region.ts'
import { aroundLines, type LineList } from './text.ts'
import { tokensOf } from './tokens.ts'

export { findMarkers, type Marker } from './marker.ts'

/** Lines of a file as they stand there, from line `start` (1-based) on; long ones are cut. Not yet redacted. */
export interface Excerpt {
  readonly path: string
  readonly start: number
  readonly lines: readonly string[]
}

/** What one source says that the team has agreed on. */
export interface Agreed {
  /** The file that says so; null: it was counted in the project's files. */
  readonly path: string | null
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
  /** Whether ignore files keep a file out, by now: nothing of it is told, however it came here. */
  readonly ignores?: (path: string) => boolean
  /** What the team has agreed on, in the order of the prompt. */
  readonly conventions?: readonly Agreed[]
  /** For everything together; the words are never cut and come on top when they are longer. Default: the fast lane's. */
  readonly budget?: Pick<Budget, 'total' | 'surroundings'>
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
  /** The statements at the top that import, as far as the excerpt does not show them: all, or those that the region uses. */
  readonly imports: readonly Excerpt[]
  readonly diffs: readonly RecentDiff[]
  readonly related: readonly Excerpt[]
  readonly conventions: readonly Agreed[]
  readonly words: string | null
  readonly marker: Marker | null
  /** Lines in the whole file. */
  readonly fileLines: number
  /** Text of the file that is searched for secrets although it is not shown: what is shown may name them without their names. */
  readonly neighbourhood: string
  /** For the redactor: secrets that the diffs may show without their names. */
  readonly bareSecrets: readonly string[]
  /** For the redactor: lines of key material that the excerpts may cut out of their block. */
  readonly keyLines: readonly string[]
  readonly withheld: readonly WithheldFile[]
}

const LONGEST_LINE = 1_000
const HEAD_LINES = 40
/** Imports are looked for in so many lines. */
const HEAD_SEARCH = 120
/** UTF-16 units on either side of the place that are searched for secrets: all of most files, in about 2 ms. */
const NEIGHBOURHOOD = 12_000

/**
 * Gathers a request's context by worth (see budget.ts). Everything in it together costs at most the budget's tokens, unless
 * the words alone cost more. Failure `secret`: the file's name says that it holds secrets; nothing may be asked about it.
 */
export function gatherContext(input: ContextInput): Result<Context> {
  const secret = isSecretPath(input.path)
  if (secret !== null) {
    return { ok: false, failure: { code: 'secret', message: `${input.path} is never sent (${secret})` } }
  }
  const lines = linesIn(input.text)
  const { total, surroundings } = input.budget ?? BUDGETS.fast
  const spoken = tokensOf(input.words ?? '') + tokensOf(input.marker?.text ?? '')
  const budget = Math.max(0, total - spoken)
  let left = budget
  const spend = <Piece>(pieces: readonly Piece[], share: number, cost: (piece: Piece) => number): readonly Piece[] => {
    const kept = fitting(pieces, Math.min(left, budget * share), cost)
    for (const piece of kept) left -= cost(piece)
    return kept
  }

  const near = windowAround(lines, input.region, budget * SHARES.region, Math.min(NEAREST, surroundings))
  left -= costOfLines(lines, near)

  const statements = importsOf(lines, near.start)
  const used = usedBy(lines, near, statements)
  const fits = statements.reduce((sum, { text }) => sum + costOf(text), 0) <= Math.min(left, budget * SHARES.imports)
  const importLines = spend(fits ? statements : used, SHARES.imports, ({ text }) => costOf(text))

  const withheld = new Map<string, string>()
  const allowed = ({ path }: { readonly path: string }): boolean => {
    const reason = isSecretPath(path) ?? (input.ignores?.(path) === true ? 'an ignore file keeps it out' : null)
    if (reason !== null) withheld.set(path, reason)
    return reason === null
  }
  const clipped = (pieces: readonly Excerpt[]): readonly Excerpt[] =>
    pieces.filter(allowed).map((piece) => excerptOf(piece.path, piece.lines, 1, piece.lines.length + 1, piece.start))
  const diffs = spend(input.diffs.filter(allowed).toReversed(), SHARES.edits, ({ text }) => tokensOf(text)).toReversed()
  const related = spend(clipped(input.related), SHARES.related, sizeOf)
  const agreed = (input.conventions ?? [])
    .filter(({ path }) => path === null || allowed({ path }))
    .flatMap(({ path, lines: said }) => said.map((line) => ({ path, line: clipLine(line, LONGEST_LINE) })))
  const conventions = spend(agreed, SHARES.conventions, ({ line }) => costOf(line))

  // What nobody needed goes to the surroundings.
  const shown = windowAround(lines, input.region, costOfLines(lines, near) + left, surroundings)
  const excerpt = excerptOf(input.path, lines, shown.start, shown.end)
  const { region } = input
  const inside = (line: number): number => Math.min(Math.max(line, shown.start), shown.end)
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
      imports: runsOf(
        input.path,
        importLines.filter(({ line }) => line < shown.start),
      ),
      diffs,
      related,
      conventions: bySource(conventions),
      words: input.words,
      marker: input.marker,
      fileLines: lines.length,
      neighbourhood: aroundLines(lines, shown, NEIGHBOURHOOD),
      bareSecrets: [...new Set(diffs.flatMap((diff) => diff.bareSecrets ?? []))],
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
 * Lines [start, end) to show: the changed lines first, then the rest of the region, then up to `reach` lines on both sides, line
 * by line and as near as possible, until `budget` tokens are used up. Looks at no line that it does not show.
 */
export function windowAround(lines: LineList, region: Region, budget: number, reach: number): Window {
  const last = lines.length + 1
  const within = (line: number): number => Math.min(Math.max(line, 1), last)
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
    { start: within(region.start - reach), end: within(region.end + reach) },
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
  return tokensOf(`${clipLine(line, LONGEST_LINE)}\n`)
}

function costOfLines(lines: LineList, { start, end }: Window): number {
  let sum = 0
  for (let line = start; line < end; line += 1) sum += costOf(lines.at(line - 1) ?? '')
  return sum
}

function sizeOf(excerpt: Excerpt): number {
  return excerpt.lines.reduce((sum, line) => sum + costOf(line), 0)
}

const IMPORT =
  /^\s*(?:import\b|from\s+[\w.]+\s+import\b|(?:export\s+)?(?:\*|\{[^}]*\})\s+from\b|\}\s*from\s+['"]|(?:const|let|var)\s+.{1,200}=\s*require\(|require(?:_once|_relative)?[\s('"]|include(?:_once)?[\s('"]|#\s*(?:include|import)\b|using\s+[\w.:=\s<>]+;|use\s+[\w\\:{*]|package\s+[\w.]+|namespace\s+[\w\\.]+|extern\s+crate\b|mod\s+\w+;|module\s+[\w.]+|alias\s+[\w.]+|open\s+[\w.]+|library\(|source\(|@(?:use|import|forward)\b|-include\b|local\s+\w+\s*=\s*require)/

interface NumberedLine {
  readonly line: number
  readonly text: string
  /** The number of the line in which its statement begins. */
  readonly statement: number
}

/** The lines above `before` from the first to the last import at the top of the file. */
function importsOf(lines: LineList, before: number): readonly NumberedLine[] {
  const most = Math.min(lines.length, HEAD_SEARCH, before - 1)
  const found: NumberedLine[] = []
  let statement = 0
  let last = 0
  for (let line = 1; line <= most; line += 1) {
    const text = (lines.at(line - 1) ?? '').slice(0, LONGEST_LINE)
    if (!IMPORT.test(text)) continue
    // What stands between two imports belongs to the one above it.
    for (let between = last + 1; found.length > 0 && between < line; between += 1)
      found.push({ line: between, text: lines.at(between - 1) ?? '', statement })
    statement = line
    // `import (` and `import {` go on up to the bracket that closes them.
    last = /[({]\s*$/.test(text) ? closingLine(lines, line, most) : line
    for (; line <= last; line += 1) found.push({ line, text: lines.at(line - 1) ?? '', statement })
    line = last
  }
  return found.slice(0, HEAD_LINES)
}

function closingLine(lines: LineList, from: number, most: number): number {
  for (let line = from + 1; line <= most; line += 1) {
    if (/^\s*[)}]/.test((lines.at(line - 1) ?? '').slice(0, LONGEST_LINE))) return line
  }
  return from
}

/** The import statements that bring a name which stands in the window. */
function usedBy(lines: LineList, { start, end }: Window, statements: readonly NumberedLine[]): readonly NumberedLine[] {
  const names = new Set<string>()
  for (const line of lines.slice(start - 1, end - 1)) {
    for (const [name] of line.slice(0, LONGEST_LINE).matchAll(/[A-Za-z_$][\w$]*/g)) names.add(name)
  }
  const used = new Set<number>()
  for (const { text, statement } of statements) {
    const words = text.slice(0, LONGEST_LINE).match(/[A-Za-z_$][\w$]*/g) ?? []
    if (words.some((word) => names.has(word) && !KEYWORDS.has(word))) used.add(statement)
  }
  return statements.filter(({ statement }) => used.has(statement))
}

/** Words of import statements that say nothing about what is imported. */
const KEYWORDS = new Set(
  'import from export default as type const let var require use using include package module static mod crate self pub'.split(
    ' ',
  ),
)

/** Lines of one source are one piece again. */
function bySource(found: readonly { readonly path: string | null; readonly line: string }[]): readonly Agreed[] {
  const sources: { path: string | null; lines: string[] }[] = []
  for (const { path, line } of found) {
    const last = sources.at(-1)
    if (last !== undefined && last.path === path) last.lines.push(line)
    else sources.push({ path, lines: [line] })
  }
  return sources
}

/** Lines that follow each other share an excerpt. */
function runsOf(path: string, found: readonly NumberedLine[]): readonly Excerpt[] {
  const runs: { start: number; lines: string[] }[] = []
  for (const { line, text } of found) {
    const run = runs.at(-1)
    const clipped = clipLine(text, LONGEST_LINE)
    if (run !== undefined && run.start + run.lines.length === line) run.lines.push(clipped)
    else runs.push({ start: line, lines: [clipped] })
  }
  return runs.map((run) => ({ path, ...run }))
}
