// Runs of changed lines: their shape, and where one stands that could as well stand a few lines higher or lower.
import { indentOf, isBlank } from './indent.ts'

/** Lines [oldStart, oldEnd) of the old text became lines [newStart, newEnd) of the new one; 1-based, end exclusive. */
export interface LineChange {
  readonly oldStart: number
  readonly oldEnd: number
  readonly newStart: number
  readonly newEnd: number
}

/** The run so many lines further down, on either side. */
export function moved(run: LineChange, oldBy: number, newBy: number): LineChange {
  return {
    oldStart: run.oldStart + oldBy,
    oldEnd: run.oldEnd + oldBy,
    newStart: run.newStart + newBy,
    newEnd: run.newEnd + newBy,
  }
}

/** One run from the beginning of the first to the end of the second. */
export function join(first: LineChange, second: LineChange): LineChange {
  return { oldStart: first.oldStart, oldEnd: second.oldEnd, newStart: first.newStart, newEnd: second.newEnd }
}

/**
 * A pure insertion or deletion whose last line equals the line before it could as well stand one line higher. Each is moved
 * to the most readable of its places; two that would touch on the way are one. Ranges here are 0-based.
 */
export function settle(
  before: readonly string[],
  after: readonly string[],
  found: readonly LineChange[],
): readonly LineChange[] {
  const waiting = found.toReversed()
  const settled: LineChange[] = []
  for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
    const isInsertion = run.oldStart === run.oldEnd
    if (!isInsertion && run.newStart < run.newEnd) {
      settled.push(run)
      continue
    }
    const lines = isInsertion ? after : before
    const start = isInsertion ? run.newStart : run.oldStart
    const end = isInsertion ? run.newEnd : run.oldEnd
    const previous = settled.at(-1)
    const next = waiting.at(-1)
    const floor = previous === undefined ? 0 : isInsertion ? previous.newEnd : previous.oldEnd
    const ceiling = next === undefined ? lines.length : isInsertion ? next.newStart : next.oldStart
    let up = 0
    while (start - up > floor && lines[start - up - 1] === lines[end - up - 1]) up += 1
    if (previous !== undefined && start - up === floor) {
      settled.pop()
      waiting.push(join(previous, moved(run, -up, -up)))
      continue
    }
    let down = 0
    while (end + down < ceiling && lines[start + down] === lines[end + down]) down += 1
    if (next !== undefined && end + down === ceiling) {
      waiting.pop()
      waiting.push(join(moved(run, down, down), next))
      continue
    }
    const shift = bestShift(lines, start, end, -up, down)
    settled.push(moved(run, shift, shift))
  }
  return settled
}

/** The shift with the least awkward boundaries; among equals the lowest place. */
function bestShift(lines: readonly string[], start: number, end: number, from: number, to: number): number {
  let best = to
  let bestCost = Infinity
  for (let shift = to; shift >= from; shift -= 1) {
    const cost = boundaryCost(lines, start + shift) + boundaryCost(lines, end + shift)
    if (cost < bestCost) {
      best = shift
      bestCost = cost
    }
  }
  return best
}

/** How awkward it is to begin or end a run before line `at`: deep lines and closing brackets are, a blank line before is not. */
function boundaryCost(lines: readonly string[], at: number): number {
  let next = at
  while (next < lines.length && next < at + 20 && isBlank(lines[next])) next += 1
  const line = lines[next] ?? ''
  const isCloser = /^\s*[)\]}]/.test(line)
  const afterBlank = at === 0 || isBlank(lines[at - 1])
  return 4 * indentOf(line) + (isCloser ? 2 : 0) - (afterBlank ? 1 : 0)
}
