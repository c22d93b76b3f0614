// The recent edits of a project, grouped as a person made them: as small diffs for the prompt, as changes for the embedded engine.
import { changedWindow } from './changed-window.ts'
import { clipLine } from './clip.ts'
import { diffLines, type LineChange } from './diff.ts'
import { linesIn } from './line-index.ts'
import type { TextChange } from './ports.ts'
import { bareSecretsOf, isSecretPath, keyLinesOf } from './redact.ts'
import { aroundLines } from './text.ts'

/** Edits of one place that follow each other within the pause. */
export interface HistoryEntry extends TextChange {
  /** When the last edit of the group came, in ms. */
  readonly at: number
  /** The changed lines in `after`; 1-based, end exclusive. */
  readonly start: number
  readonly end: number
  /** Hunks of a unified diff, without file header; empty when the change is too large or may not be shown. */
  readonly hunks: string
  /** Lines of private keys in the file (see `keyLinesOf`). */
  readonly keyLines: readonly string[]
  /** Secrets of the file around the place that only their names betray (see `bareSecretsOf`). */
  readonly bareSecrets: readonly string[]
}

/** Oldest first. A value: `record` makes a new one. */
export interface History {
  readonly entries: readonly HistoryEntry[]
}

export interface RecentDiff {
  readonly path: string
  /** A unified diff of this file with its header. */
  readonly text: string
  readonly keyLines: readonly string[]
  readonly bareSecrets?: readonly string[]
}

export interface RecentDiffOptions {
  /** At most so many diffs. */
  readonly limit?: number
  /** At most so many UTF-16 units together; older diffs go first, a diff is never cut. */
  readonly maximumUnits?: number
}

/** The grouping of Zed's edit prediction: same place within 8 lines, pause of at most 1 s. */
const NEAR_LINES = 8
const PAUSE_MS = 1_000
const MOST_ENTRIES = 64
/** UTF-16 units of all texts together; two entries always stay, however large. */
const MOST_UNITS = 8_000_000
const MOST_CHANGES_OF_FILE = 8
/** Beyond this a diff says more than the model needs, and costs more than the streaming thread has. */
const MOST_DIFFED_LINES = 2_000
const MOST_DIFF_UNITS = 4_000
const CONTEXT_LINES = 3
const LONGEST_LINE = 240
/** UTF-16 units on either side of an edit that are searched for secrets which it may show without their names. */
const SEARCHED_UNITS = 6_000

export function emptyHistory(): History {
  return { entries: [] }
}

/**
 * Adds an edit; `at` in ms of any clock that does not run backwards. An edit that goes on where the newest one ended, within
 * the pause, joins it; when both together change nothing, both are forgotten. `made`: what `entryOf` makes of it, where that is at hand.
 */
export function record(history: History, change: TextChange, at: number, made?: HistoryEntry): History {
  if (change.before === change.after) return history
  const newest = history.entries.at(-1)
  const entry = made === undefined ? entryOf(change, at) : { ...made, at }
  if (newest === undefined || !continues(newest, entry)) return bounded([...history.entries, entry])
  const others = history.entries.slice(0, -1)
  if (newest.before === change.after) return { entries: others }
  return bounded([...others, entryOf({ path: change.path, before: newest.before, after: change.after }, at)])
}

/** The last edits as unified diffs, newest last. Files whose name says that they hold secrets are left out. */
export function recentDiffs(history: History, options: RecentDiffOptions = {}): readonly RecentDiff[] {
  const limit = options.limit ?? 6
  let left = options.maximumUnits ?? 8_000
  const diffs: RecentDiff[] = []
  for (const entry of history.entries.toReversed()) {
    if (diffs.length >= limit) break
    if (entry.hunks === '' || isSecretPath(entry.path) !== null) continue
    const text = `--- ${entry.path}\n+++ ${entry.path}\n${entry.hunks}`
    if (text.length > left) break
    left -= text.length
    diffs.push({ path: entry.path, text, keyLines: entry.keyLines, bareSecrets: entry.bareSecrets })
  }
  return diffs.reverse()
}

/** The last edits of one file, oldest first, at most 8: what the embedded engine learns from. */
export function recentChanges(history: History, path: string): readonly TextChange[] {
  return history.entries
    .filter((entry) => entry.path === path)
    .slice(-MOST_CHANGES_OF_FILE)
    .map(({ before, after }) => ({ path, before, after }))
}

function continues(newest: HistoryEntry, entry: HistoryEntry): boolean {
  return (
    newest.path === entry.path &&
    newest.after === entry.before &&
    entry.at - newest.at <= PAUSE_MS &&
    entry.start <= newest.end + NEAR_LINES &&
    newest.start <= entry.end + NEAR_LINES
  )
}

