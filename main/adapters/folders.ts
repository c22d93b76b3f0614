// Where things lie on this machine: the data folder, a project's database in it, and the folder of the control sockets.
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, posix, win32 } from 'node:path'
import type { Result } from '../../preload/contract.ts'
import { errorCode } from './files/errno.ts'
import { createHash } from './system.ts'

/** What the folders depend on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly temporary: string
  /** Number of the user; -1 where users have none (Windows). */
  readonly user: number
}

export function surroundings(): Surroundings {
  return {
    platform: process.platform,
    environment: process.env,
    home: homedir(),
    temporary: tmpdir(),
    user: process.getuid?.() ?? -1,
  }
}

/**
 * The folder for databases, settings and log, which is not made here: `override` (`--data`, taken from the current folder),
 * else the platform's own place for an application's data. The XDG rules ask to ignore a relative XDG_DATA_HOME.
 */
export function dataFolder(around: Surroundings, override: string | null): string {
  const { resolve, isAbsolute, join } = pathsOf(around)
  if (override) return resolve(override)
  const { XDG_DATA_HOME: shared = '', APPDATA: roaming = '' } = around.environment
  switch (around.platform) {
    case 'win32':
      return join(roaming || join(around.home, 'AppData', 'Roaming'), 'Slipstream')
    case 'darwin':
      return join(around.home, 'Library', 'Application Support', 'Slipstream')
    default:
      return join(isAbsolute(shared) ? shared : join(around.home, '.local', 'share'), 'slipstream')
  }
}

export function settingsFile(data: string): string {
  return join(data, 'settings.json')
}

/** The database of one project; the same for every way to name its folder. Throws when `root` is not there. */
export function databaseFile(data: string, root: string): string {
  return join(data, 'projects', `${createHash().text(realpathSync.native(root))}.sqlite`)
}

/**
 * The folder of the control sockets and of the list of running instances: made if needed, open to this user alone. The
 * runtime folder of the session where there is one, else `slipstream-UID` among the temporary files, where anybody may have
 * been first: so owner and mode are looked at. A keymap's shell without XDG_RUNTIME_DIR comes to the same folder where it is the
 * usual one, /run/user/UID. Failures: `unsafe` (it is not only this user's), `denied`, `io`.
 */
export function runtimeFolder(around: Surroundings): Result<string> {
  const { join } = pathsOf(around)
  if (around.platform === 'win32') {
    const local = around.environment['LOCALAPPDATA'] || join(around.home, 'AppData', 'Local')
    return privateFolder(join(local, 'Slipstream', 'run'), around)
  }
  const session = sessionFolder(around)
  return privateFolder(
    session === null ? join(around.temporary, `slipstream-${around.user}`) : join(session, 'slipstream'),
    around,
  )
}

/** After `su` the variable may name another user's folder, which is no good. */
function sessionFolder(around: Surroundings): string | null {
  const named = around.environment['XDG_RUNTIME_DIR'] ?? ''
  const usual = around.platform === 'linux' ? [`/run/user/${around.user}`] : []
  const candidates = [...(posix.isAbsolute(named) ? [named] : []), ...usual]
  return candidates.find((folder) => whyUnsafe(folder, around) === null) ?? null
}

function privateFolder(folder: string, around: Surroundings): Result<string> {
  try {
    mkdirSync(folder, { recursive: around.platform === 'win32', mode: 0o700 })
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'EEXIST') {
      const message = `${folder} cannot be made: ${error instanceof Error ? error.message : String(error)}`
      return { ok: false, failure: { code: code === 'EACCES' || code === 'EPERM' ? 'denied' : 'io', message } }
    }
  }
  const why = whyUnsafe(folder, around)
  if (why === null) return { ok: true, value: folder }
  return { ok: false, failure: { code: 'unsafe', message: `${folder} ${why}: remove it, or set XDG_RUNTIME_DIR` } }
}

/** null: it is a folder, not a link to one, of this user, and nobody else may look into it. */
function whyUnsafe(folder: string, around: Surroundings): string | null {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat === undefined || !stat.isDirectory()) return 'is not a folder'
  if (around.platform === 'win32') return null
  if (stat.uid !== around.user) return 'belongs to another user'
  if ((stat.mode & 0o077) !== 0) return 'is open to other users'
  return null
}

function pathsOf(around: Surroundings): typeof posix {
  return around.platform === 'win32' ? win32 : posix
}
