// Finds the one place of a file that a parsed hunk means, or says why there is none; never takes the first of several.
import type { HunkLine, ParsedHunk } from '../edits/hunk.ts'
import { changesAnything } from '../edits/hunk.ts'
import { isBlank } from '../indent.ts'
import type { LineEdit } from '../patch.ts'
import { createAnchorIndex, type AnchorView } from './anchors.ts'
import { keepsIndent, saysSomething, type Level } from './comparison.ts'
import { reindentFor, asWritten, type Reindent } from './indentation.ts'
import { createLineIndex, type LineIndex } from './line-index.ts'
import { cutsOf, isInsertion, partsOf, patternOf, readingsOf, type Reading } from './reading.ts'

export interface LocateHints {
  /** The lines [start, end) that the reply is about, 1-based: where several places are left, one inside is meant. */
  readonly near: { readonly start: number; readonly end: number } | null
  /** The line after the last changed one of the hunk before in the same section (`changed.end`), 1-based. */
  readonly after: number | null
  /** The first changed line of a later hunk in the same section whose place is known, 1-based. */
  readonly before?: number | null
}

export interface Located {
  readonly ok: true
  /** As written: the matched lines become the hunk's new lines; matched context keeps the file's own text. */
  readonly edit: LineEdit
  /** The same without the context around it: from the first changed line to the last one. */
  readonly changed: LineEdit
  /** Each run of changed lines by itself, in order. */
  readonly pieces: readonly LineEdit[]
}

export type LocateOutcome =
  | Located
  /** `reason`: one line for people. `candidates`: the places that were left to choose from, as 1-based lines. */
  | { readonly ok: false; readonly reason: string; readonly candidates: readonly number[] }

export interface Locator {
  readonly lines: readonly string[]
  locate(hunk: ParsedHunk, hints: LocateHints): LocateOutcome
}

/** Stricter comparisons first; within a group every reading of the hunk is tried before a looser one is. */
const GROUPS: readonly (readonly Level[])[] = [
  ['exact', 'trailing'],
  ['indented'],
  ['unicode'],
  ['unicode-indented'],
  ['loose'],
]

const NOTHING = 'it changes nothing'
const NOT_FOUND = 'its lines are not found in the file'
const ALREADY = 'the file reads like this already'
const REPEATS = 'its lines repeat too often in the file'

/** One place at which the old lines of a hunk stand. */
interface Place {
  readonly lines: readonly HunkLine[]
  /** 0-based line of the file at which `lines` begin. */
  readonly start: number
  readonly reindent: Reindent
  /** 1-based line at which the hunk as written would begin. */
  readonly writtenStart: number
  readonly anchor: AnchorView
}

export function locateHunk(lines: readonly string[], hunk: ParsedHunk, hints: LocateHints): LocateOutcome {
  return createLocator(lines).locate(hunk, hints)
}

/**
 * For several hunks in one text: the indices are built once, when they are first needed. The comparisons are those of the
 * published apply_patch (`seek_sequence`: exact, trailing white space, indentation, Unicode punctuation), but each has to
 * leave exactly one place. Where several are left these tell them apart, in this order: the anchors, which must stand
 * above; the end of the file; the blocks that anchors open one in the other; the order of hunks; the line number of a unified diff, if it is exactly right; the block that
 * an anchor opens; the line right below an anchor; the region.
 */
