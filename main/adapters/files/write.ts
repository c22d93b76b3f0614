// One file of an apply, written so that at every moment, and after a crash, either the old or the new content is there whole.
import { constants, lstatSync, renameSync, unlinkSync, type Stats } from 'node:fs'
import { access, link, lstat, mkdir, open, realpath, rm, rmdir, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Result } from '../../../preload/contract.ts'
import type { FileWrite } from '../../core/ports.ts'
import { hashBytes } from './bytes.ts'
import { errorCode } from './errno.ts'
import { isFolder, isMissing, isReservedOnWindows, locate, refuse, refuseFor, type Place } from './place.ts'
import { NO_SURPRISE, readBytes } from './read.ts'
import { temporaryName } from './temporary.ts'

type Written = Result<{ readonly hash: string | null }>

/** What stands at a place now. */
interface Present {
  readonly hash: string
  readonly stats: Stats
}

const OWNER_MAY_WRITE = 0o200
const PERMISSIONS = 0o7777
const WITHOUT_SET_ID = 0o1777

/** See `Files.write`. Also fails with `cancelled` when the signal aborted before anything was done. */
export async function writeDurably(root: string, write: FileWrite, signal: AbortSignal): Promise<Written> {
  const { path, expected, after } = write
  if (signal.aborted) return refuse('cancelled', `writing ${path} was called off`)
  if (after !== null && !after.isWellFormed()) {
    return refuse(
      'unencodable',
      `the new text of ${path} holds half a character (a lone surrogate), which UTF-8 cannot hold`,
    )
  }
  const place = await locate(root, path)
  if (!place.ok) return place
  try {
    if (expected === null) return await create(path, place.value, after)
    if (!place.value.exists) return gone(path)
    if (after === null) return await remove(path, place.value, expected)
    return await replace(path, place.value, expected, Buffer.from(after, 'utf8'))
  } catch (error) {
    return refuseFor(error, path)
  }
}

async function replace(path: string, place: Place, expected: string, bytes: Buffer): Promise<Written> {
  const { real } = place
  const before = await present(real)
  const refusal = await whyNot(path, real, before, expected)
  if (refusal || before === null) return refusal ?? gone(path)
  const hash = hashBytes(bytes)
  if (hash === expected) return { ok: true, value: { hash } }
  // A rename would tear one name off the others.
  const failure = before.stats.nlink > 1 ? 'unfit' : await replaceByRename(path, real, before, bytes)
  if (failure === 'unfit') return await overwrite(path, real, before, bytes)
  return failure ?? { ok: true, value: { hash } }
}

/** null when it is done; `unfit` when this place only takes writing into the file itself, and nothing was changed. */
async function replaceByRename(
  path: string,
  real: string,
  before: Present,
  bytes: Buffer,
): Promise<ReturnType<typeof refuse> | 'unfit' | null> {
  const temporary = join(dirname(real), temporaryName())
  let handle: FileHandle
  try {
    handle = await open(temporary, 'wx', 0o600)
  } catch (error) {
    // The folder is closed to us, the file itself is not.
    if (['EACCES', 'EPERM'].includes(errorCode(error))) return 'unfit'
    throw error
  }
  try {
    try {
      await handle.writeFile(bytes)
      await dressLike(handle, before.stats)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const now = await present(real)
    if (now === null || now.hash !== before.hash || !sameUntilNow(real, now.stats)) return changed(path)
    // In one breath with the look before it, so that no other writer of this machine gets between, save by microseconds.
    renameSync(temporary, real)
  } catch (error) {
    // A mount point, another disk, or (on Windows) a file that another program holds open.
    if (['EBUSY', 'EXDEV', 'EPERM', 'EACCES'].includes(errorCode(error))) return 'unfit'
    throw error
  } finally {
    await takes(rm(temporary, { force: true }))
  }
  await syncFolder(dirname(real))
  return null
}

/**
 * Writes into the file itself. What is beyond the old end goes first: only that can find the disk full, and cutting it off
 * again leaves the old content.
 */
async function overwrite(path: string, real: string, before: Present, bytes: Buffer): Promise<Written> {
  const handle = await open(real, constants.O_RDWR | NO_SURPRISE)
  try {
    const stats = await handle.stat()
    const old = await readBytes(handle, stats.size)
    if (hashBytes(old) !== before.hash || !sameUntilNow(real, stats)) return changed(path)
    try {
      await writeAt(handle, bytes, old.length, bytes.length)
      await writeAt(handle, bytes, 0, Math.min(old.length, bytes.length))
      await handle.truncate(bytes.length)
      await handle.sync()
    } catch (error) {
      await writeAt(handle, old, 0, old.length)
      await handle.truncate(old.length)
      await handle.sync()
      throw error
    }
  } finally {
    await handle.close()
  }
  return { ok: true, value: { hash: hashBytes(bytes) } }
}

async function create(path: string, place: Place, after: string | null): Promise<Written> {
  if (place.exists || place.link) return refuse('exists', `${path} is there already`)
  if (after === null) return { ok: true, value: { hash: null } }
  if (isReservedOnWindows(path)) return refuse('outside', `${path}: Windows cannot have a file of this name`)
  const folder = dirname(place.real)
  const firstMade = await makeFolders(path, folder)
  if (typeof firstMade === 'object') return firstMade
  const bytes = Buffer.from(after, 'utf8')
  try {
    if ((await realpath(folder)) !== folder) return changed(path)
    await createOnlyNew(place.real, bytes)
  } catch (error) {
    await removeEmptyFolders(folder, firstMade)
    throw error
  }
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(at)
    if (firstMade === '' || at === dirname(firstMade)) break
  }
  return { ok: true, value: { hash: hashBytes(bytes) } }
}

