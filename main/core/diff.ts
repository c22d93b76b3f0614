// Which lines differ between two texts: a bounded shortest edit script with a coarse fallback, as runs of lines.
import { join, moved, settle, type LineChange } from './line-change.ts'

export type { LineChange } from './line-change.ts'

export interface LineDiff {
  /** Sorted and maximal: between two of them there is at least one unchanged line. */
  readonly changes: readonly LineChange[]
  /** True when the texts differ too much for the shortest script, and unique lines served as anchors. */
  readonly coarse: boolean
}

export interface DiffOptions {
  /** Lines deleted plus lines inserted, up to which the script is the shortest one. */
  readonly maxEdits?: number
}

/** The changes alone; see `diff`. */
export function diffLines(
  before: readonly string[],
  after: readonly string[],
  options: DiffOptions = {},
): readonly LineChange[] {
  return diff(before, after, options).changes
}

/**
 * Greedy forward search for the shortest edit script (Myers, "An O(ND) Difference Algorithm", 1986) on what common head and
 * tail leave over, bounded in edits and in steps. Beyond the bound: lines that occur once on both sides, in the longest
 * order they share, split the texts (patience diff, Bram Cohen), and each gap is tried again; what then is still too
 * different is one replaced block. Runs that could as well stand a few lines higher or lower are moved to where a reader
 * expects them (the idea of Git's indent heuristic).
 */
export function diff(before: readonly string[], after: readonly string[], options: DiffOptions = {}): LineDiff {
  const maxEdits = options.maxEdits ?? 1_000
  const range = trim(before, after, { oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length })
  if (isNothing(range)) return { changes: [], coarse: false }
  // A few edits are found faster on the strings themselves than all lines are turned into numbers.
  const quick = shortestScript(before, after, range, Math.min(maxEdits, 500), { left: stepsFor(range) })
  let runs = quick
  let coarse = false
  if (runs === null) {
    const search = intern(before, after, range, maxEdits)
    collect(search, { oldStart: 0, oldEnd: search.old.length, newStart: 0, newEnd: search.new.length }, 0)
    coarse = search.coarse
    runs = search.runs.map((run) => moved(run, range.oldStart, range.newStart))
  }
  return { changes: settle(before, after, runs).map((run) => moved(run, 1, 1)), coarse }
}

/** All helpers below speak of 0-based ranges. */
function isNothing(range: LineChange): boolean {
  return range.oldStart === range.oldEnd && range.newStart === range.newEnd
}

/** Steps that a search may take: generous for real texts, and a bound for hostile ones. */
function stepsFor(range: LineChange): number {
  return 4_000_000 + 8 * (range.oldEnd - range.oldStart + range.newEnd - range.newStart)
}

function trim(before: ArrayLike<unknown>, after: ArrayLike<unknown>, range: LineChange): LineChange {
  let { oldStart, oldEnd, newStart, newEnd } = range
  while (oldStart < oldEnd && newStart < newEnd && before[oldStart] === after[newStart]) {
    oldStart += 1
    newStart += 1
  }
  while (oldStart < oldEnd && newStart < newEnd && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd -= 1
    newEnd -= 1
  }
  return { oldStart, oldEnd, newStart, newEnd }
}

// ── Shortest script ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Budget {
  left: number
}

const UNREACHED = -1

/** Runs of the shortest edit script within `range`, or null when it needs more than `maxEdits` edits or the budget is spent. */
function shortestScript(
  before: ArrayLike<unknown>,
  after: ArrayLike<unknown>,
  range: LineChange,
  maxEdits: number,
  budget: Budget,
): LineChange[] | null {
  const { oldStart, newStart } = range
  const oldCount = range.oldEnd - oldStart
  const newCount = range.newEnd - newStart
  const limit = Math.min(maxEdits, oldCount + newCount)
  if (Math.abs(oldCount - newCount) > limit) return null
  const middle = limit + 1
  // The furthest old position reached on each diagonal (old position minus new position).
  const reach = new Int32Array(2 * middle + 1).fill(UNREACHED)
  const trace: Int32Array[] = []
  for (let edits = 0; edits <= limit; edits += 1) {
    const row = new Int32Array(edits + 1).fill(UNREACHED)
    trace.push(row)
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      if (diagonal < -newCount || diagonal > oldCount) continue
      let x = edits === 0 ? 0 : step(reach, middle + diagonal, diagonal, oldCount, newCount)
      if (x === UNREACHED) {
        reach[middle + diagonal] = UNREACHED
        continue
      }
      const from = x
      let y = x - diagonal
      while (x < oldCount && y < newCount && before[oldStart + x] === after[newStart + y]) {
        x += 1
        y += 1
      }
      budget.left -= 1 + x - from
      reach[middle + diagonal] = x
      row[(diagonal + edits) >> 1] = x
      if (x === oldCount && y === newCount) return backtrack(trace, range)
    }
    if (budget.left < 0) return null
  }
  return null
}

/** Best start on a diagonal after one more edit: a deletion from the diagonal below, or an insertion from the one above. */
function step(reach: Int32Array, at: number, diagonal: number, oldCount: number, newCount: number): number {
  const below = reach[at - 1] ?? UNREACHED
  const above = reach[at + 1] ?? UNREACHED
  const deleted = below !== UNREACHED && below < oldCount ? below + 1 : UNREACHED
  const inserted = above !== UNREACHED && above - diagonal <= newCount ? above : UNREACHED
  return Math.max(deleted, inserted)
}

