// All that is told of one change before anything is asked: its regions, whether it means anything, and what in it asks by itself.
import type { LineChange } from './diff.ts'
import { changedWindow } from './changed-window.ts'
import { equalWhenRead, readingOf, sameButFormatting, type Reading } from './formatting.ts'
import { findConflicts, findMarkers, findTodos, type Marker } from './marker.ts'
import type { TextChange } from './ports.ts'
import { analysisOf, regionAround, type Analysis, type Region } from './region.ts'
import { fingerprintOf } from './same-edit.ts'
import { linesOf } from './text.ts'

/** Something in the code that asks, and the lines that it is about. */
export interface PlacedIntent {
  readonly marker: Marker
  readonly region: Region
}

export interface ChangeReport extends Analysis {
  /** Nothing but white space, quotes, semicolons and trailing commas: nobody's thought. */
  readonly onlyFormatting: boolean
  /** See same-edit.ts. */
  readonly fingerprint: string | null
  /** The one that counts most of those that are new in this change; null when there is none. */
  readonly intent: PlacedIntent | null
  /** How often each marker (`ai!`, `ai?`) stands in the text after the change. */
  readonly markers: MarkerCounts
}

/** By kind and words. */
export type MarkerCounts = Readonly<Record<string, number>>

export function reportOf(change: TextChange): ChangeReport {
  const before = linesOf(change.before)
  const after = linesOf(change.after)
  const analysis = analysisOf(change, before, after)
  return {
    ...analysis,
    onlyFormatting: analysis.onlyWhitespace || onlyStyle(change.path, before, after, analysis.changes),
    fingerprint: analysis.coarse ? null : fingerprintOf(before, after, analysis.changes),
    intent: newIntent(change, analysis),
    markers: countsOf(findMarkers(change.path, change.after)),
  }
}

/** `follows`: the change came right after a save. Then null for what is nothing but a formatter's rewrite of it. */
export function examinationOf({ follows, ...change }: TextChange & { readonly follows: boolean }): ChangeReport | null {
  return follows && isRewrite(change) ? null : reportOf(change)
}

/** Whether a marker asks in so many words. */
export function isExplicit(intent: PlacedIntent | null): boolean {
  return intent?.marker.kind === 'edit' || intent?.marker.kind === 'question'
}

/** What stands around the changes decides what a comma or a gap at their border means; all else is equal anyway. */
const AROUND = 3

function onlyStyle(
  path: string,
  before: readonly string[],
  after: readonly string[],
  changes: readonly LineChange[],
): boolean {
  const [first, last] = [changes[0], changes.at(-1)]
  if (first === undefined || last === undefined) return false
  const start = Math.max(0, first.oldStart - 1 - AROUND)
  const old = before.slice(start, last.oldEnd - 1 + AROUND).join('\n')
  const fresh = after.slice(start, last.newEnd - 1 + AROUND).join('\n')
  return equalWhenRead(old, fresh, styleReading(path))
}

/** Where the kind of quotes, a trailing comma and a semicolon mean nothing. Elsewhere they may: a character in C, the value of a block in Rust. */
const STYLE_FREE = /\.(?:[cm]?[jt]sx?|vue|svelte|pyi?)$/i

function styleReading(path: string): Reading {
  return { ...readingOf(path), style: STYLE_FREE.test(path) }
}

/** A file that was never read before: the first marker in it that did not stand there when it was last known, and all that do. */
export function firstSightOf({
  path,
  text,
  known,
}: {
  readonly path: string
  readonly text: string
  readonly known: MarkerCounts
}): {
  readonly intent: PlacedIntent | null
  readonly markers: MarkerCounts
} {
  const found = findMarkers(path, text)
  const marker = added(found, known)[0]
  const intent = marker === undefined ? null : { marker, region: regionAround(text, marker.line) }
  return { intent, markers: countsOf(found) }
}

function countsOf(markers: readonly Marker[]): MarkerCounts {
  const counts: Record<string, number> = {}
  for (const marker of markers) counts[keyOf(marker)] = (counts[keyOf(marker)] ?? 0) + 1
  return counts
}

