// The ways in which a hunk's lines can be meant: as written, or with one of the slips that models make put right.
import { changesAnything, type HunkLine, type ParsedHunk } from '../edits/hunk.ts'
import type { Pattern } from './line-index.ts'

export interface Reading {
  readonly lines: readonly HunkLine[]
  /** Context that begins with a space may as well be a line without its marker: try both texts. */
  readonly eitherSpace: boolean
}

/** Likelier readings first; the first one is the hunk as written. */
export function readingsOf(hunk: ParsedHunk): readonly Reading[] {
  const written = hunk.lines
  const variants = [written]
  const add = (lines: readonly HunkLine[] | null): void => {
    if (lines !== null) variants.push(lines)
  }
  add(withFilledRuns(written, (line) => line.text.trim() === ''))
  add(withFilledRuns(written, () => true))
  add(withoutProse(written))
  add(withTabs(written))
  const spaced = written.some((line) => line.kind === ' ' && line.bare !== true && line.text.trim() !== '')
  return variants.flatMap((lines) => [{ lines, eitherSpace: false }, ...(spaced ? [{ lines, eitherSpace: true }] : [])])
}

/** Lines without a marker between two lines that come (or go) are part of that run: the `+` of blank lines is often lost. */
function withFilledRuns(lines: readonly HunkLine[], fits: (line: HunkLine) => boolean): readonly HunkLine[] | null {
  const filled = [...lines]
  let found = false
  for (let at = 0; at < lines.length; at += 1) {
    const before = filled[at - 1]?.kind
    if (before === undefined || before === ' ' || filled[at]?.bare !== true) continue
    let to = at
    while (to < lines.length && isBareContext(lines[to]) && fits(lines[to] ?? BLANK)) to += 1
    if (to === at || lines[to]?.kind !== before) continue
    for (let inside = at; inside < to; inside += 1) filled[inside] = { kind: before, text: lines[inside]?.text ?? '' }
    found = true
    at = to
  }
  return found ? filled : null
}

const BLANK: HunkLine = { kind: ' ', text: '' }

function isBareContext(line: HunkLine | undefined): boolean {
  return line !== undefined && line.kind === ' ' && line.bare === true
}

/** Where the end of the patch is missing, the prose after it looks like context: a blank line and lines without markers. */
function withoutProse(lines: readonly HunkLine[]): readonly HunkLine[] | null {
  let from = lines.length
  while (from > 0 && isBareContext(lines[from - 1])) from -= 1
  const blank = lines.findIndex((line, index) => index >= from && line.text.trim() === '')
  return blank < 0 || lines.slice(blank).every((line) => line.text.trim() === '') ? null : lines.slice(0, blank)
}

/** Tabs at the beginning of lines that were written as `\t`. */
function withTabs(lines: readonly HunkLine[]): readonly HunkLine[] | null {
  const leading = /^(?:\s|\\t)*\\t/
  if (!lines.some((line) => leading.test(line.text))) return null
  return lines.map((line) => ({ ...line, text: line.text.replace(leading, (head) => head.replaceAll('\\t', '\t')) }))
}

/** A reading without some of the blank context around its changes, which models put between hunks. */
export interface Cut {
  readonly lines: readonly HunkLine[]
  /** Lines cut off at the beginning. */
  readonly lead: number
}

/**
 * Fewer and fewer blank lines of context at its end and its beginning. A last line that is altogether empty counts in none
 * of them: as often as not it only separates the hunk from what follows, so it must not decide between two places.
 */
export function cutsOf(lines: readonly HunkLine[]): readonly Cut[] {
  const isBlankContext = (line: HunkLine | undefined): boolean => line?.kind === ' ' && line.text.trim() === ''
  const last = lines.at(-1)
  const ending = isBlankContext(last) && last?.bare === true ? lines.length - 1 : lines.length
  let lead = 0
  while (lead < ending && isBlankContext(lines[lead])) lead += 1
  let tail = 0
  while (tail < ending - lead && isBlankContext(lines[ending - 1 - tail])) tail += 1
  const cuts: Cut[] = []
  for (const leadCut of steps(lead)) {
    for (const tailCut of steps(tail)) cuts.push({ lines: lines.slice(leadCut, ending - tailCut), lead: leadCut })
  }
  return cuts
}

/** 0, 1, 2 and all: more single steps are not worth a search. */
function steps(count: number): readonly number[] {
  return [...new Set([0, Math.min(1, count), Math.min(2, count), count])]
}

/** What must stand in the file: everything but the lines that come. */
export function patternOf(lines: readonly HunkLine[], eitherSpace: boolean): Pattern {
  return lines
    .filter((line) => line.kind !== '+')
    .map((line) =>
      eitherSpace && line.kind === ' ' && line.bare !== true ? [line.text, ` ${line.text}`] : [line.text],
    )
}

/** Context that is only blank lines says nothing about the place. */
export function isInsertion(lines: readonly HunkLine[]): boolean {
  return (
    changesAnything(lines) && lines.every((line) => line.kind === '+' || (line.kind === ' ' && line.text.trim() === ''))
  )
}

/**
 * The parts of a hunk in which lines that stay are written as `...`; null when none are. A part that changes nothing says by its
 * last line under what the next one stands.
 */
export function partsOf(hunk: ParsedHunk): readonly ParsedHunk[] | null {
  const parts: ParsedHunk[] = []
  let { anchors } = hunk
  let from = 0
  for (let at = 0; at <= hunk.lines.length; at += 1) {
    const line = hunk.lines[at]
    if (line !== undefined && !(line.kind === ' ' && /^(?:\.{3}|…)$/.test(line.text.trim()))) continue
    const lines = hunk.lines.slice(from, at)
    from = at + 1
    if (changesAnything(lines)) parts.push({ ...hunk, anchors, lines })
    const heading = lines.findLast(({ kind, text }) => kind === ' ' && text.trim() !== '')
    if (parts.length === 0 && heading !== undefined) anchors = [...hunk.anchors, heading.text.trim()]
  }
  return parts.length === 0 || parts[0]?.lines.length === hunk.lines.length ? null : parts
}
