// One change carried over to another text: three-way, by lines with their terminators, so that no byte of either is lost.
import { diffLines, type LineChange } from './diff.ts'
import type { LineEdit } from './patch.ts'
import { rebaseLines } from './rebase.ts'
import { splitText } from './text.ts'

export type MergeOutcome =
  | { readonly ok: true; readonly text: string }
  /** `reason`: one line; `diff`: what the change would make of the text, as a unified diff, cut to its first lines. */
  | { readonly ok: false; readonly reason: string; readonly diff: string }

const CONTEXT = 3
const MOST_DIFF_LINES = 200

/**
 * What the change from `base` to `changed` makes of `current`, a later text of the same file. It is made whole or not at all:
 * each of its edits must fit (see `rebaseEdits`), or stand there already. Lines are compared with their terminators: a file
 * whose line endings were converted since is in conflict everywhere.
 */
export function mergeChange(base: string, changed: string, current: string): MergeOutcome {
  if (current === base || current === changed) return { ok: true, text: changed }
  const from = rawLines(base)
  const to = rawLines(changed)
  const now = rawLines(current)
  const edits = diffLines(from.lines, to.lines).map(({ oldStart, oldEnd, newStart, newEnd }): LineEdit => ({
    start: oldStart,
    end: oldEnd,
    lines: to.lines.slice(newStart - 1, newEnd - 1),
  }))
  const clean: LineEdit[] = []
  for (const outcome of rebaseLines(from.lines, now.lines, edits)) {
    if (outcome.state === 'stale') return conflict(outcome.reason, current, changed)
    if (outcome.state === 'clean') clean.push(outcome.edit)
  }
  const lines = spliced(now.lines, clean)
  if (lines.slice(0, -1).some((line) => !line.endsWith('\n'))) {
    return conflict('the last line was changed, or lines were added after it', current, changed)
  }
  const bom = from.bom === to.bom ? now.bom : to.bom
  return { ok: true, text: bom + lines.join('') }
}

/** What turns one text into another, in the unified format without file names; cut after 200 lines. */
export function unifiedDiff(before: string, after: string): string {
  const old = splitText(before).lines
  const fresh = splitText(after).lines
  const out: string[] = []
  for (const group of grouped(diffLines(old, fresh))) {
    const first = group[0]
    const last = group.at(-1)
    if (first === undefined || last === undefined || out.length > MOST_DIFF_LINES) break
    const start = Math.max(1, first.oldStart - CONTEXT)
    const end = Math.min(old.length + 1, last.oldEnd + CONTEXT)
    const newStart = first.newStart - (first.oldStart - start)
    const newEnd = last.newEnd + (end - last.oldEnd)
    out.push(`@@ -${start},${end - start} +${newStart},${newEnd - newStart} @@`)
    let at = start
    for (const change of group) {
      for (const line of old.slice(at - 1, change.oldStart - 1)) out.push(` ${line}`)
      for (const line of old.slice(change.oldStart - 1, change.oldEnd - 1)) out.push(`-${line}`)
      for (const line of fresh.slice(change.newStart - 1, change.newEnd - 1)) out.push(`+${line}`)
      at = change.oldEnd
    }
    for (const line of old.slice(at - 1, end - 1)) out.push(` ${line}`)
  }
  const cut = out.length > MOST_DIFF_LINES
  return [...out.slice(0, MOST_DIFF_LINES), ...(cut ? ['…'] : [])].join('\n')
}

function conflict(reason: string, current: string, changed: string): MergeOutcome {
  return { ok: false, reason, diff: unifiedDiff(current, changed) }
}

function rawLines(text: string): { readonly bom: string; readonly lines: readonly string[] } {
  const { bom, lines, terminators } = splitText(text)
  return { bom, lines: lines.map((line, index) => line + (terminators[index] ?? '')) }
}

/** `edits` do not overlap. */
function spliced(lines: readonly string[], edits: readonly LineEdit[]): readonly string[] {
  const out: string[] = []
  let at = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    out.push(...lines.slice(at, edit.start - 1), ...edit.lines)
    at = edit.end - 1
  }
  out.push(...lines.slice(at))
  return out
}

/** Changes whose context would overlap belong to one hunk. */
function grouped(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = []
  for (const change of changes) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && change.oldStart - last.oldEnd <= 2 * CONTEXT) group.push(change)
    else groups.push([change])
  }
  return groups
}