export function createLocator(lines: readonly string[]): Locator {
  const anchors = createAnchorIndex(lines)
  const indices = new Map<Level, LineIndex>()

  const indexAt = (level: Level): LineIndex => {
    const shared = level === 'loose' ? 'unicode-indented' : level
    let index = indices.get(shared)
    if (index === undefined) {
      index = createLineIndex(lines, shared)
      indices.set(shared, index)
    }
    return index
  }

  const search = (hunk: ParsedHunk, hints: LocateHints): LocateOutcome => {
    let contradiction: LocateOutcome | null = null
    for (const levels of groupsFor(hunk.lines)) {
      for (const reading of readingsOf(hunk)) {
        for (const found of placesOf(hunk, reading, levels)) {
          if (found === null) return { ok: false, reason: REPEATS, candidates: [] }
          const fitting = found.filter((place) => agrees(hunk, place))
          if (fitting.length > 0) return decide(hunk, fitting, hints)
          contradiction ??= contradicted(hunk, found)
        }
      }
    }
    return contradiction ?? { ok: false, reason: isThereAlready(hunk) ? ALREADY : NOT_FOUND, candidates: [] }
  }

  /** The places of each variant of one reading that has any; null when the file repeats too much. */
  function* placesOf(hunk: ParsedHunk, reading: Reading, levels: readonly Level[]): Generator<readonly Place[] | null> {
    if (reading.eitherSpace && !levels.every(keepsIndent)) return
    for (const cut of cutsOf(reading.lines)) {
      const pattern = patternOf(cut.lines, reading.eitherSpace)
      if (pattern.length === 0 || isInsertion(cut.lines)) continue
      for (const level of levels) {
        const starts = indexAt(level).find(pattern)
        if (starts === null) yield null
        else {
          const places = starts.flatMap((start): readonly Place[] => {
            const reindent = keepsIndent(level) ? asWritten : reindentFor(cut.lines, lines, start, level === 'loose')
            if (reindent === null) return []
            const anchor = anchors.view(hunk.anchors, start + pattern.length + 1)
            return [{ lines: cut.lines, start, reindent, writtenStart: start + 1 - cut.lead, anchor }]
          })
          if (places.length > 0) yield places
        }
      }
    }
  }

  const decide = (hunk: ParsedHunk, places: readonly Place[], hints: LocateHints): LocateOutcome => {
    const left = narrow(hunk, places, hints)
    const [only] = left
    return left.length === 1 && only !== undefined ? outcomeAt(only) : ambiguous(left.map((place) => place.start + 1))
  }

  const narrow = (hunk: ParsedHunk, places: readonly Place[], hints: LocateHints): readonly Place[] => {
    let left = places
    const keep = (fits: (place: Place) => boolean): void => {
      if (left.length < 2) return
      const kept = left.filter(fits)
      if (kept.length > 0) left = kept
    }
    if (hunk.endOfFile) keep((place) => lines.slice(endOf(place) - 1).every((line) => isBlank(line)))
    const { near, after, before } = hints
    // The blocks that a patch names count more than the order of its hunks; the heading of a unified diff is only what stood above.
    if (hunk.format !== 'unified' && hunk.anchors.length > 0) {
      keep(({ anchor, start }) => anchor.nested && anchor.line !== null && anchors.inBlock(anchor.line, start + 1))
    }
    if (after !== null) keep((place) => changedRange(place).start >= after)
    if (before !== undefined && before !== null) keep((place) => changedRange(place).end <= before)
    if (hunk.line !== null) keep((place) => place.writtenStart === hunk.line)
    keep(({ anchor, start }) => anchor.line !== null && anchors.inBlock(anchor.line, start + 1))
    keep(({ anchor, start }) => anchor.line !== null && onlyBlank(lines, anchor.line, start))
    if (near !== null) {
      keep((place) => changedRange(place).start <= near.end && changedRange(place).end >= near.start)
    }
    return left
  }

  const outcomeAt = (place: Place): LocateOutcome => {
    const pieces = piecesAt(place)
    const range = { start: place.start + 1, end: endOf(place) }
    const edit = { ...range, lines: withPieces(lines, range, pieces) }
    const changed = changedRange(place)
    if (sameLines(edit.lines, lines.slice(range.start - 1, range.end - 1))) {
      return { ok: false, reason: NOTHING, candidates: [range.start] }
    }
    return { ok: true, edit, changed: { ...changed, lines: withPieces(lines, changed, pieces) }, pieces }
  }

  const isThereAlready = (hunk: ParsedHunk): boolean => {
    const added = hunk.lines.filter((line) => line.kind === '+')
    if (!added.some((line) => saysSomething(line.text))) return false
    const after = hunk.lines.filter((line) => line.kind !== '-').map((line) => [line.text])
    const found = indexAt('trailing').find(after)
    return found !== null && found.length > 0
  }

  const insert = (hunk: ParsedHunk, hints: LocateHints): LocateOutcome => {
    const { lead, texts } = insertedLines(hunk.lines)
    const at = (start: number): LocateOutcome => {
      let line = start
      for (let skipped = 0; skipped < lead && line <= lines.length && isBlank(lines[line - 1]); skipped += 1) line += 1
      const edit = { start: line, end: line, lines: texts }
      return { ok: true, edit, changed: edit, pieces: [edit] }
    }
    if (lines.length === 0) return at(1)
    if (hunk.endOfFile) return at(lines.length + 1)
    return hunk.format === 'unified' ? insertAtLine(hunk, at) : insertAtAnchor(hunk, hints, at)
  }

  /** A unified diff without context says its line only by number; the heading after `@@` has to agree with it. */
  const insertAtLine = (hunk: ParsedHunk, at: (start: number) => LocateOutcome): LocateOutcome => {
    const { line } = hunk
    if (line !== null && line <= lines.length) {
      const view = anchors.view(hunk.anchors, line + 1)
      if (view.line !== null && anchors.inBlock(view.line, line + 1)) return at(line + 1)
    }
    return { ok: false, reason: 'it has no context that says where its lines belong', candidates: [] }
  }

  const insertAtAnchor = (
    hunk: ParsedHunk,
    hints: LocateHints,
    at: (start: number) => LocateOutcome,
  ): LocateOutcome => {
    const innermost = hunk.anchors.at(-1)
    if (innermost === undefined) {
      return { ok: false, reason: 'it has no context that says where its lines belong', candidates: [] }
    }
    const outer = hunk.anchors.slice(0, -1)
    let left = anchors.lines(innermost).filter((line) => anchors.view(outer, line).agreement !== 'elsewhere')
    const keep = (fits: (line: number) => boolean): void => {
      const kept = left.filter(fits)
      if (kept.length > 0) left = kept
    }
    keep((line) => {
      const above = anchors.view(outer, line).line
      return above !== null && anchors.inBlock(above, line)
    })
    const { near, after, before } = hints
    if (after !== null) keep((line) => line + 1 >= after)
    if (before !== undefined && before !== null) keep((line) => line < before)
    if (near !== null) keep((line) => line + 1 >= near.start && line <= near.end)
    const [only] = left
    if (only === undefined) {
      return { ok: false, reason: `“${short(innermost)}” is not found in the file`, candidates: [] }
    }
    return left.length === 1 ? at(only + 1) : ambiguous(left)
  }

  /** The old lines at a place, with the lines that come, as runs. */
  const piecesAt = (place: Place): readonly LineEdit[] => {
    const pieces: LineEdit[] = []
    let line = place.start + 1
    let run: { start: number; lines: string[] } | null = null
    for (const [at, { kind, text }] of place.lines.entries()) {
      if (kind === ' ') {
        if (run !== null) pieces.push({ start: run.start, end: line, lines: run.lines })
        run = null
        line += 1
        continue
      }
      run ??= { start: line, lines: [] }
      if (kind === '-') line += 1
      else run.lines.push(place.reindent(text, at))
    }
    if (run !== null) pieces.push({ start: run.start, end: line, lines: run.lines })
    return pieces
  }

  const locateWhole = (hunk: ParsedHunk, hints: LocateHints): LocateOutcome => {
    if (!changesAnything(hunk.lines)) return { ok: false, reason: NOTHING, candidates: [] }
    return isInsertion(hunk.lines) ? insert(hunk, hints) : search(hunk, hints)
  }

  /** One below the other, each with its only place; null when that is not so. */
  const locateParts = (parts: readonly ParsedHunk[], hints: LocateHints): Located | null => {
    const found: Located[] = []
    for (const part of parts) {
      const former = found.at(-1)
      const place = locateWhole(part, former === undefined ? hints : { ...hints, after: former.changed.end })
      if (!place.ok || (former !== undefined && place.edit.start < former.edit.end)) return null
      found.push(place)
    }
    const [first] = found
    const last = found.at(-1)
    if (first === undefined || last === undefined) return null
    const pieces = found.flatMap((place) => place.pieces)
    const edit = { start: first.edit.start, end: last.edit.end }
    const changed = { start: first.changed.start, end: last.changed.end }
    return {
      ok: true,
      edit: { ...edit, lines: withPieces(lines, edit, pieces) },
      changed: { ...changed, lines: withPieces(lines, changed, pieces) },
      pieces,
    }
  }

  return {
    lines,
    locate(hunk, hints) {
      const whole = locateWhole(hunk, hints)
      const parts = whole.ok || whole.reason !== NOT_FOUND ? null : partsOf(hunk)
      return parts === null ? whole : (locateParts(parts, hints) ?? whole)
    },
  }
}

