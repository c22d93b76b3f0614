// The last steps of an editing session: what each changed, and where that stands in the text as it is now.
import { diff, type LineChange } from '../diff.ts'
import type { TextChange } from '../ports.ts'
import { linesOf } from '../text.ts'

/** Lines that one step replaced by others. */
export interface Run {
  /** 0 for the change at hand, 1 for the step before it, and so on. */
  readonly age: number
  readonly old: readonly string[]
  readonly new: readonly string[]
  /** The unchanged lines next to it when it was made; undefined at the text's ends. */
  readonly above: string | undefined
  readonly below: string | undefined
  /** Where it stands in the present text, 1-based, end exclusive; null for another file. */
  readonly place: { readonly start: number; readonly end: number } | null
}

export interface Trail {
  /** The present text's lines. */
  readonly lines: readonly string[]
  /** Newest step first, top down within a step. */
  readonly runs: readonly Run[]
  /** How many steps it has, the change at hand included; those that taught nothing and those in other files too. */
  readonly steps: number
  /** Where in the present text the steps in this file stand, newest first, one line each. */
  readonly stops: readonly number[]
  /** Whether this line (1-based) was written by one of the steps that are at most so old. */
  isTouched(line: number, oldest?: number): boolean
  /** Whether the newest step wrote this line and an older one did, too: the person thought better of it. */
  isRevised(line: number): boolean
  /** Whether something was changed right between line `point - 1` and line `point`. */
  isTouchedAt(point: number): boolean
}

/** A step with more runs than this is a rewrite: there is nothing to learn from it. */
const MAX_RUNS = 60
const MAX_STEPS = 8

/**
 * The trail as it leads through the file `about`, whose present text is `about.after`: that of the change, or another one.
 * null when the change is none, or a rewrite.
 */
export function trailOf(
  change: TextChange & { readonly history: readonly TextChange[] },
  about: { readonly path: string; readonly after: string },
): Trail | null {
  if (change.before === change.after) return null
  const read = reader()
  const lines = read(about.after)
  const runs: Run[] = []
  /** Runs found so far, in lines of `text`, which moves on step by step. */
  let text: string | null = null
  let placed: Run[] = []
  const moveOnTo = (next: string): void => {
    if (text !== null && text !== next) placed = follow(placed, diff(read(text), read(next)).changes)
    text = next
  }
  const recent = change.history.slice(-MAX_STEPS)
  for (const [index, step] of [...recent, change].entries()) {
    const age = recent.length - index
    const isHere = step.path === about.path
    const { changes, runs: made } = comparisonOf(step, read)
    if (isHere) {
      moveOnTo(step.before)
      placed = follow(placed, changes)
    }
    if (made === null && age === 0) return null
    const found = (made ?? []).map((run): Run => ({ ...run, age, place: isHere ? run.place : null }))
    if (isHere) {
      placed.push(...found)
      text = step.after
    } else {
      runs.push(...found)
    }
  }
  moveOnTo(about.after)
  const places = placed.flatMap(({ age, place }) => (place === null ? [] : [{ age, ...place }]))
  const holders = (line: number): readonly number[] =>
    places.flatMap(({ age, start, end }) => (start <= line && line < end ? [age] : []))
  return {
    lines,
    steps: recent.length + 1,
    runs: [...runs, ...placed].sort((a, b) => a.age - b.age),
    stops: stopsOf(placed),
    isTouched: (line, oldest = Infinity) => holders(line).some((age) => age <= oldest),
    isRevised: (line) => holders(line).includes(0) && holders(line).some((age) => age > 0),
    isTouchedAt: (point) => places.some(({ start, end }) => start <= point && point <= end),
  }
}

function stopsOf(runs: readonly Run[]): readonly number[] {
  const first = new Map<number, number>()
  for (const { age, place } of runs) {
    if (place !== null && !first.has(age)) first.set(age, place.start)
  }
  return [...first].sort(([a], [b]) => a - b).map(([, start]) => start)
}

/** Splits each text once: the text after a step is most often the text before the next. */
function reader(): (text: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  return (text) => {
    const lines = known.get(text) ?? linesOf(text)
    known.set(text, lines)
    return lines
  }
}

/** What one step did. */
interface Comparison {
  readonly before: string
  readonly after: string
  readonly changes: readonly LineChange[]
  /** In place of the text after it; null for a rewrite. */
  readonly runs: readonly Omit<Run, 'age'>[] | null
}

/** The steps of a session come again with each that follows: so many of them, of texts up to so many UTF-16 units, are kept. */
const MOST_KEPT = 2 * MAX_STEPS
const LONGEST_KEPT = 256 * 1024

/** The one that was asked for last is the last. */
let kept: readonly Comparison[] = []

function comparisonOf({ before, after }: TextChange, read: (text: string) => readonly string[]): Comparison {
  const known = kept.findLast((one) => one.after === after && one.before === before)
  const made = known ?? compare(before, after, read)
  if (Math.max(before.length, after.length) <= LONGEST_KEPT) {
    kept = [...kept.filter((one) => one !== made), made].slice(-MOST_KEPT)
  }
  return made
}

function compare(before: string, after: string, read: (text: string) => readonly string[]): Comparison {
  const [old, fresh] = [read(before), read(after)]
  const { changes, coarse } = diff(old, fresh)
  const isRewrite = coarse || changes.length > MAX_RUNS
  const runOf = ({ oldStart, oldEnd, newStart, newEnd }: LineChange): Omit<Run, 'age'> => ({
    old: old.slice(oldStart - 1, oldEnd - 1),
    new: fresh.slice(newStart - 1, newEnd - 1),
    above: old[oldStart - 2],
    below: old[oldEnd - 1],
    place: { start: newStart, end: newEnd },
  })
  return { before, after, changes, runs: isRewrite ? null : changes.map(runOf) }
}

/** The runs in lines of the text after `changes`. What a later change replaced stands where that one stands. */
function follow(runs: readonly Run[], changes: readonly LineChange[]): Run[] {
  return runs.map((run) => {
    if (run.place === null) return run
    const start = moved(run.place.start, changes, 'newStart')
    return { ...run, place: { start, end: Math.max(start, moved(run.place.end, changes, 'newEnd')) } }
  })
}

function moved(line: number, changes: readonly LineChange[], within: 'newStart' | 'newEnd'): number {
  let shift = 0
  for (const change of changes) {
    if (change.oldStart >= line) break
    if (line < change.oldEnd) return change[within]
    shift = change.newEnd - change.oldEnd
  }
  return line + shift
}

/**
 * By how many steps (at most 3) the person has moved away from a line: 0 unless every step went the same way, up or down,
 * and the line lies behind. What was passed was seen, and left alone.
 */
export function stepsAwayFrom(trail: Trail, line: number): number {
  const { stops } = trail
  const [here, last] = stops
  if (here === undefined || last === undefined || here === last) return 0
  const isDown = here > last
  const isSteady = stops.every((stop, age) => age === 0 || (stops[age - 1] ?? 0) > stop === isDown)
  return isSteady && line > here !== isDown ? Math.min(3, stops.length - 1) : 0
}
