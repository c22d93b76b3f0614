// Which Slipstream runs where: one small file per running instance in the runtime folder, and how a command finds the right one.
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { readdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import type { Result } from '../../preload/contract.ts'

export interface Instance {
  readonly pid: number
  /** Real path of the project. */
  readonly root: string
  /** Path of the Unix socket, or name of the pipe on Windows. */
  readonly socket: string
  /** Epoch ms. */
  readonly startedAt: number
  /** Epoch ms: when somebody last worked with it. It is the file's own modification time, so noting it is one cheap call. */
  readonly lastActive: number
  /** Where this was read. */
  readonly file: string
}

const SUFFIX = '.instance.json'
const SOCKET_SUFFIX = '.sock'
/** Added to a registration's name while it is written. */
const UNFINISHED = '.new'
/** Longest socket path that every system takes: 104 bytes with the final zero on macOS, 108 on Linux. */
const MAX_SOCKET_PATH = 103

/** What a new instance listens on; `folder` is null, or a folder made for the socket alone that has to go with it. */
export interface SocketPlace {
  readonly socket: string
  readonly folder: string | null
}

/** A new name for the control socket: in the runtime folder (which only this user can enter), on Windows a pipe. */
export function newSocketPlace(runtimeFolder: string): SocketPlace {
  const name = randomBytes(6).toString('hex')
  if (process.platform === 'win32') {
    // Windows lets only the owner and administrators write to a pipe, and connecting here means to write.
    return { socket: `\\\\.\\pipe\\slipstream-${randomBytes(16).toString('hex')}`, folder: null }
  }
  const socket = join(runtimeFolder, name + SOCKET_SUFFIX)
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return { socket, folder: null }
  // mkdtemp gives a folder of mode 0700, so this one is as closed as the runtime folder.
  const parent = Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp'
  const folder = mkdtempSync(join(parent, 'slipstream-'))
  return { socket: join(folder, name + SOCKET_SUFFIX), folder }
}

export interface Registration {
  /** Notes that somebody works with this instance now. */
  touch(): void
  remove(): Promise<void>
}

/** Writes the instance's file, whole at once. */
export async function registerInstance(
  runtimeFolder: string,
  instance: Pick<Instance, 'pid' | 'root' | 'socket' | 'startedAt'>,
): Promise<Registration> {
  const name = randomBytes(6).toString('hex')
  const file = join(runtimeFolder, name + SUFFIX)
  const { pid, root, socket, startedAt } = instance
  await writeFile(file + UNFINISHED, JSON.stringify({ pid, root, socket, startedAt }), { mode: 0o600 })
  await rename(file + UNFINISHED, file)
  return {
    touch() {
      const now = new Date()
      // A vanished file means that another command took this instance for dead; nothing here can mend that.
      utimes(file, now, now).catch(() => {})
    },
    remove: () => rm(file, { force: true }),
  }
}

/** All instances whose process lives, in no order; files of those that were killed are taken away on the way. */
export async function listInstances(runtimeFolder: string): Promise<readonly Instance[]> {
  const names = await readdir(runtimeFolder).catch(() => [])
  const found = await Promise.all(
    names.filter((name) => name.endsWith(SUFFIX)).map((name) => readInstance(join(runtimeFolder, name))),
  )
  const living: Instance[] = []
  for (const instance of found) {
    if (instance === null) continue
    if (isAlive(instance.pid)) living.push(instance)
    else await forget(instance)
  }
  return living
}

/** ms after which a file that belongs to no instance is no longer one of an instance that starts just now. */
const ORPHAN_AGE = 60_000

/** Takes away what instances left behind that were killed while they ran, started or ended. */
export async function sweep(runtimeFolder: string): Promise<void> {
  const taken = new Set<string>()
  for (const { file, socket } of await listInstances(runtimeFolder)) taken.add(file).add(socket)
  for (const name of await readdir(runtimeFolder).catch(() => [])) {
    const file = join(runtimeFolder, name)
    if (taken.has(file) || !(name.endsWith(SOCKET_SUFFIX) || name.endsWith(SUFFIX + UNFINISHED))) continue
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > ORPHAN_AGE) await rm(file, { force: true }).catch(() => {})
  }
}

async function readInstance(file: string): Promise<Instance | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    if (!('pid' in value && 'root' in value && 'socket' in value && 'startedAt' in value)) return null
    const { pid, root, socket, startedAt } = value
    if (typeof pid !== 'number' || typeof root !== 'string') return null
    if (typeof socket !== 'string' || typeof startedAt !== 'number') return null
    return { pid, root, socket, startedAt, lastActive: mtimeMs, file }
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and is somebody else's, so the number was given out again; connecting will tell.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Takes away what a dead instance left behind. */
async function forget(instance: Instance): Promise<void> {
  await rm(instance.file, { force: true }).catch(() => {})
  if (process.platform !== 'win32' && instance.socket.endsWith(SOCKET_SUFFIX)) {
    await rm(instance.socket, { force: true }).catch(() => {})
  }
}

/**
 * The instances to try, best first. With `project`: those whose project is that folder or holds it, deepest first.
 * Otherwise those whose project holds `cwd`, deepest first, then all others. Among equals the last active one comes
 * first. Paths are real paths.
 */
export function rankInstances(
  instances: readonly Instance[],
  wanted: { readonly project: string | null; readonly cwd: string },
): readonly Instance[] {
  const folder = wanted.project ?? wanted.cwd
  const depth = (instance: Instance): number => (holds(instance.root, folder) ? instance.root.length : -1)
  return instances
    .filter((instance) => wanted.project === null || depth(instance) >= 0)
    .sort((a, b) => depth(b) - depth(a) || b.lastActive - a.lastActive)
}

function holds(root: string, folder: string): boolean {
  return folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep)
}

/**
 * Connects to the running instance that is meant (see `rankInstances`); one that does not answer any more is forgotten
 * and the next one tried. Failure: `absent`, with the line to print.
 */
export async function connectInstance(
  runtimeFolder: string,
  wanted: { readonly project: string | null; readonly cwd: string },
): Promise<Result<{ readonly instance: Instance; readonly socket: Socket }>> {
  const project = wanted.project === null ? null : await realFolder(resolve(wanted.cwd, wanted.project))
  const cwd = await realFolder(wanted.cwd)
  for (const instance of rankInstances(await listInstances(runtimeFolder), { project, cwd })) {
    const socket = await open(instance.socket)
    if (typeof socket !== 'string') return { ok: true, value: { instance, socket } }
    // Anything else (a full backlog, say) is the trouble of a living instance.
    if (socket === 'ECONNREFUSED' || socket === 'ENOENT') await forget(instance)
  }
  const message =
    project === null
      ? 'No Slipstream is running: start one with `slipstream PATH`.'
      : `No Slipstream is running for ${project}: start one with \`slipstream ${project}\`.`
  return { ok: false, failure: { code: 'absent', message } }
}

async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder)
}

/** The connected socket, or the system's code of the error. */
function open(path: string): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? '')
    socket.once('error', failed)
    socket.once('connect', () => {
      socket.off('error', failed)
      resolve(socket)
    })
  })
}

/** Removes the socket and, where it has one, its folder. */
export async function removeSocketPlace(place: SocketPlace): Promise<void> {
  if (process.platform !== 'win32') await rm(place.socket, { force: true })
  if (place.folder !== null) await rm(place.folder, { recursive: true, force: true })
}
