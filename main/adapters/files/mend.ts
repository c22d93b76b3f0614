// After a crash: what a write has left half done is brought to an end, and what it has left beside the files is taken away.
import { access, constants, lstat, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ProjectFiles, Side } from '../../core/ports.ts'
import { hashBytes } from './bytes.ts'
import { present, sameUntilNow, takes, type Present } from './disk.ts'
import { encodeText, UTF_8 } from './encoding.ts'
import type { Formers, Told } from './former.ts'
import { locate, type Place, type Project } from './place.ts'
import { isTorn, overwrite } from './replace.ts'
import { contentOfFormer, isTemporaryName } from './temporary.ts'
import { inTurn } from './turns.ts'

type Crashed = Parameters<ProjectFiles['mend']>[0]

/** See `ProjectFiles.mend`. */
export async function mend(project: Project, write: Crashed): Promise<Side> {
  const place = await locate(project, write.path)
  if (!place.ok) return 'other'
  return await inTurn(place.value.real, async () => {
    const { real } = place.value
    const now = await present(real)
    const before = await bytesOf(write.before, write.encoding)
    const after = await bytesOf(write.after, write.encoding)
    if (sameBytes(now, before)) return 'old'
    if (sameBytes(now, after)) return 'new'
    if (now === null || before === null || after === null || !isTorn(now.bytes, before, after)) return 'other'
    // A person's edit can look the same: only what was written in place can be torn, and that left its mark or could not.
    if (!(await wasInPlace(real, hashBytes(before)))) return 'other'
    return (await overwrite(real, now, before)).state === 'done' ? 'old' : 'other'
  })
}

async function bytesOf(text: string | null, encoding: string | undefined): Promise<Buffer | null> {
  if (text === null) return null
  const encoded = await encodeText(text, encoding ?? UTF_8, { bytes: null, text: null })
  return encoded.ok ? encoded.bytes : null
}

function sameBytes(now: Present | null, bytes: Buffer | null): boolean {
  return now === null || bytes === null ? now === null && bytes === null : now.bytes.equals(bytes)
}

async function wasInPlace(real: string, before: string): Promise<boolean> {
  const folder = dirname(real)
  if (!(await takes(access(folder, constants.W_OK)))) return true
  const names = await readdir(folder)
  return names.some((name) => contentOfFormer(name, basename(real)) === before.slice(0, 16))
}

/** See `ProjectFiles.sweep`. What is younger than `graceMs` may belong to another process at work: it is waited for. */
export async function sweep(
  project: Project,
  paths: readonly string[],
  overtaken: Parameters<ProjectFiles['sweep']>[1],
  formers: Formers,
  graceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const places = new Map<string, { readonly path: string; readonly place: Place }>()
  for (const path of new Set(paths)) {
    const place = await locate(project, path)
    if (place.ok) places.set(place.value.real, { path, place: place.value })
  }
  for (const folder of new Set([...places.keys()].map((real) => dirname(real)))) {
    for (const name of await namesIn(folder)) {
      if (!isTemporaryName(name) || signal.aborted) continue
      const file = join(folder, name)
      if (!(await isOld(file, graceMs, signal))) continue
      const owner = [...places].find(
        ([real]) => dirname(real) === folder && contentOfFormer(name, basename(real)) !== null,
      )
      if (owner === undefined) {
        // A temporary file is nobody's work; an old file of a path that is not asked about waits for its turn.
        if (name.endsWith('.tmp')) await takes(rm(file, { force: true }))
        continue
      }
      const [real, { path }] = owner
      await settle({ path, real, file }, contentOfFormer(name, basename(real)) ?? '', overtaken, formers)
    }
  }
}

async function settle(
  at: { readonly path: string; readonly real: string; readonly file: string },
  before: string,
  overtaken: Parameters<ProjectFiles['sweep']>[1],
  formers: Formers,
): Promise<void> {
  const content = await present(at.file)
  if (content === null) return
  const told: Told = (save) => overtaken(save, before)
  const untouched = content.hash.startsWith(before)
  if (!untouched && !(await formers.tell({ ...at, hash: content.hash }, content, told))) return
  if (sameUntilNow(at.file, content.stats)) await takes(rm(at.file, { force: true }))
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    // It is gone, or closed to us: then there is nothing to take away.
    return []
  }
}

/** False when it is gone, or the signal aborted meanwhile. */
async function isOld(file: string, graceMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    // More than twice only a file that is written all the time, or a clock that is wrong, makes it wait.
    for (let look = 0; look < 3; look += 1) {
      const left = graceMs - (Date.now() - (await lstat(file)).ctimeMs)
      if (left <= 0) return true
      await pause(Math.min(left, graceMs), undefined, { signal })
    }
    return true
  } catch {
    return false
  }
}
