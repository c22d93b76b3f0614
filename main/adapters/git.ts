// What git knows of the project, through the `git` executable; nothing that the repository configures is run by it.
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import type { Git, GitStatus } from '../core/ports.ts'
import { decodeText } from './files/bytes.ts'
import { errorCode } from './files/errno.ts'
import { isTemporaryName } from './files/temporary.ts'

export interface GitOptions {
  /** The environment that git is found and run in; that of this process unless given. */
  readonly environment?: NodeJS.ProcessEnv
}

/** Runs git in the project; null when it fails, is not there, or the signal aborts. */
type Run = (words: readonly string[], signal: AbortSignal) => Promise<Buffer | null>

/** What `cleanContent` answers from: the index and the settings as `status` found them. */
interface Snapshot {
  readonly dirty: ReadonlySet<string>
  /** `git ls-files -s -v -z`, unparsed: one entry is searched in it in a millisecond, all parsed would stall and stay. */
  readonly index: Buffer
  /** core.autocrlf converts files that no attribute speaks of. */
  readonly convertsByDefault: boolean
  readonly run: Run
  readonly converted: Map<string, Promise<boolean>>
}

interface Settings {
  readonly convertsByDefault: boolean
  readonly overrides: readonly (readonly [string, string])[]
}

const TIME_LIMIT_MS = 20_000
const OUTPUT_LIMIT_BYTES = 128_000_000
const ATTEMPTS = 3
/** A lock that is older is not that of a checkout; ms. */
const LONGEST_WORK_MS = 10_000
const FALSE = /^(|false|no|off|0)$/iu

/**
 * `root`: the project's folder, absolute; it may lie below the top of the work tree. Paths are relative to it and never leave
 * it. Everything that keeps git from answering (no repository, no git, another owner's repository, time) gives null.
 */
export function createGit(root: string, options: GitOptions = {}): Git {
  const environment = options.environment ?? process.env
  let snapshot: Snapshot | null = null
  let indexFile: string | null = null

  return {
    async status(signal) {
      snapshot = null
      const git = findGit(environment)
      if (git === null) return null
      const settings = await settingsOf(runner(git, root, environment, SAFE), signal)
      if (settings === null) return null
      const run = runner(git, root, environment, [...SAFE, ...settings.overrides])
      const found = await statusAndIndex(run, root, signal)
      if (found === null) return null
      const { status, index } = found
      indexFile = found.indexFile
      if (index !== null) {
        const { convertsByDefault } = settings
        snapshot = { dirty: new Set(status.dirty), index, convertsByDefault, run, converted: new Map() }
      }
      return status
    },
    async cleanContent(path, signal) {
      // Held: a later status must not answer for half of this question.
      const held = snapshot
      if (held === null || held.dirty.has(path)) return null
      const blob = cleanBlob(held.index, path)
      if (blob === null || (await isConverted(held, path, signal))) return null
      const bytes = await held.run(['cat-file', 'blob', blob], signal)
      const decoded = bytes === null ? null : decodeText(bytes)
      return decoded?.ok ? decoded.text : null
    },
    async atWork(since) {
      if (indexFile === null) return false
      const [lock, index] = await Promise.all([modifiedMs(`${indexFile}.lock`), modifiedMs(indexFile)])
      // `git commit -a` holds the lock while its message is written in an editor: that may take hours.
      const locked = lock !== null && Date.now() - lock < LONGEST_WORK_MS
      // Git writes the files first and the index last.
      return locked || (index !== null && index >= since)
    },
  }
}

/** When the file was last written, in epoch ms; null when it is not there. */
async function modifiedMs(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return null
  }
}

