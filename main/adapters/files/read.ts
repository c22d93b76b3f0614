// A stable read of one text file: what is returned was the file's content at one moment, whoever writes meanwhile.
import { constants, type Stats } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import { setTimeout as timeout } from 'node:timers/promises'
import type { FileStat, ReadOutcome, SkipCode } from '../../core/ports.ts'
import { hashBytes } from './bytes.ts'
import { decodeBytes } from './encoding.ts'
import { errorCode } from './errno.ts'
import { isMissing, locate, refuseFor, type Project } from './place.ts'

/** Real paths are opened: a link there was put there since, and a FIFO must not make the open wait. 0 on Windows. */
export const NO_SURPRISE = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Pauses between attempts on a file that is being written, in ms. */
const PAUSES_MS = [2, 5, 10, 20, 40, 80]
/** A truncating writer gets this long to write: looked at every 5 ms, 50 ms in all. */
const EMPTY_LOOKS = 10
const EMPTY_LOOK_MS = 5

export interface ReadOptions {
  /** Size at the last read in bytes; null when it was never read. */
  readonly formerSize: number | null
  readonly maxBytes: number
  /** What the file was in when it was last read or written; null when that is not known. */
  readonly encoding: string | null
}

/** `readStable`, here or on another thread. */
export type ReadFile = typeof readStable

/** See `Files.read`. An aborted read answers `skipped`, `unstable`: nobody waits for it any more. */
export async function readStable(
  project: Project,
  path: string,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  let mayWait = (options.formerSize ?? 0) > 0
  for (const pauseMs of [...PAUSES_MS, null]) {
    const outcome = signal.aborted ? CANCELLED : await readOnce(project, path, options)
    if (outcome !== 'moving') {
      if (!mayWait || outcome.kind !== 'text' || outcome.stat.size > 0) return outcome
      mayWait = false
      if (!(await leavesEmpty(project, path, signal))) return signal.aborted ? CANCELLED : outcome
      continue
    }
    if (pauseMs !== null && !(await pause(pauseMs, signal))) return CANCELLED
  }
  return skipped('unstable', 'it kept changing while it was read; its next save is looked at again')
}

const CANCELLED = skipped('unstable', 'the read was called off')

async function readOnce(project: Project, path: string, options: ReadOptions): Promise<ReadOutcome | 'moving'> {
  const { maxBytes } = options
  const place = await locate(project, path)
  if (!place.ok) return outcomeOf(place.failure)
  if (!place.value.exists) return { kind: 'absent' }
  let handle: FileHandle
  try {
    const stats = await lstat(place.value.real)
    if (!stats.isFile()) return skipped('irregular', 'it is not a regular file')
    handle = await open(place.value.real, constants.O_RDONLY | NO_SURPRISE)
  } catch (error) {
    // ELOOP: a link took the file's place since its real path was found.
    if (errorCode(error) === 'ELOOP') return 'moving'
    return unreadable(error, path)
  }
  try {
    const before = await handle.stat()
    if (!before.isFile()) return skipped('irregular', 'it is not a regular file')
    if (before.size > maxBytes)
      return skipped('large', `its ${inUnits(before.size)} are over the limit of ${inUnits(maxBytes)}`)
    const bytes = await readBytes(handle, before.size)
    // By its path: a file that was renamed over has another inode, however still the open one is.
    if (bytes.length !== before.size || !sameFile(before, await lstat(place.value.real))) return 'moving'
    const decoded = await decodeBytes(bytes, options.encoding)
    if (!decoded.ok) return skipped(decoded.code, decoded.reason)
    const { text, encoding } = decoded
    return { kind: 'text', text, hash: hashBytes(bytes), encoding, stat: fileStat(before) }
  } catch (error) {
    return isMissing(error) ? 'moving' : unreadable(error, path)
  } finally {
    // Not waited for: what closing fails with says nothing about what was read.
    handle.close().catch(() => undefined)
  }
}

/** At most `size` bytes from the start; fewer when the file has become shorter. */
export async function readBytes(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

export function sameFile(before: Stats, after: Stats): boolean {
  return before.size === after.size && before.mtimeMs === after.mtimeMs && before.ino === after.ino
}

export function fileStat(stats: Stats): FileStat {
  return { size: stats.size, modifiedMs: stats.mtimeMs, inode: stats.ino }
}

/** Whether the empty file gets content, or goes, within its 50 ms. */
async function leavesEmpty(project: Project, path: string, signal: AbortSignal): Promise<boolean> {
  for (let look = 0; look < EMPTY_LOOKS; look += 1) {
    if (!(await pause(EMPTY_LOOK_MS, signal))) return false
    const place = await locate(project, path)
    if (!place.ok || !place.value.exists) return true
    try {
      if ((await lstat(place.value.real)).size > 0) return true
    } catch {
      // Whatever it is, the next attempt meets it too, and says it.
      return true
    }
  }
  return false
}

/** False when the signal aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await timeout(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}

function unreadable(error: unknown, path: string): ReadOutcome {
  return isMissing(error) ? { kind: 'absent' } : outcomeOf(refuseFor(error, path).failure)
}

function outcomeOf(failure: { readonly code: string; readonly message: string }): ReadOutcome {
  if (failure.code === 'absent') return { kind: 'absent' }
  return skipped(failure.code === 'outside' ? 'outside' : 'denied', failure.message)
}

function skipped(code: SkipCode, reason: string): Extract<ReadOutcome, { kind: 'skipped' }> {
  return { kind: 'skipped', code, reason }
}

function inUnits(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
