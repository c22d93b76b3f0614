// The smallest line edits that do the same as a larger one.
import { diffLines } from './diff.ts'
import type { LineEdit } from './patch.ts'

/** Changes with at most this many unchanged lines between them are one to the eye. */
const GAP = 3

/**
 * Only what differs between the edited lines and their replacement, in order. Changes that at most three unchanged lines
 * separate stay one edit, farther ones are apart. Empty when the edit changes nothing.
 */
export function minimalEdits(lines: readonly string[], edit: LineEdit): readonly LineEdit[] {
  const before = lines.slice(edit.start - 1, edit.end - 1)
  const groups: { oldStart: number; oldEnd: number; newStart: number; newEnd: number }[] = []
  for (const change of diffLines(before, edit.lines)) {
    const last = groups.at(-1)
    if (last !== undefined && change.oldStart - last.oldEnd <= GAP) {
      last.oldEnd = change.oldEnd
      last.newEnd = change.newEnd
    } else groups.push({ ...change })
  }
  return groups.map((group) => ({
    start: edit.start + group.oldStart - 1,
    end: edit.start + group.oldEnd - 1,
    lines: edit.lines.slice(group.newStart - 1, group.newEnd - 1),
  }))
}
