// A new content in place of an old one: by rename wherever that is possible, else written into the file itself.
import { constants, ftruncateSync, renameSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { present, sameUntilNow, syncFolder, takes, writeAt, writeNew, type Present } from './disk.ts'
import { hashBytes } from './bytes.ts'
import { errorCode } from './errno.ts'
import { takeOut } from './former.ts'
import { NO_SURPRISE, readBytes } from './read.ts'
import type { Successor } from './successor.ts'
import { formerName, temporaryName } from './temporary.ts'

/** `former`: name of the old file, which is kept beside the new one; null where that cannot be. */
export type Replaced =
  | { readonly state: 'done'; readonly former: string | null }
  /** Somebody was faster: nothing was written. */
  | { readonly state: 'changed' }
  /** It was not journalled: nothing was written. */
  | { readonly state: 'off' }

/** What a replacement needs besides the contents. */
export interface Means {
  /** null: the content is written into the file itself. */
  readonly successor: Successor | null
  /** See `FileWrite.journalled`. */
  readonly journalled: Promise<boolean>
}

/** `before` is what was seen at `real`. Throws what the system says when the old content stays. */
export async function replaceContent(real: string, before: Present, bytes: Buffer, means: Means): Promise<Replaced> {
  const { successor, journalled } = means
  // A rename would tear one name off the others.
  const isByRename = successor !== null && before.stats.nlink === 1
  const replaced = isByRename ? await replaceByRename(real, before, bytes, successor, journalled) : null
  if (replaced !== null) return replaced
  return (await journalled) ? await overwrite(real, before, bytes) : { state: 'off' }
}

/** null when this place only takes writing into the file itself; nothing was changed then. */
async function replaceByRename(
  real: string,
  before: Present,
  bytes: Buffer,
  successor: Successor,
  journalled: Promise<boolean>,
): Promise<Replaced | null> {
  try {
    const fresh = await successor.fill(before, bytes)
    if (fresh === null) return null
    if (!(await journalled)) return { state: 'off' }
    const former = await takeOut(real, before, fresh, () => {
      renameSync(successor.file, real)
      successor.moved()
    })
    if (former === 'changed') return { state: 'changed' }
    await syncFolder(dirname(real))
    return { state: 'done', former }
  } catch (error) {
    // A mount point, another disk, or (on Windows) a file that another program holds open.
    if (['EBUSY', 'EXDEV', 'EPERM', 'EACCES'].includes(errorCode(error))) return null
    throw error
  }
}

/**
 * Writes into the file itself. A copy of the old content stands beside it meanwhile, so that the next start can tell what a
 * crash has torn. What is beyond the old end goes first: only that can find the disk full, and cutting it off again leaves the old
 * content. From the last look at the file to the end of the new content nothing of this process, and hardly anybody else, gets in
 * between; who saves while that is made durable has the last word, and that is `changed` too.
 */
export async function overwrite(real: string, before: Present, bytes: Buffer): Promise<Replaced> {
  const copy = join(dirname(real), formerName(basename(real), before.hash))
  const marked = await takes(keepCopy(copy, before.bytes))
  const handle = await open(real, constants.O_RDWR | NO_SURPRISE)
  try {
    const stats = await handle.stat()
    const old = await readBytes(handle, stats.size)
    if (hashBytes(old) !== before.hash || !sameUntilNow(real, stats)) return { state: 'changed' }
    try {
      writeAt(handle, bytes, old.length, bytes.length)
      writeAt(handle, bytes, 0, Math.min(old.length, bytes.length))
      ftruncateSync(handle.fd, bytes.length)
    } catch (error) {
      writeAt(handle, old, 0, old.length)
      ftruncateSync(handle.fd, old.length)
      await handle.sync()
      throw error
    }
    await handle.sync()
  } finally {
    await handle.close()
    if (marked) await takes(rm(copy, { force: true }))
  }
  const now = await present(real)
  return now?.bytes.equals(bytes) === true ? { state: 'done', former: null } : { state: 'changed' }
}

/** Whole under its name or not at all: a half one would be taken for what somebody has saved into an old file. */
async function keepCopy(copy: string, bytes: Buffer): Promise<void> {
  const temporary = join(dirname(copy), temporaryName())
  await writeNew(temporary, bytes)
  try {
    await rename(temporary, copy)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * Whether `now` is what a crash leaves of `overwrite`, or of its way back: one content up to some byte and the other one
 * from there.
 */
export function isTorn(now: Buffer, before: Buffer, after: Buffer): boolean {
  return isMixture(now, before, after) || isMixture(now, after, before)
}

/** `after` up to some byte, then `before`; and of what `after` has beyond it any part from the start. */
function isMixture(now: Buffer, before: Buffer, after: Buffer): boolean {
  if (now.length < before.length || now.length > Math.max(before.length, after.length)) return false
  if (!now.subarray(before.length).equals(after.subarray(before.length, now.length))) return false
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && now[head] === after[head]) head += 1
  return now.subarray(head, before.length).equals(before.subarray(head))
}