/** A hunk that changes only white space at the edges of lines means just those lines: looser comparisons would lie. */
function groupsFor(hunk: readonly HunkLine[]): readonly (readonly Level[])[] {
  const side = (dropped: HunkLine['kind']): string =>
    hunk
      .filter((line) => line.kind !== dropped)
      .map((line) => line.text.trim())
      .join('\n')
  return side('+') === side('-') ? GROUPS.slice(0, 1) : GROUPS
}

/** Anchors that stand in the file must stand above; lines of mere brackets need anchors that are known. */
function agrees(hunk: ParsedHunk, place: Place): boolean {
  if (place.anchor.agreement === 'unknown' && hunk.anchors.length > 0) {
    return place.lines.some((line) => line.kind !== '+' && saysSomething(line.text))
  }
  return place.anchor.agreement !== 'elsewhere'
}

function contradicted(hunk: ParsedHunk, places: readonly Place[]): LocateOutcome {
  const candidates = places.map((place) => place.start + 1)
  const names = hunk.anchors.map((anchor) => `“${short(anchor)}”`).join(', ')
  return { ok: false, reason: `its lines are found (${linesInWords(candidates)}), but not under ${names}`, candidates }
}

function ambiguous(candidates: readonly number[]): LocateOutcome {
  const where = linesInWords(candidates)
  const times = candidates.length
  return { ok: false, reason: `found ${times} times (${where}) with nothing to tell the places apart`, candidates }
}

