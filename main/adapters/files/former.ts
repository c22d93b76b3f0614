// Old files that were replaced: each stays under another name for a moment, in case somebody who holds it open still writes into it.
import { linkSync, lstatSync, renameSync, unlinkSync, type Stats } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Result } from '../../../preload/contract.ts'
import type { OvertakenSave } from '../../core/ports.ts'
import { present, sameUntilNow, syncFolder, type Present } from './disk.ts'
import { decodeBytes } from './encoding.ts'
import { errorCode } from './errno.ts'
import { refuse, refuseFor } from './place.ts'
import { formerName } from './temporary.ts'
import { inTurn } from './turns.ts'

export type Told = (save: OvertakenSave) => Promise<boolean>

/** An old file, kept beside what took its place. */
export interface Former {
  readonly path: string
  /** Where it stood. */
  readonly real: string
  /** Where it stands now. */
  readonly file: string
  /** Hash of what was in it when it was replaced. */
  readonly hash: string
}

/** Pauses between looks, in ms; the last one is repeated. */
const PAUSES_MS = [20, 40, 80, 160, 320]
/** Somebody who is just writing gets this long to come to an end: two looks this far apart must agree. */
const SETTLE_MS = 15
const SETTLE_LOOKS = 40
/** A file that was just truncated is about to be filled. */
const EMPTY_LOOKS = 4

/** How long ago the file must have been written before it was read, so that every write since shows in its times; ms. */
const COARSEST_MS = 2_500
const COARSE_MS = 100

/**
 * Takes what stands at `real` out of its place by `act` (a rename over it, an unlink), in one breath with the last look at it:
 * no other writer of this machine gets in between, save by microseconds, and those are caught later. `seen` is what was read
 * there; `fresh`, a file just made beside it, says by its times whether another read is needed to know that it still is. Answers
 * the old file's new name, null where the file system has no hard links, `changed` when another content stands there now.
 */
export async function takeOut(
  real: string,
  seen: Present,
  fresh: Fresh | null,
  act: () => void,
): Promise<string | null | 'changed'> {
  if (fresh !== null && wouldShow(seen, fresh) && sameUntilNow(real, seen.stats)) return moveAside(real, seen, act)
  const now = await present(real)
  return now === null || now.hash !== seen.hash ? 'changed' : moveAside(real, now, act)
}

/** A file that this program has just made: its times are the file system's own now. */
export interface Fresh {
  readonly stats: Stats
  /** `performance.now()` after its times were looked at. */
  readonly at: number
}

/**
 * Whether a write since the read of `seen` must have changed the file's times: they are kept in steps, of up to 2 s (FAT), where
 * they show a fraction of up to 10 ms. As git does with its index ("racy git").
 */
function wouldShow(seen: Present, fresh: Fresh): boolean {
  const { mtimeMs } = seen.stats
  const readAt = fresh.stats.ctimeMs - (fresh.at - seen.at)
  return readAt - mtimeMs > (mtimeMs % 10 === 0 ? COARSEST_MS : COARSE_MS)
}

/** All in one turn. */
function moveAside(real: string, seen: Present, act: () => void): string | null | 'changed' {
  if (!sameUntilNow(real, seen.stats)) return 'changed'
  const file = join(dirname(real), formerName(basename(real), seen.hash))
  const kept = links(real, file)
  let taken = false
  try {
    // The link itself has changed the times, but nothing else.
    const now = lstatSync(kept ? file : real)
    const same = now.ino === seen.stats.ino && now.size === seen.stats.size && now.mtimeMs === seen.stats.mtimeMs
    if (!same) return 'changed'
    act()
    taken = true
  } finally {
    if (kept && !taken) removeNow(file)
  }
  return kept ? file : null
}

function links(real: string, file: string): boolean {
  try {
    linkSync(real, file)
    return true
  } catch (error) {
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'].includes(errorCode(error))) return false
    throw error
  }
}