function bounded(entries: readonly HistoryEntry[]): History {
  let units = 0
  let first = entries.length
  while (first > 0 && entries.length - first < MOST_ENTRIES) {
    const entry = entries[first - 1]
    if (entry === undefined) break
    units += entry.before.length + entry.after.length
    if (units > MOST_UNITS && entries.length - first >= 2) break
    first -= 1
  }
  return { entries: entries.slice(first) }
}

/** The edit by itself. */
export function entryOf(change: TextChange, at: number): HistoryEntry {
  const part = changedWindow(change.before, change.after, CONTEXT_LINES)
  const { offset } = part
  const linesBefore = linesIn(part.before)
  const linesAfter = linesIn(part.after)
  if (Math.max(linesBefore.length, linesAfter.length) > MOST_DIFFED_LINES + 2 * CONTEXT_LINES) {
    const { path, before, after } = change
    const end = offset + linesAfter.length + 1
    return { path, before, after, at, start: offset + 1, end, hunks: '', keyLines: [], bareSecrets: [] }
  }
  const before = linesBefore.slice(0, linesBefore.length)
  const after = linesAfter.slice(0, linesAfter.length)
  const head = commonHead(before, after)
  const tail = commonTail(before, after, head)
  const changed = { start: offset + head + 1, end: offset + after.length - tail + 1 }
  const hunks = unified(before, after, head, tail, offset)
  // Only what may be shown has to be searched for keys.
  const keyLines = hunks === '' ? [] : [...new Set([...keyLinesOf(change.before), ...keyLinesOf(change.after)])]
  const around = (lines: readonly string[]): string =>
    aroundLines(lines, { start: head + 1, end: lines.length - tail + 1 }, SEARCHED_UNITS)
  const bareSecrets =
    hunks === '' ? [] : [...new Set([...bareSecretsOf(around(before)), ...bareSecretsOf(around(after))])]
  return { path: change.path, before: change.before, after: change.after, at, ...changed, hunks, keyLines, bareSecrets }
}

function commonHead(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length)
  let count = 0
  while (count < most && before[count] === after[count]) count += 1
  return count
}

function commonTail(before: readonly string[], after: readonly string[], head: number): number {
  const most = Math.min(before.length, after.length) - head
  let count = 0
  while (count < most && before[before.length - 1 - count] === after[after.length - 1 - count]) count += 1
  return count
}

/**
 * The hunks of a unified diff with three lines around each; long lines are cut. Empty when it would be too long. `offset`: lines
 * that stand before all of these.
 */
function unified(
  before: readonly string[],
  after: readonly string[],
  head: number,
  tail: number,
  offset: number,
): string {
  // Only the lines that differ are compared, with what is shown around them.
  const from = Math.max(0, head - CONTEXT_LINES)
  const behind = Math.max(0, tail - CONTEXT_LINES)
  const old = before.slice(from, before.length - behind)
  const now = after.slice(from, after.length - behind)
  const parts: string[] = []
  for (const group of grouped(diffLines(old, now))) {
    const first = group[0]
    const last = group.at(-1)
    if (first === undefined || last === undefined) continue
    const oldFrom = Math.max(1, first.oldStart - CONTEXT_LINES)
    const newFrom = first.newStart - (first.oldStart - oldFrom)
    const oldTo = Math.min(old.length + 1, last.oldEnd + CONTEXT_LINES)
    const newTo = last.newEnd + (oldTo - last.oldEnd)
    parts.push(`@@ -${range(offset + from, oldFrom, oldTo)} +${range(offset + from, newFrom, newTo)} @@\n`)
    let at = oldFrom
    for (const change of group) {
      parts.push(...marked(' ', old, at, change.oldStart))
      parts.push(...marked('-', old, change.oldStart, change.oldEnd))
      parts.push(...marked('+', now, change.newStart, change.newEnd))
      at = change.oldEnd
    }
    parts.push(...marked(' ', old, at, oldTo))
  }
  const text = parts.join('')
  return text.length > MOST_DIFF_UNITS ? '' : text
}

/** An empty range is named, as in every unified diff, after the line before it. */
function range(offset: number, start: number, end: number): string {
  return `${offset + start - (end > start ? 0 : 1)},${end - start}`
}

/** Changes whose surroundings touch share a hunk. */
function grouped(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = []
  for (const change of changes) {
    const group = groups.at(-1)
    const previous = group?.at(-1)
    if (group !== undefined && previous !== undefined && change.oldStart - previous.oldEnd <= 2 * CONTEXT_LINES) {
      group.push(change)
    } else {
      groups.push([change])
    }
  }
  return groups
}

function* marked(mark: string, lines: readonly string[], from: number, to: number): Generator<string> {
  for (const line of lines.slice(from - 1, to - 1)) yield `${mark}${clipLine(line, LONGEST_LINE)}\n`
}
