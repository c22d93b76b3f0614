// One file of an apply, written so that at every moment, and after a crash, either the old or the new content is there whole.
import { constants, unlinkSync } from 'node:fs'
import { access, link, mkdir, realpath, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Result } from '../../../preload/contract.ts'
import type { FileWrite } from '../../core/ports.ts'
import type { Attributes } from './attributes.ts'
import { hashBytes } from './bytes.ts'
import { present, syncFolder, takes, writeNew, type Present } from './disk.ts'
import { decodeBytes, encodeText, UTF_8, type Standing } from './encoding.ts'
import { errorCode } from './errno.ts'
import { takeOut, type Formers } from './former.ts'
import { isFolder, isReservedOnWindows, locate, refuse, refuseFor, type Place, type Project } from './place.ts'
import { replaceContent, type Means } from './replace.ts'
import { beginSuccessor } from './successor.ts'
import { temporaryName } from './temporary.ts'
import { inTurn } from './turns.ts'

type Written = Result<{ readonly hash: string | null }>
type Refusal = ReturnType<typeof refuse>

const OWNER_MAY_WRITE = 0o200
const AT_ONCE = Promise.resolve(true)

/** See `Files.write`. Also fails with `cancelled` when the signal aborted before anything was done. */
export async function writeDurably(
  project: Project,
  write: FileWrite,
  formers: Formers,
  attributes: Attributes,
  signal: AbortSignal,
): Promise<Written> {
  const { path, expected, journalled = AT_ONCE } = write
  const place = await locate(project, path)
  if (!place.ok) return place
  return await inTurn(place.value.real, async () => {
    if (signal.aborted) return calledOff(path)
    try {
      if (expected === null) return (await journalled) ? await create(write, place.value) : calledOff(path)
      if (!place.value.exists) return gone(path)
      // Made ready while the old file is read; what is only taken away needs none.
      const successor = write.after === null ? null : beginSuccessor(place.value.real, attributes)
      try {
        return await change(write, place.value, expected, formers, { successor, journalled })
      } finally {
        await successor?.close()
      }
    } catch (error) {
      return refuseFor(error, path)
    }
  })
}

/** Replaces or deletes what stands there. */
async function change(
  write: FileWrite,
  place: Place,
  expected: string,
  formers: Formers,
  means: Means,
): Promise<Written> {
  const { path, after } = write
  // Undoing it could not bring the link back.
  if (after === null && place.link) {
    return refuse('denied', `${path} is a symbolic link; delete it yourself if it is to go`)
  }
  const before = await present(place.real)
  const refusal = await whyNot(path, place.real, before, expected)
  if (refusal || before === null) return refusal ?? gone(path)
  const changed = await (after === null
    ? remove(path, place.real, before, means)
    : replace(write, after, place.real, before, means))
  if (!changed.ok) return changed
  const { hash, former } = changed.value
  if (former === null) return { ok: true, value: { hash } }
  const kept = { path, real: place.real, file: former, hash: expected }
  if (write.onOvertaken) formers.keep(kept, write.onOvertaken)
  else if (!(await formers.untouched(kept))) {
    const back = await formers.putBack(kept, hash, null)
    if (back.ok) return standsAnother(path)
  }
  return { ok: true, value: { hash } }
}

interface Changed {
  readonly hash: string | null
  readonly former: string | null
}

async function replace(
  write: FileWrite,
  after: string,
  real: string,
  before: Present,
  means: Means,
): Promise<Result<Changed>> {
  const { path } = write
  const encoded = await encode(write, after, before)
  if (!encoded.ok) return encoded
  const hash = hashBytes(encoded.value)
  if (hash === before.hash) return { ok: true, value: { hash, former: null } }
  const replaced = await replaceContent(real, before, encoded.value, means)
  if (replaced.state === 'off') return calledOff(path)
  return replaced.state === 'changed' ? standsAnother(path) : { ok: true, value: { hash, former: replaced.former } }
}

async function remove(path: string, real: string, before: Present, { journalled }: Means): Promise<Result<Changed>> {
  if (!(await journalled)) return calledOff(path)
  const former = await takeOut(real, before, null, () => unlinkSync(real))
  if (former === 'changed') return standsAnother(path)
  await syncFolder(dirname(real))
  return { ok: true, value: { hash: null, former } }
}

async function encode(write: FileWrite, after: string, before: Present | null): Promise<Result<Buffer>> {
  const { path, former = null } = write
  const decoded = before === null || write.encoding !== undefined ? null : await decodeBytes(before.bytes, null)
  if (decoded?.ok === false) return refuse('unencodable', `${path} cannot be written to: ${decoded.reason}`)
  const encoding = write.encoding ?? decoded?.encoding ?? UTF_8
  const standing: Standing = { bytes: before?.bytes ?? null, text: former }
  const encoded = await encodeText(after, encoding, standing)
  if (encoded.ok) return { ok: true, value: encoded.bytes }
  return refuse('unencodable', `the new text of ${path} cannot be written: ${encoded.reason}`)
}

async function create(write: FileWrite, place: Place): Promise<Written> {
  const { path, after } = write
  if (place.exists || place.link) return refuse('exists', `${path} is there already`)
  if (after === null) return { ok: true, value: { hash: null } }
  if (isReservedOnWindows(path)) return refuse('outside', `${path}: Windows cannot have a file of this name`)
  const encoded = await encode(write, after, null)
  if (!encoded.ok) return encoded
  const folder = dirname(place.real)
  const firstMade = await makeFolders(path, folder)
  if (typeof firstMade === 'object') return firstMade
  try {
    if ((await realpath(folder)) !== folder) return standsAnother(path)
    await createOnlyNew(place.real, encoded.value)
  } catch (error) {
    await removeEmptyFolders(folder, firstMade)
    throw error
  }
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(at)
    if (firstMade === '' || at === dirname(firstMade)) break
  }
  return { ok: true, value: { hash: hashBytes(encoded.value) } }
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

/** Why what stands there must be left alone; null when nothing speaks against it. */
async function whyNot(path: string, real: string, before: Present | null, expected: string): Promise<Refusal | null> {
  if (before === null) return (await isFolder(real)) ? refuse('changed', `${path} is a folder now`) : gone(path)
  if (before.hash !== expected) return standsAnother(path)
  // The person's mark counts also where the system would let us (root).
  if ((before.stats.mode & OWNER_MAY_WRITE) === 0)
    return refuse('denied', `${path} is read-only; make it writable first`)
  await access(real, constants.W_OK)
  return null
}

/** The first folder that had to be made, or empty; a failure when something that is no folder is in the way. */
async function makeFolders(path: string, folder: string): Promise<string | Refusal> {
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

function standsAnother(path: string): Refusal {
  return refuse('changed', `${path} holds another content by now; nothing was written`)
}

function calledOff(path: string): Refusal {
  return refuse('cancelled', `writing ${path} was called off`)
}

function gone(path: string): Refusal {
  return refuse('absent', `${path} is not there any more`)
}