function linesInWords(lines: readonly number[]): string {
  const named = lines.slice(0, 5).join(', ')
  return `${lines.length === 1 ? 'line' : 'lines'} ${named}${lines.length > 5 ? ', …' : ''}`
}

function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`
}

/** 1-based line after the last matched one. */
function endOf(place: Place): number {
  return place.start + 1 + place.lines.filter((line) => line.kind !== '+').length
}

/** From the first changed line to the last one, 1-based, end exclusive. */
function changedRange(place: Place): { readonly start: number; readonly end: number } {
  let lead = 0
  while (place.lines[lead]?.kind === ' ') lead += 1
  let tail = 0
  while (place.lines[place.lines.length - 1 - tail]?.kind === ' ') tail += 1
  return { start: place.start + 1 + lead, end: endOf(place) - tail }
}

/** Nothing but blank lines between the anchor (1-based) and the place (0-based), or the anchor is inside the place. */
function onlyBlank(lines: readonly string[], anchor: number, start: number): boolean {
  for (let at = anchor; at < start; at += 1) if (!isBlank(lines[at])) return false
  return true
}

/** The lines of the range as they read after the pieces in it. */
function withPieces(
  lines: readonly string[],
  range: { readonly start: number; readonly end: number },
  pieces: readonly LineEdit[],
): readonly string[] {
  const result: string[] = []
  let at = range.start
  for (const piece of pieces) {
    for (const line of lines.slice(at - 1, piece.start - 1)) result.push(line)
    for (const line of piece.lines) result.push(line)
    at = piece.end
  }
  for (const line of lines.slice(at - 1, range.end - 1)) result.push(line)
  return result
}

function sameLines(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index])
}

/** What an insertion inserts: blank lines inside belong to it, those above it are context (`lead` of them). */
function insertedLines(lines: readonly HunkLine[]): { readonly lead: number; readonly texts: readonly string[] } {
  const lead = lines.findIndex((line) => line.kind === '+')
  const last = lines.findLastIndex((line) => line.kind === '+')
  return { lead, texts: lines.slice(lead, last + 1).map((line) => line.text) }
}
