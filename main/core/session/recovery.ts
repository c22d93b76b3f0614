// What a crash has left: each write is found done, or not begun, or is taken back; and the queue is made to agree with it.
import { OVERWRITTEN } from '../review.ts'
import type { Ports, Side } from '../ports.ts'
import type { Applies, AppliedFile, Apply } from './applies.ts'
import type { Queue } from './queue.ts'
import { turned } from './undoing.ts'

/**
 * At start, before anything is watched. A write whose files hold the new content was done, one whose files hold the old content was
 * not; one that was done in part is taken back, so that it is all or nothing. Anything else was changed by somebody since:
 * then the write is taken for done, so that nothing is offered twice by guess.
 */
export async function recover(ports: Ports, queue: Queue, applies: Applies, signal: AbortSignal): Promise<void> {
  for (const apply of applies.all.slice()) {
    if (apply.state === 'intent' || apply.state === 'undoing' || apply.state === 'redoing') {
      await settle(ports, applies, apply, signal)
    }
  }
  // A decision is stored apart from the apply: a crash may have come between the two.
  for (const apply of applies.all) {
    if (apply.state === 'undone') turned(ports, queue, apply, 'undo')
    if (apply.state === 'done')
      turned(ports, queue, { ...apply, hunks: apply.hunks.filter(notOverwritten(queue)) }, 'redo')
  }
}

function notOverwritten(queue: Queue): (hunk: Apply['hunks'][number]) => boolean {
  return ({ hunk }) => {
    const found = queue.hunk(hunk)?.hunk
    return found?.state === 'pending' && found.reason !== OVERWRITTEN
  }
}

async function settle(ports: Ports, applies: Applies, apply: Apply, signal: AbortSignal): Promise<void> {
  const files = apply.writing ?? apply.files
  const sides: Side[] = []
  for (const file of files) sides.push(await sideOf(ports, applies, file, signal))
  const happened = sides.length > 0 && !sides.includes('old')
  if (!happened && !(await takeBack(ports, applies, files, sides, signal))) {
    ports.log.error(`a write of several files was cut off and could not be taken back: ${files[0]?.path}`, null)
    return
  }
  if (apply.state === 'intent' && !happened) await applies.drop(apply.id)
  else await applies.mark(apply.id, (apply.state === 'undoing') === happened ? 'undone' : 'done')
}

async function sideOf(ports: Ports, applies: Applies, file: AppliedFile, signal: AbortSignal): Promise<Side> {
  const { path, encoding } = file
  const before = await applies.text(file.before)
  const after = await applies.text(file.after)
  if ((file.before !== null && before === null) || (file.after !== null && after === null)) return 'other'
  return ports.files.mend({ path, before, after, ...(encoding === undefined ? {} : { encoding }) }, signal)
}

/** False when one of them stays as it is: the next start tries again. */
async function takeBack(
  ports: Ports,
  applies: Applies,
  files: readonly AppliedFile[],
  sides: readonly Side[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const [index, { path, before, encoding }] of files.entries()) {
    if (sides[index] !== 'new') continue
    const options = { formerSize: null, ...(encoding === undefined ? {} : { encoding }) }
    const now = await ports.files.read(path, options, signal)
    if (now.kind === 'skipped') return false
    const after = await applies.text(before)
    const expected = now.kind === 'text' ? now.hash : null
    const write = { path, expected, after, ...(encoding === undefined ? {} : { encoding }) }
    if (!(await ports.files.write(write, signal)).ok) return false
  }
  return true
}