/** The whole file appears at once under its name, or nothing does; throws EEXIST when something stands there. */
async function createOnlyNew(real: string, bytes: Buffer): Promise<void> {
  const temporary = join(dirname(real), temporaryName())
  try {
    await writeNew(temporary, bytes)
    // A rename would replace; a hard link never does.
    await link(temporary, real)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errorCode(error))) throw error
    await writeNew(real, bytes)
  } finally {
    await takes(rm(temporary, { force: true }))
  }
}

async function writeNew(file: string, bytes: Buffer): Promise<void> {
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

async function remove(path: string, place: Place, expected: string): Promise<Written> {
  // Undoing it could not bring the link back.
  if (place.link) return refuse('denied', `${path} is a symbolic link; delete it yourself if it is to go`)
  const before = await present(place.real)
  const refusal = await whyNot(path, place.real, before, expected)
  if (refusal || before === null) return refusal ?? gone(path)
  if (!sameUntilNow(place.real, before.stats)) return changed(path)
  unlinkSync(place.real)
  await syncFolder(dirname(place.real))
  return { ok: true, value: { hash: null } }
}

/** Why what stands there must be left alone; null when nothing speaks against it. */
async function whyNot(
  path: string,
  real: string,
  before: Present | null,
  expected: string,
): Promise<ReturnType<typeof refuse> | null> {
  if (before === null) return (await isFolder(real)) ? refuse('changed', `${path} is a folder now`) : gone(path)
  if (before.hash !== expected) return changed(path)
  // The person's mark counts also where the system would let us (root).
  if ((before.stats.mode & OWNER_MAY_WRITE) === 0)
    return refuse('denied', `${path} is read-only; make it writable first`)
  await access(real, constants.W_OK)
  return null
}

/** null when there is no regular file. */
async function present(real: string): Promise<Present | null> {
  try {
    if (!(await lstat(real)).isFile()) return null
    const handle = await open(real, constants.O_RDONLY | NO_SURPRISE)
    try {
      const stats = await handle.stat()
      return { hash: hashBytes(await readBytes(handle, stats.size)), stats }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Synchronous on purpose: what follows it in the same turn finds the file as it was compared. */
function sameUntilNow(real: string, stats: Stats): boolean {
  const now = lstatSync(real, { throwIfNoEntry: false })
  return (
    now !== undefined &&
    now.ino === stats.ino &&
    now.size === stats.size &&
    now.mtimeMs === stats.mtimeMs &&
    now.ctimeMs === stats.ctimeMs
  )
}

/** Permissions as they were, and the owner where that is permitted; set-user-id only together with its owner. */
async function dressLike(handle: FileHandle, stats: Stats): Promise<void> {
  const own = await handle.stat()
  let kept = true
  if (own.uid !== stats.uid || own.gid !== stats.gid) {
    kept = await takes(handle.chown(stats.uid, stats.gid))
    if (!kept) await takes(handle.chown(own.uid, stats.gid))
  }
  await handle.chmod(stats.mode & (kept ? PERMISSIONS : WITHOUT_SET_ID))
}

async function takes(change: Promise<void>): Promise<boolean> {
  try {
    await change
    return true
  } catch {
    return false
  }
}

async function writeAt(handle: FileHandle, bytes: Buffer, from: number, to: number): Promise<void> {
  for (let at = from; at < to;) at += (await handle.write(bytes, at, to - at, at)).bytesWritten
}

/** The first folder that had to be made, or empty; a failure when something that is no folder is in the way. */
async function makeFolders(path: string, folder: string): Promise<string | ReturnType<typeof refuse>> {
  try {
    return (await mkdir(folder, { recursive: true })) ?? ''
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR'].includes(errorCode(error))) throw error
    return refuse('exists', `${path} cannot be created: one of its folders is a file`)
  }
}

async function removeEmptyFolders(folder: string, firstMade: string): Promise<void> {
  if (firstMade === '') return
  for (let at = folder; !relative(firstMade, at).startsWith('..'); at = dirname(at)) {
    // Not empty any more: somebody else uses it, so it stays, and all above it.
    if (!(await takes(rmdir(at)))) return
  }
}

/**
 * Makes the rename itself durable. Some systems cannot sync a folder (EINVAL, EPERM, on Windows EISDIR); and whatever the
 * reason, the new content stands there already, so a failure here must not be told as one.
 */
async function syncFolder(folder: string): Promise<void> {
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

function changed(path: string): ReturnType<typeof refuse> {
  return refuse('changed', `${path} holds another content by now; nothing was written`)
}

function gone(path: string): ReturnType<typeof refuse> {
  return refuse('absent', `${path} is not there any more`)
}