function backtrack(trace: readonly Int32Array[], range: LineChange): LineChange[] {
  const oldCount = range.oldEnd - range.oldStart
  const newCount = range.newEnd - range.newStart
  const runs: LineChange[] = []
  let diagonal = oldCount - newCount
  for (let edits = trace.length - 1; edits > 0; edits -= 1) {
    const row = trace[edits - 1] ?? new Int32Array(0)
    const at = (diagonal + edits) >> 1
    const below = row[at - 1] ?? UNREACHED
    const above = row[at] ?? UNREACHED
    const deleted = below !== UNREACHED && below < oldCount ? below + 1 : UNREACHED
    const inserted = above !== UNREACHED && above - diagonal <= newCount ? above : UNREACHED
    const isDeletion = deleted >= inserted
    const x = isDeletion ? deleted : inserted
    const y = x - diagonal
    const edit = moved(
      { oldStart: isDeletion ? x - 1 : x, oldEnd: x, newStart: isDeletion ? y : y - 1, newEnd: y },
      range.oldStart,
      range.newStart,
    )
    const later = runs.at(-1)
    if (later !== undefined && later.oldStart === edit.oldEnd && later.newStart === edit.newEnd) {
      runs[runs.length - 1] = join(edit, later)
    } else {
      runs.push(edit)
    }
    diagonal += isDeletion ? -1 : 1
  }
  return runs.reverse()
}

// ── Coarse fallback ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Search {
  /** Lines as numbers: equal lines have equal numbers. */
  readonly old: Int32Array
  readonly new: Int32Array
  /** Scratch, by line number, all zero between uses. */
  readonly oldSeen: Int32Array
  readonly newSeen: Int32Array
  readonly newAt: Int32Array
  readonly maxEdits: number
  readonly budget: Budget
  readonly runs: LineChange[]
  coarse: boolean
}

const MAX_DEPTH = 8

function intern(before: readonly string[], after: readonly string[], range: LineChange, maxEdits: number): Search {
  const numbers = new Map<string, number>()
  const numbered = (lines: readonly string[], start: number, end: number): Int32Array => {
    const result = new Int32Array(end - start)
    for (let index = start; index < end; index += 1) {
      const line = lines[index] ?? ''
      let number = numbers.get(line)
      if (number === undefined) {
        number = numbers.size
        numbers.set(line, number)
      }
      result[index - start] = number
    }
    return result
  }
  const old = numbered(before, range.oldStart, range.oldEnd)
  const fresh = numbered(after, range.newStart, range.newEnd)
  return {
    old,
    new: fresh,
    oldSeen: new Int32Array(numbers.size),
    newSeen: new Int32Array(numbers.size),
    newAt: new Int32Array(numbers.size),
    maxEdits,
    budget: { left: stepsFor(range) },
    runs: [],
    coarse: false,
  }
}

/** Adds the runs of `whole` to `search.runs`, in order. */
function collect(search: Search, whole: LineChange, depth: number): void {
  const range = trim(search.old, search.new, whole)
  if (isNothing(range)) return
  if (range.oldStart === range.oldEnd || range.newStart === range.newEnd) {
    search.runs.push(range)
    return
  }
  const script = shortestScript(search.old, search.new, range, search.maxEdits, search.budget)
  if (script !== null) {
    for (const run of script) search.runs.push(run)
    return
  }
  search.coarse = true
  const anchors = depth < MAX_DEPTH ? anchorsIn(search, range) : []
  if (anchors.length === 0) {
    search.runs.push(range)
    return
  }
  let { oldStart, newStart } = range
  for (const anchor of anchors) {
    collect(search, { oldStart, oldEnd: anchor.old, newStart, newEnd: anchor.new }, depth + 1)
    oldStart = anchor.old + 1
    newStart = anchor.new + 1
  }
  collect(search, { oldStart, oldEnd: range.oldEnd, newStart, newEnd: range.newEnd }, depth + 1)
}

interface Anchor {
  readonly old: number
  readonly new: number
}

/** Lines that occur exactly once on both sides of the range, in the longest common order. */
function anchorsIn(search: Search, range: LineChange): readonly Anchor[] {
  const { oldSeen, newSeen, newAt } = search
  const each = (lines: Int32Array, start: number, end: number, visit: (line: number, index: number) => void): void => {
    for (let index = start; index < end; index += 1) visit(lines[index] ?? 0, index)
  }
  each(search.old, range.oldStart, range.oldEnd, (line) => {
    oldSeen[line] = (oldSeen[line] ?? 0) + 1
  })
  each(search.new, range.newStart, range.newEnd, (line, index) => {
    newSeen[line] = (newSeen[line] ?? 0) + 1
    newAt[line] = index
  })
  const unique: Anchor[] = []
  each(search.old, range.oldStart, range.oldEnd, (line, index) => {
    if (oldSeen[line] === 1 && newSeen[line] === 1) unique.push({ old: index, new: newAt[line] ?? 0 })
  })
  each(search.old, range.oldStart, range.oldEnd, (line) => {
    oldSeen[line] = 0
  })
  each(search.new, range.newStart, range.newEnd, (line) => {
    newSeen[line] = 0
  })
  return longestIncreasing(unique)
}

/** Longest subsequence whose `new` increases, by patience sorting. */
function longestIncreasing(anchors: readonly Anchor[]): readonly Anchor[] {
  const tops: number[] = []
  const previous = new Int32Array(anchors.length).fill(-1)
  for (const [index, anchor] of anchors.entries()) {
    let low = 0
    let high = tops.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((anchors[tops[middle] ?? 0]?.new ?? 0) < anchor.new) low = middle + 1
      else high = middle
    }
    if (low > 0) previous[index] = tops[low - 1] ?? -1
    tops[low] = index
  }
  const result: Anchor[] = []
  for (let at = tops.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const anchor = anchors[at]
    if (anchor !== undefined) result.push(anchor)
  }
  return result.reverse()
}
