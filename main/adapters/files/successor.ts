// The file that is to take another one's place: made beside it, dressed like it, and durable before it goes there.
import { constants, lstatSync, type Stats } from 'node:fs'
import { copyFile, open, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Attributes } from './attributes.ts'
import { takes, type Present } from './disk.ts'
import { errorCode } from './errno.ts'
import type { Fresh } from './former.ts'
import { temporaryName } from './temporary.ts'

export interface Successor {
  readonly file: string
  /**
   * Writes it; when this resolves, it is durable and looks like `before`, the old file as it was read. null where the folder
   * takes no new file. Throws what the system says.
   */
  fill(before: Present, bytes: Buffer): Promise<Fresh | null>
  /** It stands in its place now. */
  moved(): void
  /** Nothing is left of it, unless it has moved. */
  close(): Promise<void>
}

const OWNER_MAY_WRITE = 0o200
const PERMISSIONS = 0o7777
const WITHOUT_SET_ID = 0o1777

/**
 * Begins at once, before the old file is read: copying its attributes takes as long. null for what is not replaced: where there is
 * no file, one that its owner may not write, and one with several names, as a rename would tear one off the others.
 */
export function beginSuccessor(real: string, attributes: Attributes): Successor | null {
  const seen = lstatSync(real, { throwIfNoEntry: false })
  if (seen?.isFile() !== true || seen.nlink > 1 || (seen.mode & OWNER_MAY_WRITE) === 0) return null
  const file = join(dirname(real), temporaryName())
  const opened = openLike(real, file)
  const dressed = opened.then((handle) => (handle === null ? undefined : attributes.copy(real, file)))
  // Who fills it is told. It may never be filled: when the old file is not the one that was meant.
  dressed.catch(() => undefined)
  let isOpen = true
  let hasMoved = false

  async function shut(handle: FileHandle): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await handle.close()
  }

  return {
    file,
    async fill(before, bytes) {
      const handle = await opened
      if (handle === null) return null
      try {
        await handle.writeFile(bytes)
        await dressed
        // The times tell: other attributes have been given to the old file since.
        if (seen.ctimeMs !== before.stats.ctimeMs) await attributes.copy(real, file)
        const stats = await handle.stat()
        const at = performance.now()
        await dressLike(handle, stats, before.stats)
        await handle.sync()
        return { stats, at }
      } finally {
        // Some systems do not move what is open.
        await shut(handle)
      }
    },
    moved() {
      hasMoved = true
    },
    async close() {
      const handle = await opened.catch(() => null)
      if (handle === null) return
      // Otherwise `cp` would make the file anew after it was taken away.
      await takes(dressed)
      await shut(handle)
      if (!hasMoved) await takes(rm(file, { force: true }))
    },
  }
}

/**
 * A new file; null where the folder is closed to us. On macOS the system's own copy brings extended attributes and access lists
 * along, so it starts as one.
 */
async function openLike(real: string, file: string): Promise<FileHandle | null> {
  try {
    if (process.platform !== 'darwin') return await open(file, 'wx', 0o600)
    await copyFile(real, file, constants.COPYFILE_EXCL)
    const handle = await open(file, 'r+')
    await handle.truncate(0)
    return handle
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(errorCode(error))) return null
    throw error
  }
}

/** Permissions as they were, and the owner where that is permitted; set-user-id only together with its owner. */
async function dressLike(handle: FileHandle, own: Stats, stats: Stats): Promise<void> {
  let kept = true
  if (own.uid !== stats.uid || own.gid !== stats.gid) {
    kept = await takes(handle.chown(stats.uid, stats.gid))
    if (!kept) await takes(handle.chown(own.uid, stats.gid))
  }
  await handle.chmod(stats.mode & (kept ? PERMISSIONS : WITHOUT_SET_ID))
}
