// The smallest line edits that do the same as a larger one.
import { diffLines } from './diff.ts'
import type { LineEdit } from './patch.ts'
import type { LineList } from './text.ts'

/** Changes with at most this many unchanged lines between them are one to the eye. */
const GAP = 3

/**
 * Only what differs between the edited lines and their replacement, in order. Changes that at most three unchanged lines
 * separate stay one edit, farther ones are apart. Empty when the edit changes nothing.
 */
export function minimalEdits(lines: LineList, edit: LineEdit): readonly LineEdit[] {
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

/** How many lines the edit takes away and brings, together; lines that stay do not count. */
export function changedLines(before: readonly string[], after: readonly string[]): number {
  return diffLines(before, after).reduce(
    (sum, run) => sum + (run.oldEnd - run.oldStart) + (run.newEnd - run.newStart),
    0,
  )
}

/**
 * The edit without white space that changes by the way: where a line is otherwise what it was, its blanks inside and at its end
 * stay. Indentation is never touched (it is syntax, or follows from a block that was wrapped), nor are lines that hold a
 * quote (blanks in a text count), nor Markdown (two blanks at the end of a line are a break). An edit whose whole effect is white
 * space is somebody's wish: it stays.
 */
export function withoutIncidentalSpace(path: string, lines: readonly string[], edit: LineEdit): LineEdit {
  if (/\.(?:md|mdx|markdown)$/i.test(path)) return edit
  const before = lines.slice(edit.start - 1, edit.end - 1)
  const bare = (line: string): string => line.replaceAll(/\s+/g, '')
  if (before.map(bare).join('\n') === edit.lines.map(bare).join('\n')) return edit
  const kept = [...edit.lines]
  let oldAt = 1
  let newAt = 1
  // Lines that the two sides share but for white space stand between the changes of the bare texts.
  for (const change of [...diffLines(before.map(bare), edit.lines.map(bare)), null]) {
    const until = change?.oldStart ?? before.length + 1
    for (; oldAt < until; oldAt += 1, newAt += 1) {
      const old = before[oldAt - 1] ?? ''
      const fresh = edit.lines[newAt - 1] ?? ''
      if (old !== fresh && indentOf(old) === indentOf(fresh) && !/["'`]/.test(old)) kept[newAt - 1] = old
    }
    oldAt = change?.oldEnd ?? oldAt
    newAt = change?.newEnd ?? newAt
  }
  return { ...edit, lines: kept }
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length)
}
