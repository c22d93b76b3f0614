// Whether edits made for one text still hold on another, and where their lines stand there: by proof, never by guess.
import { diffLines, type LineChange } from './diff.ts'
import type { LineEdit } from './patch.ts'
import { linesOf } from './text.ts'

export type RebaseOutcome =
  /** Applies to the current text; `edit` is in its lines. */
  | { readonly state: 'clean'; readonly edit: LineEdit }
  /** What the edit would make stands there already. `reason`: one line for people. */
  | { readonly state: 'applied'; readonly reason: string }
  /** `reason`: one line for people. Lines it names are those of `base`. */
  | { readonly state: 'stale'; readonly reason: string }

/**
 * One outcome for each edit, in order. An edit is clean only if its own lines stand in `current` unchanged and as one block;
 * an insertion, if one of its two neighbours is unchanged right there and nothing was inserted at the same point. Where it
 * cannot be told which of several equal lines was added or removed, every possibility must leave the edit alone.
 * `edits` are edits of one suggestion on `base`: where two stand side by side, both having been made counts as made.
 */
export function rebaseEdits(base: string, current: string, edits: readonly LineEdit[]): readonly RebaseOutcome[] {
  if (base === current) return edits.map((edit) => ({ state: 'clean', edit }))
  return rebaseLines(linesOf(base), linesOf(current), edits)
}

/** The same for texts that are lines already, with or without their terminators. */
export function rebaseLines(
  base: readonly string[],
  current: readonly string[],
  edits: readonly LineEdit[],
): readonly RebaseOutcome[] {
  const comparison = compare(base, current)
  return edits.map((edit) => rebase(comparison, edit, edits))
}

/**
 * After `edits` had been applied to `before`, giving `after`, something wrote `now`: for each edit, whether the text from
 * before stands at its place again, as when an editor saves its old buffer over ours or undoes.
 */
export function overwritten(
  before: string,
  after: string,
  now: string,
  edits: readonly LineEdit[],
): readonly boolean[] {
  if (now === after) return edits.map(() => false)
  return rebaseEdits(before, now, edits).map((outcome) => outcome.state === 'clean')
}

/** A change with the room it has: where its run could as well stand, because the lines at its ends are equal. */
interface Movable extends LineChange {
  /** How many lines higher and lower the run could stand. */
  readonly up: number
  readonly down: number
}

interface Comparison {
  readonly base: readonly string[]
  readonly current: readonly string[]
  readonly changes: readonly Movable[]
}

function compare(base: readonly string[], current: readonly string[]): Comparison {
  const changes = diffLines(base, current)
  return {
    base,
    current,
    changes: changes.map((change, index) => withRoom(base, current, change, changes[index - 1], changes[index + 1])),
  }
}

function withRoom(
  base: readonly string[],
  current: readonly string[],
  change: LineChange,
  previous: LineChange | undefined,
  next: LineChange | undefined,
): Movable {
  const isInsertion = change.oldStart === change.oldEnd
  if (!isInsertion && change.newStart < change.newEnd) return { ...change, up: 0, down: 0 }
  const lines = isInsertion ? current : base
  const start = isInsertion ? change.newStart : change.oldStart
  const end = isInsertion ? change.newEnd : change.oldEnd
  const highest = change.oldStart - (previous?.oldEnd ?? 1)
  const lowest = (next?.oldStart ?? base.length + 1) - change.oldEnd
  let up = 0
  while (up < highest && lines[start - 2 - up] === lines[end - 2 - up]) up += 1
  let down = 0
  while (down < lowest && lines[start - 1 + down] === lines[end - 1 + down]) down += 1
  return { ...change, up, down }
}

