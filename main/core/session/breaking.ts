// Says of a hunk which of the team's approved rules it breaks, also when the rules change later. Nothing waits for it.
import type { ApprovedRule } from '../conventions/approved.ts'
import type { Check } from '../conventions/check.ts'
import type { Ports } from '../ports.ts'
import type { Hunk } from '../review.ts'
import type { Entry, Queue } from './queue.ts'

/** The rules as they are now; another list after every change. */
export interface Rules {
  readonly rules: readonly ApprovedRule[]
}

const NEVER = new AbortController().signal

/**
 * Looks at these hunks of an entry, which are in the queue. The embedded engine repeats the person, who needs no telling. Rules
 * in free words cannot be checked: they are only told to the model. Never throws.
 */
export async function flagBroken(
  ports: Ports,
  queue: Queue,
  team: Rules,
  { suggestion }: Entry,
  hunks: readonly Hunk[],
): Promise<void> {
  if (suggestion.lane === 'local') return
  const { rules } = team
  const checkable = rules.flatMap(({ text, check }): { readonly text: string; readonly check: Check }[] =>
    check === null ? [] : [{ text, check }],
  )
  try {
    for (const { id, path, oldLines, edit } of hunks.filter(isOpen)) {
      const input = { path, oldLines, newLines: edit.lines, checks: checkable.map(({ check }) => check) }
      const broken = checkable.length === 0 ? [] : await ports.work.run('broken', input, NEVER)
      // Meanwhile the rules have changed: whoever changed them looks at every hunk.
      if (team.rules !== rules) return
      queue.dispatch(suggestion.id, { type: 'broke', hunk: id, rules: broken.map((at) => checkable[at]?.text ?? '') })
    }
  } catch (error) {
    ports.log.error('looking whether a hunk breaks a rule failed', error)
  }
}

/** The rules have changed: every open hunk is looked at again. */
export async function flagBrokenAgain(ports: Ports, queue: Queue, team: Rules): Promise<void> {
  for (const entry of queue.newest()) await flagBroken(ports, queue, team, entry, entry.suggestion.hunks)
}

function isOpen({ state, kind, replaced }: Hunk): boolean {
  return (state === 'pending' || state === 'stale') && kind !== 'delete' && kind !== 'move' && !replaced
}
