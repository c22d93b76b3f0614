// How a hunk stands to what another lane proposes for the same lines: the same, or something else beside it.
import type { Lane } from '../../../preload/contract.ts'
import type { Hunk, Suggestion } from '../review.ts'
import type { Queue } from './queue.ts'

/** On a hunk of the same suggestion that came while the one it contradicts was in hand. */
export const BENEATH = 'instead of the one above, which you had in hand'
const ALTERNATIVE = 'another way than the embedded engine’s'

/** What to remark on a hunk of `shown` that `by` proposes, too; null when that says nothing. */
export function confirmation(shown: Suggestion, by: Suggestion): string | null {
  return shown.lane === 'local' && by.lane !== 'local' ? `confirmed by ${by.model}` : null
}

/** Where the embedded engine has an open hunk for the same lines, that one stays, and this one says that it stands beneath it. */
export function withRemark(queue: Queue, lane: Lane, hunk: Hunk): Hunk {
  if (lane === 'local') return hunk
  const isRival = (other: Hunk): boolean =>
    other.path === hunk.path && other.state === 'pending' && other.kind === hunk.kind && overlaps(other, hunk)
  const others = queue.about(hunk.path).filter(({ suggestion }) => suggestion.lane === 'local')
  return others.some(({ suggestion }) => suggestion.hunks.some(isRival)) ? { ...hunk, remark: ALTERNATIVE } : hunk
}

export function sameEdit(a: Hunk, b: Hunk): boolean {
  const [left, right] = [a.current ?? a.edit, b.current ?? b.edit]
  return (
    a.kind === b.kind &&
    a.moveTo === b.moveTo &&
    left.start === right.start &&
    left.end === right.end &&
    left.lines.length === right.lines.length &&
    left.lines.every((line, index) => line === right.lines[index])
  )
}

export function overlaps(a: Hunk, b: Hunk): boolean {
  if (a.current === null || b.current === null) return false
  const [left, right] = [a.current, b.current]
  if (left.start === right.start) return true
  return left.start < right.end && right.start < left.end
}