function rebase(comparison: Comparison, edit: LineEdit, all: readonly LineEdit[]): RebaseOutcome {
  const first = firstTouching(comparison.changes, edit)
  const touching: Movable[] = []
  for (let index = first; index < comparison.changes.length; index += 1) {
    const change = comparison.changes[index]
    if (change === undefined || change.oldStart - change.up > edit.end) break
    touching.push(change)
  }
  if (touching.length > 0 && stands(comparison, touching, edit, all)) {
    return { state: 'applied', reason: 'this stands there already' }
  }
  const reason = edit.start === edit.end ? insertionConflict(touching, edit.start) : conflict(touching, edit)
  if (reason !== null) return { state: 'stale', reason }
  const above = touching.findLast((change) => change.oldEnd <= edit.start) ?? comparison.changes[first - 1]
  const shift = above === undefined ? 0 : above.newEnd - above.oldEnd
  return { state: 'clean', edit: { start: edit.start + shift, end: edit.end + shift, lines: edit.lines } }
}

/** Index of the first change that reaches, wherever it could stand, down to the edit's first line or beyond. */
function firstTouching(changes: readonly Movable[], edit: LineEdit): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >> 1
    const change = changes[middle]
    if (change !== undefined && change.oldEnd + change.down < edit.start) low = middle + 1
    else high = middle
  }
  return low
}

/** Why a replacement cannot be made: its lines are not as they were, or no longer one block. */
function conflict(touching: readonly Movable[], edit: LineEdit): string | null {
  const hit = touching.find(({ oldStart, oldEnd, up, down }) => oldStart - up < edit.end && oldEnd + down > edit.start)
  if (hit === undefined) return null
  const verb =
    hit.oldStart === hit.oldEnd ? 'had lines inserted' : hit.newStart === hit.newEnd ? 'were deleted' : 'were changed'
  const count = edit.end - edit.start
  const place = count === 1 ? `line ${edit.start}` : `lines ${edit.start}–${edit.end - 1}`
  return hit.up + hit.down > 0
    ? `${place}: equal lines were added or removed here, so the place is no longer certain`
    : `${place} ${count === 1 ? verb.replace('were', 'was') : verb} meanwhile`
}

/** Why an insertion before line `point` cannot be made. */
function insertionConflict(touching: readonly Movable[], point: number): string | null {
  for (const { oldStart, oldEnd, newStart, newEnd, up, down } of touching) {
    const from = oldStart - up
    const to = oldEnd + down
    if (point < from || point > to) continue
    if (oldStart === oldEnd) return `something else was inserted before line ${point} meanwhile`
    if (point > from && point < to) return `the lines around line ${point} were changed meanwhile`
    // A replacement that ends at the point and has grown may have grown by an insertion right there.
    if (newStart < newEnd && newEnd - newStart > oldEnd - oldStart) {
      return `lines beside line ${point} were changed and added meanwhile`
    }
  }
  return null
}

/** Whether the place where the changes are holds exactly what this edit, or it with its neighbours, would have made. */
function stands(
  comparison: Comparison,
  touching: readonly Movable[],
  edit: LineEdit,
  all: readonly LineEdit[],
): boolean {
  const first = touching[0]
  const last = touching.at(-1)
  if (first === undefined || last === undefined) return false
  const oldStart = Math.min(edit.start, first.oldStart - first.up)
  const oldEnd = Math.max(edit.end, last.oldEnd + last.down)
  const newStart = oldStart + first.newStart - first.oldStart
  const newEnd = oldEnd + last.newEnd - last.oldEnd
  const inside = all.filter((other) => other.start >= oldStart && other.end <= oldEnd)
  return [[edit], inside].some((edits) => {
    let at = newStart
    let from = oldStart
    const matches = (lines: readonly string[], start: number, end: number): boolean => {
      for (let index = start; index < end; index += 1, at += 1) {
        if (at >= newEnd || comparison.current[at - 1] !== lines[index]) return false
      }
      return true
    }
    for (const { start, end, lines } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
      if (!matches(comparison.base, from - 1, start - 1) || !matches(lines, 0, lines.length)) return false
      from = end
    }
    return matches(comparison.base, from - 1, oldEnd - 1) && at === newEnd
  })
}