/** Explicit words first, then what keeps the file from working, then what is left to do. */
function newIntent(change: TextChange, analysis: Analysis): PlacedIntent | null {
  const { path, before, after } = change
  const found = (find: (text: string) => readonly Marker[]): Marker | null => {
    const now = find(after)
    return now.length === 0 ? null : changed(added(now, countsOf(find(before))), now, analysis.changes)
  }
  const marker =
    found((text) => findMarkers(path, text)) ?? found(findConflicts) ?? found((text) => findTodos(path, text))
  if (marker === null) return null
  const around = analysis.regions.find(({ start, end }) => marker.line >= start && marker.line < end)
  return { marker, region: around ?? regionAround(after, marker.line) }
}

/** Those of which there are more than there were: a marker that was only moved, indented or reformatted is not new. */
function added(now: readonly Marker[], known: MarkerCounts): readonly Marker[] {
  const counts = countsOf(now)
  return now.filter((marker) => (counts[keyOf(marker)] ?? 0) > (known[keyOf(marker)] ?? 0))
}

/** Of equal ones the one that stands in the changed lines is the one just written. */
function changed(fresh: readonly Marker[], all: readonly Marker[], changes: readonly LineChange[]): Marker | null {
  const inside = fresh.find(({ line }) => changes.some(({ newStart, newEnd }) => line >= newStart && line < newEnd))
  return inside ?? all.find((marker) => fresh.includes(marker)) ?? null
}

function keyOf({ kind, text }: Marker): string {
  return `${kind} ${text}`
}

/**
 * Whether a text that was written right after a save is a formatter's or linter's rewrite of it: only formatting differs, or
 * the same lines stand in another order (sorted imports).
 */
export function isRewrite({ path, before, after }: TextChange): boolean {
  const reading = readingOf(path)
  if (!reading.indentation) {
    // What is equal at both ends is equal however it is read: a large file costs no more than what was changed in it.
    const changed = changedWindow(before, after, 1)
    return (
      sameButFormatting(changed.before, changed.after) ||
      sameLinesSorted(changed.before, changed.after, (line) => line.trim())
    )
  }
  // Where indentation means something, lines may be wrapped anew within brackets, and nowhere else.
  const [from, to] = reading.gaps === 'removed' ? [unwrapped(before), unwrapped(after)] : [before, after]
  return (
    equalWhenRead(from, to, { ...reading, style: STYLE_FREE.test(path) }) ||
    sameLinesSorted(before, after, (line) => line.trimEnd())
  )
}

/** The text with everything between brackets on one line; string literals of one line and comments are stepped over. */
function unwrapped(text: string): string {
  let depth = 0
  let out = ''
  for (const [part] of text.matchAll(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[([{]|[)\]}]|\n[ \t]*|[^"'#([{)\]}\n]+|["']/g,
  )) {
    const sign = part.charAt(0)
    if (part.length === 1 && '([{'.includes(sign)) depth += 1
    else if (part.length === 1 && ')]}'.includes(sign)) depth = Math.max(0, depth - 1)
    out += sign === '\n' && depth > 0 ? ' ' : part
  }
  return out
}

/** More moved lines than this are no sorted imports. */
const MOST_LINES = 20_000

function sameLinesSorted(before: string, after: string, read: (line: string) => string): boolean {
  const said = (text: string): string[] => linesOf(text).flatMap((line) => (line.trim() === '' ? [] : [read(line)]))
  const from = said(before)
  const to = said(after)
  if (from.length !== to.length || from.length > MOST_LINES) return false
  const moved = from.flatMap((line, index) => (line === to[index] ? [] : [line]))
  // Formatters move imports; what else is moved is the person's.
  if (!moved.every((line) => IMPORT.test(line))) return false
  from.sort()
  to.sort()
  return from.every((line, index) => line === to[index])
}

const IMPORT = /^(?:(?:import|from|use|using|require|include)\b|#include|const .*\brequire\()/
