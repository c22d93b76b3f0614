// Where pending hunks stand in a file's present content: placed again from their own base whenever the file changes.
import { linesIn } from '../line-index.ts'
import type { LineEdit } from '../patch.ts'
import type { Ports } from '../ports.ts'
import type { RebaseOutcome } from '../rebase.ts'
import type { Hunk, Standing } from '../review.ts'
import type { LineList } from '../text.ts'
import type { Queue } from './queue.ts'

const EYE = 3
/** Of what stands in a stale hunk's place so many lines are shown at most. */
const MOST_YOURS = 200

/** Unchanged neighbours of an edit, for the eye. */
export function neighbours(lines: LineList, edit: LineEdit): Pick<Hunk, 'before' | 'after'> {
  return {
    before: lines.slice(Math.max(0, edit.start - 1 - EYE), edit.start - 1),
    after: lines.slice(edit.end - 1, edit.end - 1 + EYE),
  }
}

/** Hunks by the hash of the content that they were made from. */
function byBase(hunks: readonly Hunk[]): Map<string, Hunk[]> {
  const groups = new Map<string, Hunk[]>()
  for (const hunk of hunks) {
    if (hunk.base === null) continue
    const group = groups.get(hunk.base)
    if (group) group.push(hunk)
    else groups.set(hunk.base, [hunk])
  }
  return groups
}

/** The outcome of each hunk's edit on `text`; a hunk whose base is lost is stale. */
export async function rebaseHunks(
  ports: Ports,
  queue: Queue,
  hunks: readonly Hunk[],
  text: string,
  signal: AbortSignal,
): Promise<Map<string, RebaseOutcome>> {
  const outcomes = new Map<string, RebaseOutcome>()
  for (const [hash, group] of byBase(hunks)) {
    const base = await queue.baseText(hash)
    if (base === text) {
      for (const hunk of group) outcomes.set(hunk.id, { state: 'clean', edit: hunk.edit })
      continue
    }
    const results =
      base === null
        ? null
        : await ports.work.run('rebase', { base, current: text, edits: group.map((hunk) => hunk.edit) }, signal)
    for (const [index, hunk] of group.entries()) {
      outcomes.set(
        hunk.id,
        results?.[index] ?? { state: 'stale', reason: 'the content that it was made from is no longer known' },
      )
    }
  }
  return outcomes
}

/** Tells every open hunk of this file where it stands now; `text: null` when the file is gone. */
export async function placeAgain(
  ports: Ports,
  queue: Queue,
  path: string,
  text: string | null,
  signal: AbortSignal,
): Promise<void> {
  for (const entry of queue.about(path)) {
    const open = entry.suggestion.hunks.filter((hunk) => hunk.path === path && isOpen(hunk))
    if (open.length === 0) continue
    queue.dispatch(entry.suggestion.id, { type: 'moved', standings: await standings(ports, queue, open, text, signal) })
  }
}

async function standings(
  ports: Ports,
  queue: Queue,
  hunks: readonly Hunk[],
  text: string | null,
  signal: AbortSignal,
): Promise<readonly Standing[]> {
  if (text === null) {
    return hunks.map((hunk): Standing =>
      hunk.kind === 'add'
        ? { hunk: hunk.id, state: 'pending', current: hunk.edit, before: [], after: [] }
        : { hunk: hunk.id, state: 'stale', reason: 'file gone', yours: null },
    )
  }
  const outcomes = await rebaseHunks(ports, queue, hunks, text, signal)
  const lines = linesIn(text)
  const made: Standing[] = []
  for (const hunk of hunks) {
    const outcome = outcomes.get(hunk.id)
    if (hunk.kind === 'add') {
      made.push({ hunk: hunk.id, state: 'stale', reason: 'a file of this name exists now', yours: null })
    } else if (outcome?.state === 'clean') {
      made.push({ hunk: hunk.id, state: 'pending', current: outcome.edit, ...neighbours(lines, outcome.edit) })
    } else if (outcome?.state === 'applied') {
      made.push({ hunk: hunk.id, state: 'byHand' })
    } else {
      const reason = outcome?.reason ?? 'it has no base'
      made.push({ hunk: hunk.id, state: 'stale', reason, yours: await yoursOf(ports, queue, hunk, text, signal) })
    }
  }
  return made
}

/** The person's own lines where the hunk's lines stood: between the nearest lines that both contents share. */
async function yoursOf(
  ports: Ports,
  queue: Queue,
  hunk: Hunk,
  text: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const base = hunk.base === null ? null : await queue.baseText(hunk.base)
  if (base === null) return null
  const { changes } = await ports.work.run('diff', { before: base, after: text }, signal)
  const { start, end } = hunk.edit
  let from = start
  let to = end
  for (const change of changes) {
    const grown = change.newEnd - change.newStart - (change.oldEnd - change.oldStart)
    if (change.oldEnd <= start && change.oldStart < start) from += grown
    else if (change.oldStart < start && change.oldEnd > start) from = change.newStart
    if (change.oldStart <= end && change.oldEnd <= end) to += grown
    else if (change.oldStart < end) to = change.newEnd
  }
  return linesIn(text).slice(from - 1, Math.max(from, Math.min(to, from + MOST_YOURS)) - 1)
}

function isOpen(hunk: Hunk): boolean {
  return (hunk.state === 'pending' || hunk.state === 'stale') && !hunk.replaced
}
