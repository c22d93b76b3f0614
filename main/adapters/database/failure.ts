// What goes wrong with a database, as failures that a person can act on.
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Failure } from '../../../preload/contract.ts'
import { errorCode } from '../files/errno.ts'

/** SQLite's primary result codes, https://sqlite.org/rescode.html */
const SQLITE = { error: 1, perm: 3, busy: 5, locked: 6, readonly: 8, io: 10, corrupt: 11, full: 13, notADatabase: 26 }

/** The file's own check found damage. */
export class Damage extends Error {}
/** The file was written by a later version of this program. */
export class Newer extends Error {}

/** SQLite's primary result code of an error of node:sqlite; null for every other error. */
function codeOf(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

/** Another process holds what is wanted. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code === SQLITE.busy || code === SQLITE.locked
}

/** A file that SQLite cannot read, or one of another program, whose tables are not ours. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error)
  return error instanceof Damage || code === SQLITE.corrupt || code === SQLITE.notADatabase || code === SQLITE.error
}

/** `full`, `busy`, `denied`, `corrupt`, `newer`, or `io` for the rest; the message is one line that names the file. */
export function failureOf(error: unknown, file: string): Failure {
  const text = error instanceof Error ? error.message : String(error)
  const system = errorCode(error)
  const code = codeOf(error)
  if (error instanceof Newer) {
    return {
      code: 'newer',
      message: `${file} was written by a newer Slipstream: update this one, or use another data folder`,
    }
  }
  if (code === SQLITE.full || system === 'ENOSPC' || system === 'EDQUOT' || (code === SQLITE.io && isDiskFull(file))) {
    return {
      code: 'full',
      message: `no space left for ${file}: free some, what is decided until then is not remembered`,
    }
  }
  if (isBusy(error)) {
    return { code: 'busy', message: `another process holds ${file}: try again` }
  }
  if (
    code === SQLITE.readonly ||
    code === SQLITE.perm ||
    system === 'EACCES' ||
    system === 'EPERM' ||
    system === 'EROFS'
  ) {
    return { code: 'denied', message: `${file} cannot be written: look at its permissions (${text})` }
  }
  if (isDamage(error)) {
    return {
      code: 'corrupt',
      message: `${file} is damaged: restart Slipstream, which moves it aside and begins a new one`,
    }
  }
  return { code: 'io', message: `${file}: ${text}` }
}

/** Some file systems say "I/O error" where they mean that nothing is left. */
function isDiskFull(file: string): boolean {
  try {
    const disk = statfsSync(dirname(file))
    return disk.bavail * disk.bsize < 64 * 1024
  } catch {
    return false
  }
}
