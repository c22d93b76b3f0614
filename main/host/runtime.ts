// Getting the Electron runtime: where it lies, and fetching it once, with progress, when it is missing.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result } from '../../preload/contract.ts'

export interface RuntimeOptions {
  /** Folder of the npm package `electron`; null: it is not installed. */
  readonly electron: string | null
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The data folder, where a failure is remembered. */
  readonly data: string
  /** Where a download may lie while it grows. */
  readonly temporary: string
  /** Epoch ms. */
  now(): number
  /** One line on standard error. */
  say(line: string): void
  /** ms: until the first byte, and between bytes; a download that waits longer is given up. */
  readonly patience?: { readonly first: number; readonly next: number; readonly look: number }
}

/** A failed attempt is not made again before this, in ms. */
const AGAIN_MS = 86_400_000
const PATIENCE = { first: 8_000, next: 30_000, look: 250 } as const
const MEGABYTE = 1_000_000
const PROGRESS_BYTES = 20 * MEGABYTE

/**
 * The Electron program: the one in ELECTRON_OVERRIDE_DIST_PATH, else the package's own, which is fetched if it is missing.
 * Failures: `display` (nothing can be shown here), `missing` (with the reason), `cancelled`.
 */
export async function ensureRuntime(options: RuntimeOptions, signal: AbortSignal): Promise<Result<string>> {
  const { electron, environment, platform, say } = options
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    return failed('display', 'There is no display here.')
  }
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) {
    const program = join(override, programName(platform))
    return existsSync(program)
      ? { ok: true, value: program }
      : failed('missing', `ELECTRON_OVERRIDE_DIST_PATH holds no ${programName(platform)}.`)
  }
  if (electron === null) return failed('missing', 'The package electron is not installed.')
  const present = findProgram(electron, platform)
  if (present !== null) return { ok: true, value: present }

  const memory = join(options.data, 'runtime.json')
  const version = versionOf(join(electron, 'package.json'))
  if (failedLately(memory, version, options.now())) {
    return failed(
      'missing',
      'The Electron runtime could not be fetched earlier today (`npx install-electron --no` tries again).',
    )
  }
  say('fetching the Electron runtime, once, about 110 MB')
  const problem = await fetchRuntime(electron, options, signal)
  if (signal.aborted) return failed('cancelled', 'Cancelled.')
  const program = problem === null ? findProgram(electron, platform) : null
  if (program !== null) {
    await rm(memory, { force: true })
    return { ok: true, value: program }
  }
  // Where even this cannot be written the next start tries again, and no more is lost.
  await writeFile(memory, JSON.stringify({ version, failedAt: options.now() }), { mode: 0o600 }).catch(() => {})
  return failed('missing', `The Electron runtime cannot be fetched (${problem ?? 'it did not arrive'}).`)
}

function failed(code: string, message: string): Result<never> {
  return { ok: false, failure: { code, message } }
}

/** As in the package's own index.js. */
function programName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron')
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

/** The package's program if it is there and of the package's version. */
function findProgram(electron: string, platform: NodeJS.Platform): string | null {
  const program = join(electron, 'dist', programName(platform))
  try {
    const version = readFileSync(join(electron, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '')
    return version === versionOf(join(electron, 'package.json')) && existsSync(program) ? program : null
  } catch {
    return null
  }
}

function versionOf(file: string): string {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return typeof json === 'object' && json !== null && 'version' in json ? String(json.version) : ''
}

function failedLately(file: string, version: string, now: number): boolean {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof json !== 'object' || json === null || !('version' in json && 'failedAt' in json)) return false
    const age = now - Number(json.failedAt)
    return json.version === version && age >= 0 && age < AGAIN_MS
  } catch {
    return false
  }
}

/** Runs the package's `install-electron`; resolves with null, or with why it failed, in a few words. */
async function fetchRuntime(electron: string, options: RuntimeOptions, signal: AbortSignal): Promise<string | null> {
  const { environment } = options
  const patience = options.patience ?? PATIENCE
  const folder = await mkdtemp(join(options.temporary, 'slipstream-runtime-'))
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => environment[name])
  const child = spawn(process.execPath, [join(electron, 'install.js')], {
    env: {
      ...environment,
      // The download grows where it can be watched: the installer tells nothing while it goes.
      TMPDIR: folder,
      TEMP: folder,
      TMP: folder,
      ELECTRON_GET_NO_PROGRESS: '1',
      ...(proxied ? { ELECTRON_GET_USE_PROXY: '1' } : {}),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', (code) => resolve(code))
  })
  const stop = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', stop)
  let told = ''
  child.stderr.on('data', (part: Buffer) => {
    told = (told + part.toString('utf8')).slice(0, 10_000)
  })

  let stalled = false
  let bytes = 0
  let shown = 0
  let since = options.now()
  async function observe(): Promise<void> {
    const size = await grown([folder, join(electron, 'dist')])
    if (size > bytes) {
      bytes = size
      since = options.now()
    } else if (options.now() - since > (bytes === 0 ? patience.first : patience.next)) {
      stalled = true
      stop()
    }
    if (bytes - shown < PROGRESS_BYTES) return
    shown = bytes
    options.say(`${Math.floor(bytes / MEGABYTE)} MB`)
  }

  const look = setInterval(() => void observe(), patience.look)
  const code = await ended
  clearInterval(look)
  signal.removeEventListener('abort', stop)
  await rm(folder, { recursive: true, force: true })
  if (code === 0) return null
  return stalled ? 'the server does not answer' : reasonOf(told)
}

/** The system's code where there is one, else the first line of the complaint. */
function reasonOf(told: string): string {
  return /\bcode: '([A-Z_]+)'/.exec(told)?.[1] ?? told.trim().split('\n', 1)[0]?.slice(0, 120) ?? ''
}

/** Bytes in these folders. */
async function grown(folders: readonly string[]): Promise<number> {
  let bytes = 0
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true }).catch(() => [])
    for (const name of names) {
      bytes += await stat(join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      )
    }
  }
  return bytes
}
