// How the indentation of a hunk maps to the file's: one shift or one change of unit for all lines, or line by line.
import type { HunkLine } from '../edits/hunk.ts'

/** Gives a line that comes the indentation it needs; `at` is its index among the hunk's lines. */
export type Reindent = (text: string, at: number) => string

export const asWritten: Reindent = (text) => text

interface Pair {
  /** Index among the hunk's lines. */
  readonly at: number
  readonly hunk: string
  readonly file: string
}

const UNITS = ['    ', '  ', '\t', '        ', '   '] as const

/**
 * The mapping for a hunk whose old lines stand at `start` (0-based) of the file; null when no single shift or change of
 * unit explains all lines. `loose`: then each line that comes follows the old line next to it.
 */
export function reindentFor(
  hunk: readonly HunkLine[],
  file: readonly string[],
  start: number,
  loose: boolean,
): Reindent | null {
  const pairs = pairsOf(hunk, file, start)
  if (pairs.every((pair) => pair.hunk === pair.file)) return asWritten
  return shift(pairs) ?? unitChange(pairs) ?? (loose ? nearest(pairs) : null)
}

function pairsOf(hunk: readonly HunkLine[], file: readonly string[], start: number): readonly Pair[] {
  const pairs: Pair[] = []
  let place = start
  for (const [at, line] of hunk.entries()) {
    if (line.kind === '+') continue
    const text = file[place] ?? ''
    place += 1
    if (line.text.trim() !== '') pairs.push({ at, hunk: leadingSpace(line.text), file: leadingSpace(text) })
  }
  return pairs
}

function leadingSpace(line: string): string {
  return line.slice(0, line.length - line.trimStart().length)
}

/** All lines stand the same characters further to the right, or to the left. */
function shift(pairs: readonly Pair[]): Reindent | null {
  const [first] = pairs
  if (first === undefined) return null
  if (first.file.endsWith(first.hunk)) {
    const more = first.file.slice(0, first.file.length - first.hunk.length)
    if (pairs.every((pair) => pair.file === more + pair.hunk))
      return (text) => (text.trim() === '' ? text : more + text)
  }
  if (first.hunk.endsWith(first.file)) {
    const less = first.hunk.slice(0, first.hunk.length - first.file.length)
    if (pairs.every((pair) => pair.hunk === less + pair.file)) return (text) => withoutPrefix(text, less)
  }
  return null
}

/** Takes off as much of the prefix as the line has. */
function withoutPrefix(text: string, prefix: string): string {
  let common = 0
  while (common < prefix.length && text.charAt(common) === prefix.charAt(common)) common += 1
  return text.slice(common)
}

/** The hunk is indented by another unit (two spaces for a tab), perhaps some levels further in or out. */
function unitChange(pairs: readonly Pair[]): Reindent | null {
  let best: { readonly from: string; readonly to: string; readonly difference: number } | null = null
  for (const from of UNITS) {
    for (const to of UNITS) {
      if (from === to) continue
      const difference = levelDifference(pairs, from, to)
      if (difference === null) continue
      if (best === null || Math.abs(difference) < Math.abs(best.difference)) best = { from, to, difference }
    }
  }
  if (best === null) return null
  const { from, to, difference } = best
  return (text) => changeUnit(text, from, to, difference)
}

/** By how many levels the file is deeper, when that is the same for all lines. */
function levelDifference(pairs: readonly Pair[], from: string, to: string): number | null {
  let difference: number | null = null
  for (const pair of pairs) {
    const inHunk = levelOf(pair.hunk, from)
    const inFile = levelOf(pair.file, to)
    if (inHunk === null || inFile === null) return null
    if (difference !== null && difference !== inFile - inHunk) return null
    difference = inFile - inHunk
  }
  return difference
}

function levelOf(space: string, unit: string): number | null {
  const level = space.length / unit.length
  return Number.isInteger(level) && space === unit.repeat(level) ? level : null
}

function changeUnit(text: string, from: string, to: string, difference: number): string {
  if (text.trim() === '') return text
  let level = 0
  while (text.startsWith(from, level * from.length)) level += 1
  return to.repeat(Math.max(0, level + difference)) + text.slice(level * from.length)
}

/** No common rule: a line that comes is shifted like the closest old line, the one before it when two are as close. */
function nearest(pairs: readonly Pair[]): Reindent {
  return (text, at) => {
    let best: Pair | null = null
    for (const pair of pairs) {
      if (best === null || Math.abs(pair.at - at) < Math.abs(best.at - at)) best = pair
    }
    return best === null ? text : (shift([best])?.(text, at) ?? text)
  }
}
