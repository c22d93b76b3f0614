// An editor that saved its old buffer over what was applied: the hunk is pending again, and nothing new is asked.
import type { Ports, TextChange } from '../ports.ts'
import type { Applies, AppliedHunk, Apply } from './applies.ts'
import type { Queue } from './queue.ts'

/**
 * Whether `change` takes back, wholly or in part, what the newest apply to this file wrote. An editor's own undo looks the
 * same and is treated the same. Hunks whose place holds the former lines again become pending.
 */
export async function restoreOverwritten(
  ports: Ports,
  queue: Queue,
  applies: Applies,
  change: TextChange,
  signal: AbortSignal,
): Promise<boolean> {
  let found = false
  for (const apply of applies.all.toReversed()) {
    const file = apply.files.find((candidate) => candidate.path === change.path)
    if (apply.state !== 'done' || file === undefined) continue
    const inHand = [change.before, change.after]
    const [before, after] = await Promise.all([applies.text(file.before, inHand), applies.text(file.after, inHand)])
    if (before === null || after === null) continue
    const restored = await overwrittenHunks(
      ports,
      queue,
      apply,
      { path: change.path, before, after },
      change.after,
      signal,
    )
    if (restored.length === 0) return found
    found = true
    for (const { suggestion, hunk } of restored) {
      queue.dispatch(suggestion, { type: 'overwritten', hunks: [hunk] })
    }
    // What is left of it cannot be taken back by its snapshot any more.
    await applies.mark(apply.id, 'overwritten')
    if (change.after === after) return found
  }
  return found
}

async function overwrittenHunks(
  ports: Ports,
  queue: Queue,
  apply: Apply,
  texts: TextChange,
  now: string,
  signal: AbortSignal,
): Promise<readonly AppliedHunk[]> {
  const hunks = apply.hunks.filter(({ hunk, path }) => {
    const found = queue.hunk(hunk)?.hunk
    return path === texts.path && found?.state === 'accepted' && found.kind === 'update'
  })
  if (hunks.length === 0) return []
  const edits = hunks.map(({ edit }) => edit)
  const { before, after } = texts
  const back = await ports.work.run('overwritten', { before, after, now, edits }, signal)
  return hunks.filter((_, index) => back[index] === true)
}
