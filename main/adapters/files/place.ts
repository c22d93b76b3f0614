// Where a path of the project really is on disk, and whether anything may be done there.
import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Result } from '../../../preload/contract.ts'
import { errorCode } from './errno.ts'
import { isTemporaryName } from './temporary.ts'

/** Where files may be touched: below `root`, but in none of the folders `own`, where this program keeps its own files. */
export interface Project {
  /** Absolute. */
  readonly root: string
  /** Real paths. */
  readonly own: readonly string[]
}

export interface Place {
  /** Absolute, free of symbolic links as far as it exists. */
  readonly real: string
  /** False also for a symbolic link that leads nowhere. */
  readonly exists: boolean
  /** The path itself is a symbolic link (its folders may be links in any case). */
  readonly link: boolean
}

const WINDOWS = process.platform === 'win32'
const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|conin\$|conout\$|com[1-9¹²³]|lpt[1-9¹²³])\s*(\..*)?$/iu
const UNUSABLE_ON_WINDOWS = /[<>:"|?*\\]|[. ]$/u
/** Code points that HFS+ leaves out when it compares names (git, CVE-2014-9390). */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu

/**
 * Finds the place of `path` (relative, with `/`). Failures: `outside` for whatever leaves the project or enters `.git` or this
 * program's own files, by its words or by a symbolic link on the way; `denied` when the way cannot be looked at; `io`.
 */
export async function locate({ root, own }: Project, path: string): Promise<Result<Place>> {
  const flaw = flawOf(path)
  if (flaw) return refuse('outside', `${printable(path)}: ${flaw}`)
  const full = join(root, ...path.split('/'))
  try {
    const [realRoot, real, link] = await Promise.all([realpath(root), realpathOrNull(full), isLink(full)])
    if (real !== null) return within({ root: realRoot, own }, path, { real, exists: true, link })
    return await locateMissing({ root: realRoot, own }, path, full, link)
  } catch (error) {
    return refuseFor(error, path)
  }
}

/** A name that a Windows machine cannot check out: refused for new files everywhere, for all files on Windows. */
export function isReservedOnWindows(path: string): boolean {
  return path.split('/').some((segment) => RESERVED_ON_WINDOWS.test(segment))
}

/** For a path that does not exist: the real place of its nearest folder that does, and the rest behind it. */
async function locateMissing(real: Project, path: string, full: string, link: boolean): Promise<Result<Place>> {
  for (let folder = dirname(full); ; folder = dirname(folder)) {
    const there = await realpathOrNull(folder)
    // A folder that is itself a link to nowhere is passed over: nothing can be made below it, and mkdir says so.
    if (there === null && folder !== dirname(folder)) continue
    return within(real, path, { real: join(there ?? folder, relative(folder, full)), exists: false, link })
  }
}

function within({ root, own }: Project, path: string, place: Place): Result<Place> {
  const inside = relative(root, place.real)
  if (inside === '' || leaves(inside)) {
    return refuse('outside', `${path} leads out of the project by a symbolic link`)
  }
  if (inside.split(sep).some(isGitName)) return refuse('outside', `${path} leads into the repository's own .git folder`)
  if (own.some((folder) => !leaves(relative(folder, place.real)))) {
    return refuse('outside', `${path} is one of this program's own files`)
  }
  return { ok: true, value: place }
}

function leaves(inside: string): boolean {
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
}

/** What is wrong with the words of a path, before the disk is asked; null when nothing is. */
function flawOf(path: string): string | null {
  if (path === '') return 'a path must name a file'
  if (path.includes('\0')) return 'a path cannot hold a NUL character'
  if (path.startsWith('/') || isAbsolute(path) || /^[a-z]:/iu.test(path))
    return 'only paths inside the project are allowed'
  for (const segment of path.split('/')) {
    if (segment === '..' || segment === '.' || segment === '') return 'a path must be plain, without ".." and the like'
    if (isGitName(segment)) return "the repository's own .git folder is never touched"
    if (isTemporaryName(segment)) return "it is one of this program's own files"
    if (WINDOWS && (UNUSABLE_ON_WINDOWS.test(segment) || RESERVED_ON_WINDOWS.test(segment))) {
      return 'Windows cannot have a file of this name'
    }
  }
  return null
}

/** `.git` in every spelling that some file system takes for it. */
function isGitName(segment: string): boolean {
  const plain = segment.replace(IGNORED_BY_HFS, '').split(':')[0] ?? ''
  return ['.git', 'git~1'].includes(plain.replace(/[. ]+$/u, '').toLowerCase())
}

async function realpathOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** Whether the error says that nothing is there: also what no file system could hold, or a file where a folder should be. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error))
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

export function refuse(
  code: string,
  message: string,
): { readonly ok: false; readonly failure: { code: string; message: string } } {
  return { ok: false, failure: { code, message } }
}

/** A system error as a failure that a person can act on; what is no system error is a bug and thrown on. */
export function refuseFor(error: unknown, path: string): ReturnType<typeof refuse> {
  const code = errorCode(error)
  switch (code) {
    case '':
      throw error
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return refuse('full', `no room to write ${path}: free some space on its disk (${code})`)
    case 'EACCES':
    case 'EPERM':
      return refuse('denied', `no permission for ${path} (${code})`)
    case 'EROFS':
      return refuse('denied', `${path} is on a read-only disk`)
    case 'ELOOP':
      return refuse('outside', `${path} is a symbolic link that leads in a circle`)
    case 'ENOENT':
    case 'ENOTDIR':
      return refuse('absent', `${path} is gone, or one of its folders is`)
    case 'EEXIST':
      return refuse('exists', `${path}: something else stands there already`)
    default:
      return refuse('io', `${path} could not be reached: the system says ${code}`)
  }
}

function printable(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path)
}
