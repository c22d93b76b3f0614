// The syntax gate: says of a hunk that the file no longer parses after it, when it did before. Nothing waits for it.
import { applyEdits, overlapping } from '../patch.ts'
import type { Ports } from '../ports.ts'
import { isClosed, type Hunk } from '../review.ts'
import type { Entry, Queue } from './queue.ts'

const NEVER = new AbortController().signal
/** Longer texts take a second to parse, and each hunk asks for two: none of them is looked at; UTF-16 units. */
const LONGEST_TEXT = 512 * 1024

/**
 * Looks at these hunks of an entry, which are in the queue, and again at those that are flagged: together with a new one they may
 * be right. The flags follow. Never throws.
 */
export async function flagProblems(ports: Ports, queue: Queue, entry: Entry, hunks: readonly Hunk[]): Promise<void> {
  try {
    // The hunks are shown first, and the same edit is looked for elsewhere: parsing takes the processor from both.
    await new Promise<void>((resolve) => ports.clock.soon(resolve))
    const flagged = entry.suggestion.hunks.filter(
      (hunk) => hunk.problem !== null && !hunks.some(({ id }) => id === hunk.id),
    )
    for (const hunk of [...hunks, ...flagged]) {
      if (hunk.kind !== 'update' || hunk.state !== 'pending' || hunk.base === null) continue
      const problem = await problemOf(ports, queue, entry, hunk)
      queue.dispatch(entry.suggestion.id, { type: 'flagged', hunk: hunk.id, problem })
    }
  } catch (error) {
    ports.log.error('looking whether a hunk parses failed', error)
  }
}

async function problemOf(ports: Ports, queue: Queue, entry: Entry, hunk: Hunk): Promise<string | null> {
  const { path, base } = hunk
  const text = base === null ? null : await queue.baseText(base)
  if (text === null || text.length > LONGEST_TEXT) return null
  const before = await ports.syntax.problems(path, text, NEVER)
  // Unknown languages, files that are too long, and those that did not parse anyway.
  if (before === null || before.count > 0) return null
  const after = await ports.syntax.problems(path, applyEdits(text, [hunk.edit]), NEVER)
  const line = after?.places[0]?.line
  if (line === undefined) return null
  const others = entry.suggestion.hunks.filter(
    (other) => other.path === path && other.base === base && other.state === 'pending' && !isClosed(other),
  )
  const edits = [...others.filter(({ id }) => id !== hunk.id).map(({ edit }) => edit), hunk.edit]
  if (edits.length > 1 && !overlapping(edits)) {
    const together = await ports.syntax.problems(path, applyEdits(text, edits), NEVER)
    if (together?.count === 0)
      return `by itself, after this the file no longer parses, line ${line}: it needs the other hunks`
  }
  return `after this the file no longer parses, line ${line}`
}