/** Settings of a repository that name programs: an opened project must not run anything by being opened. */
const SAFE: readonly (readonly [string, string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', process.platform === 'win32' ? 'NUL' : '/dev/null'],
]

/** The attributes and the setting that stand between a blob and its file, and the filters, which `status` would run. */
async function settingsOf(run: Run, signal: AbortSignal): Promise<Settings | null> {
  const output = await run(['config', '-z', '--list'], signal)
  if (output === null) return null
  const overrides: (readonly [string, string])[] = []
  let convertsByDefault = false
  for (const entry of entriesOf(output)) {
    const [key = '', value = 'true'] = splitOnce(entry, '\n')
    if (key === 'core.autocrlf') convertsByDefault = !FALSE.test(value)
    const filter = /^(filter\..*)\.(?:clean|smudge|process)$/su.exec(key)
    // Without its program a required filter would fail the whole status.
    if (filter) overrides.push([key, ''], [`${filter[1]}.required`, 'false'])
  }
  return { convertsByDefault, overrides }
}

/**
 * Status and index of one and the same moment: the index file must not have changed from before the one to after the other.
 * `index` is null when it never came to rest; then no file counts as clean.
 */
async function statusAndIndex(
  run: Run,
  root: string,
  signal: AbortSignal,
): Promise<{ readonly status: GitStatus; readonly index: Buffer | null; readonly indexFile: string } | null> {
  const where = (
    await run(['rev-parse', '--is-inside-work-tree', '--git-path', 'index', '--show-prefix'], signal)
  )?.toString('utf8')
  const [inside, indexPath, ...rest] = where?.split('\n') ?? []
  if (inside !== 'true' || indexPath === undefined) return null
  const prefix = rest.join('\n').replace(/\n$/u, '')
  const indexFile = resolve(root, indexPath)
  for (let attempt = 1; ; attempt += 1) {
    const before = await stampOf(indexFile)
    const index = await run(['ls-files', '--stage', '-v', '-z'], signal)
    const output = await run(STATUS, signal)
    if (output === null) return null
    const status = parseStatus(entriesOf(output), prefix)
    if (index !== null && before === (await stampOf(indexFile))) return { status, index, indexFile }
    if (attempt === ATTEMPTS) return { status, index: null, indexFile }
  }
}

const STATUS = [
  'status',
  '--porcelain=v2',
  '--branch',
  '-z',
  '--untracked-files=all',
  '--no-renames',
  // A submodule's own settings would count in it.
  '--ignore-submodules=all',
  '--',
  '.',
]

/**
 * Entries of `git status --porcelain=v2 -z`, whose paths start at the top of the work tree:
 *
 *     # branch.head main
 *     1 .M N... 100644 100644 100644 <object> <object> src/a.ts
 *     u UU N... 100644 100644 100644 100644 <object> <object> <object> src/a.ts
 *     ? new file.ts
 */
function parseStatus(entries: readonly string[], prefix: string): GitStatus {
  const dirty: string[] = []
  let branch: string | null = null
  for (const entry of entries) {
    const head = /^# branch\.head (.*)$/su.exec(entry)?.[1]
    if (head !== undefined && head !== '(detached)') branch = head
    const path = /^(?:1 (?:\S+ ){7}|u (?:\S+ ){9}|\? )(.*)$/su.exec(entry)?.[1]
    // An untracked repository within this one is listed as a folder.
    if (path === undefined || !path.startsWith(prefix) || path.endsWith('/')) continue
    const own = path.slice(prefix.length)
    if (!isTemporaryName(own.slice(own.lastIndexOf('/') + 1))) dirty.push(own)
  }
  return { dirty, branch }
}

/**
 * The object of a regular file without conflict whose changes git looks for: `H 100644 <object> 0<tab>path<nul>`. Another
 * letter than `H` stands for files whose changes `status` does not see (skip-worktree, and lower case: assume-unchanged).
 */
function cleanBlob(index: Buffer, path: string): string | null {
  const wanted = Buffer.from(`\t${path}\0`, 'utf8')
  for (let at = index.indexOf(wanted); at >= 0; at = index.indexOf(wanted, at + 1)) {
    const start = at === 0 ? 0 : index.lastIndexOf(0, at - 1) + 1
    const head = index.toString('latin1', start, at)
    // A path that itself holds a tab and ends in this one does not match.
    const object = /^H 100(?:644|755) ([0-9a-f]{40,64}) 0$/u.exec(head)?.[1]
    if (object !== undefined) return object
  }
  return null
}

/** Asked once per path. In doubt, yes. */
async function isConverted(snapshot: Snapshot, path: string, signal: AbortSignal): Promise<boolean> {
  const known = snapshot.converted.get(path)
  if (known) return await known
  const asked = askAttributes(snapshot, path, signal)
  snapshot.converted.set(path, asked)
  const converted = await asked
  // An answer that was called off says nothing about the next time.
  if (signal.aborted) snapshot.converted.delete(path)
  return converted
}

const ATTRIBUTES = ['filter', 'text', 'crlf', 'eol', 'working-tree-encoding', 'ident']

/** Output of `check-attr -z`: path, attribute, value, each ended by NUL. */
async function askAttributes(snapshot: Snapshot, path: string, signal: AbortSignal): Promise<boolean> {
  const output = await snapshot.run(['check-attr', '-z', ...ATTRIBUTES, '--', path], signal)
  if (output === null) return true
  const words = entriesOf(output)
  const values = new Map(ATTRIBUTES.map((name, index) => [name, words[index * 3 + 2] ?? 'unknown']))
  if ([...values.values()].some((value) => value !== 'unspecified' && value !== 'unset')) return true
  return snapshot.convertsByDefault && values.get('text') !== 'unset' && values.get('crlf') !== 'unset'
}

function runner(git: string, root: string, environment: NodeJS.ProcessEnv, settings: Settings['overrides']): Run {
  const env = environmentFor(environment, settings)
  return (words, signal) =>
    new Promise((done) => {
      const limits = { timeout: TIME_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES, killSignal: 'SIGKILL' as const }
      try {
        execFile(
          git,
          words,
          { cwd: root, env, encoding: 'buffer', windowsHide: true, signal, ...limits },
          (error, output) => done(error ? null : output),
        )
      } catch (error) {
        // The project's folder cannot be entered, or an argument cannot be passed on (NUL).
        if (errorCode(error) === '') throw error
        done(null)
      }
    })
}

/** Settings go through the environment: names with `=` in them would come apart on the command line. */
function environmentFor(environment: NodeJS.ProcessEnv, settings: Settings['overrides']): NodeJS.ProcessEnv {
  // GIT_DIR and its like, left by a hook that started us, would lead git to another repository.
  const own = Object.entries(environment).filter(
    ([name]) => !/^GIT_(?!EXEC_PATH$|CEILING_|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)$)/u.test(name),
  )
  const numbered = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(numbered),
    GIT_CONFIG_COUNT: String(settings.length),
    // Reading must never write the index, ask for a password, or fetch what a partial clone lacks.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    LC_ALL: 'C',
  }
}

/**
 * The executable's absolute path. The system's own search would take a `git` in the current folder, the project's, where
 * PATH is empty or names `.`, and on Windows always.
 */
function findGit(environment: NodeJS.ProcessEnv): string | null {
  const path = Object.entries(environment).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? ''
  const name = process.platform === 'win32' ? 'git.exe' : 'git'
  const folders = path.split(delimiter).filter(isAbsolute)
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch (error) {
    if (errorCode(error) === '') throw error
    return false
  }
}

/** Changes whenever git has written the index (it always renames a new one into place); empty while there is none. */
async function stampOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file)
    return [ino, size, mtimeMs, ctimeMs].join(' ')
  } catch (error) {
    if (errorCode(error) === '') throw error
    return ''
  }
}

function entriesOf(output: Buffer): readonly string[] {
  return output.toString('utf8').split('\0').slice(0, -1)
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}
