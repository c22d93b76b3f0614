// The steps that writes are made of: looking at what stands there, whole new files, and making a folder's entries durable.
import { constants, lstatSync, writeSync, type Stats } from 'node:fs'
import { lstat, open, rm, type FileHandle } from 'node:fs/promises'
import { hashBytes } from './bytes.ts'
import { errorCode } from './errno.ts'
import { isMissing } from './place.ts'
import { NO_SURPRISE, readBytes } from './read.ts'

/** What stands at a place now. */
export interface Present {
  readonly bytes: Buffer
  readonly hash: string
  readonly stats: Stats
  /** `performance.now()` before it was read. */
  readonly at: number
}

/** null when there is no regular file. */
export async function present(real: string): Promise<Present | null> {
  try {
    const at = performance.now()
    if (!(await lstat(real)).isFile()) return null
    const handle = await open(real, constants.O_RDONLY | NO_SURPRISE)
    try {
      const stats = await handle.stat()
      const bytes = await readBytes(handle, stats.size)
      return { bytes, hash: hashBytes(bytes), stats, at }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Synchronous on purpose: what follows it in the same turn finds the file as it was compared. */
export function sameUntilNow(real: string, stats: Stats): boolean {
  const now = lstatSync(real, { throwIfNoEntry: false })
  return (
    now !== undefined &&
    now.ino === stats.ino &&
    now.size === stats.size &&
    now.mtimeMs === stats.mtimeMs &&
    now.ctimeMs === stats.ctimeMs
  )
}

/** A new file, durable; nothing is left of it when that fails. */
export async function writeNew(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (error) {
    await rm(file, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** Synchronous, so that nothing of this process comes between it and what was looked at before. */
export function writeAt({ fd }: FileHandle, bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to;) at += writeSync(fd, bytes, at, to - at, at)
}

/**
 * Makes the rename itself durable. Some systems cannot sync a folder (EINVAL, EPERM, on Windows EISDIR); and whatever the
 * reason, the new content stands there already, so a failure here must not be told as one.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (errorCode(error) === '') throw error
  }
}

/** Whether a change that may be refused was made. */
export async function takes(change: Promise<unknown>): Promise<boolean> {
  try {
    await change
    return true
  } catch {
    return false
  }
}