/** Watches old files until nothing was written into them for `keepMs`. */
export class Formers {
  private readonly keepMs: number
  private readonly watching = new Set<Promise<void>>()

  constructor(keepMs: number) {
    this.keepMs = keepMs
  }

  /** Resolves when no old file is kept any more, at most `keepMs` after the last write. */
  async settled(): Promise<void> {
    while (this.watching.size > 0) await Promise.all(this.watching)
  }

  keep(former: Former, told: Told): void {
    const watch = this.watch(former, told).finally(() => this.watching.delete(watch))
    this.watching.add(watch)
  }

  /** One look now, instead of keeping it: whether somebody has written into it. Removes it when not. */
  async untouched({ file, hash }: Former): Promise<boolean> {
    const content = await settledContent(file, hash)
    if (content === null) return true
    if (content.hash !== hash || !sameUntilNow(file, content.stats)) return false
    removeNow(file)
    return true
  }

  /** See `OvertakenSave.putBack`; the caller has the turn. */
  async putBack(former: Former, expected: string | null, told: Told | null): Promise<Result<null>> {
    const { path, real, file } = former
    try {
      if (expected === null) {
        // A rename would replace; a hard link never does.
        await link(file, real)
        await rm(file)
      } else {
        const now = await present(real)
        const swapped =
          now?.hash === expected ? await takeOut(real, now, null, () => renameSync(file, real)) : 'changed'
        if (swapped === 'changed') return refuse('changed', `${path} holds another content by now`)
        // Somebody may have opened what stood there for this moment.
        const next = swapped === null ? null : { path, real, file: swapped, hash: expected }
        if (next !== null && told !== null) this.keep(next, told)
        else if (next !== null) await this.untouched(next)
      }
      await syncFolder(dirname(real))
      return { ok: true, value: null }
    } catch (error) {
      return refuseFor(error, path)
    }
  }

  private async watch(former: Former, told: Told): Promise<void> {
    const { file } = former
    let { hash } = former
    let until = performance.now() + this.keepMs
    let seen: Present | null = null
    for (let look = 0; ; look += 1) {
      const last = performance.now() >= until
      // A look at its times is cheap; only what says nothing in them (a mapped file) waits for the last look.
      if (last || seen === null || !sameUntilNow(file, seen.stats)) {
        seen = await settledContent(file, hash).catch(() => null)
        if (seen === null) return
        if (seen.hash !== hash) {
          if (!(await this.tell(former, seen, told))) return
          hash = seen.hash
          until = performance.now() + this.keepMs
          continue
        }
        if (last && sameUntilNow(file, seen.stats)) {
          removeNow(file)
          return
        }
      }
      const left = Math.max(1, until - performance.now())
      await pause(Math.min(left, PAUSES_MS[look] ?? PAUSES_MS.at(-1) ?? left))
    }
  }

  /** Whether it is taken care of; what nobody takes care of stays where it is. */
  async tell(former: Former, content: Present, told: Told): Promise<boolean> {
    const decoded = await decodeBytes(content.bytes, null)
    const save: OvertakenSave = {
      path: former.path,
      saved: decoded.ok ? decoded.text : null,
      kept: basename(former.file),
      putBack: (expected) => inTurn(former.real, () => this.putBack(former, expected, told)),
    }
    return told(save).catch(() => false)
  }
}

/** In the turn of the look before it. What cannot be removed now is found at the next start. */
function removeNow(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if (errorCode(error) === '') throw error
  }
}

/** What stands in it, once nobody is in the middle of writing it; null when it is gone. */
async function settledContent(file: string, known: string): Promise<Present | null> {
  let content = await present(file)
  for (let look = 0; look < SETTLE_LOOKS && content !== null && content.hash !== known; look += 1) {
    const former: Present = content
    await pause(SETTLE_MS)
    content = await present(file)
    if (content?.hash === former.hash && (former.bytes.length > 0 || look >= EMPTY_LOOKS)) break
  }
  return content
}
