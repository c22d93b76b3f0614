// Watches the project folder on the thread it is called on: which files there are, and hints that one of them may have changed.
import { existsSync, realpathSync, statSync, watch, type Stats } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { SeenFile, WatchEvents } from '../../core/ports.ts'
import { errorCode } from '../files/errno.ts'
import { scanByChokidar, type ChokidarSettings } from './chokidar.ts'
import { scanByFolders } from './folders.ts'
import { createIgnoreRules, isIgnoreFile, type IgnoreRules, type Kind } from './ignore-rules.ts'
import type { Scanner, ScannerEvents } from './scanner.ts'
import { countFiles } from './size.ts'

export interface WatchingOptions {
  /** The settings' patterns, in the syntax of .gitignore. */
  readonly excludes: readonly string[]
  /** Chosen by the number of files unless told; `polling` follows by itself when the system's watches run out. */
  readonly backend?: Backend | undefined
  /** Opens chokidar's watcher, for tests that hold its events. */
  readonly open?: ChokidarSettings['open']
}

export type Backend = 'chokidar' | 'folders' | 'polling'

export interface WatchingEvents extends WatchEvents {
  /** Other rules hold from here on. */
  rules(): void
}

export interface Watching {
  ignores(path: string): boolean
  exclude(patterns: readonly string[]): void
  /** These files (relative, with `/`) are looked at before all others, as long as the first scan is under way. */
  sooner(paths: readonly string[]): void
  /** As long as this is under way, the first scan leaves the thread to it. */
  giveWay(to: Promise<unknown>): void
}

/**
 * Above this, one `fs.watch` a folder: chokidar takes 8 KB a file and scans so many in a third of a second, in which nothing
 * else runs on its thread.
 */
const CHOKIDAR_FILES = 2_000
const SEEN_BATCH = 256
/** Ignore files often change several at once (a checkout): one new scan for all of them. */
const RESCAN_QUIET_MS = 150
/** At most so many stats a second when polling. */
const POLLS_PER_SECOND = 10_000
const POLL_MS = { least: 200, most: 10_000 }

/** One backend's life; while the project is scanned anew, the old one goes on until the new one is ready. */
interface Scan {
  readonly scanner: Scanner
  readonly backend: Backend
  /** The rules by which files were told before this scan; null for the first one, which tells them all. */
  readonly before: IgnoreRules | null
  files: number
  ready: boolean
}

/**
 * `root`: the project's folder, absolute. Hints may repeat and may be about files that are gone. `ready` comes again when the
 * folder had vanished (fatal trouble) and is back. Files that a changed ignore file brings in come by `seen`, also later.
 */
export function watchFolder(
  root: string,
  options: WatchingOptions,
  events: WatchingEvents,
  signal: AbortSignal,
): Watching {
  let excludes = options.excludes
  const realRoot = existsSync(root) ? realpathSync(root) : resolve(root)
  let rules = createIgnoreRules(realRoot, excludes)
  const { rescan, sooner, giveWay } = run(realRoot, options, () => rules, renewRules, events, signal)

  return {
    ignores: (path) => rules.ignores(path, 'file'),
    exclude(patterns) {
      if (patterns.join('\n') === excludes.join('\n')) return
      excludes = patterns
      const before = rules
      renewRules()
      rescan(before)
    },
    sooner,
    giveWay,
  }

  function renewRules(): void {
    rules = createIgnoreRules(realRoot, excludes)
    events.rules()
  }
}

/** Watches until the signal aborts. `rescan` asks for a new scan, given the rules of the one before. */
function run(
  root: string,
  options: WatchingOptions,
  rules: () => IgnoreRules,
  renewRules: () => void,
  events: WatchEvents,
  signal: AbortSignal,
): { rescan(before: IgnoreRules): void } & Pick<Watching, 'sooner' | 'giveWay'> {
  const told = new Set<string>()
  let gone = false
  let announced = false
  let current: Scan | null = null
  let next: Scan | null = null
  let wanted: { readonly polling: boolean; readonly before: IgnoreRules } | null = null
  let quiet: NodeJS.Timeout | null = null
  let batch: SeenFile[] = []
  /** What was to be looked at soon before it was known how. */
  const early: string[] = []
  let flushing: NodeJS.Immediate | null = null

  const pick = options.backend
  if (pick === undefined) void startBySize()
  else current = startScan(pick, null)
  const outer = watchOuterFiles(rules().outerFiles(), rulesChanged)
  signal.addEventListener('abort', stop, { once: true })
  return { rescan: scheduleScan, sooner, giveWay: (to) => current?.scanner.giveWay(to) }

  function sooner(paths: readonly string[]): void {
    if (current === null) early.push(...paths)
    else if (!current.ready) current.scanner.sooner(paths)
  }

  function stop(): void {
    if (quiet) clearTimeout(quiet)
    if (flushing) clearImmediate(flushing)
    for (const close of outer) close()
    for (const scan of [current, next]) scan?.scanner.close()
    current = null
    next = null
  }

  async function startBySize(): Promise<void> {
    const files = await countFiles(root, isPruned, CHOKIDAR_FILES)
    if (signal.aborted) return
    current = startScan(backendFor(files), null)
    current.scanner.sooner(early.splice(0))
  }

  function startScan(backend: Backend, before: IgnoreRules | null): Scan {
    const told: ScannerEvents = {
      added: (full, stats) => added(scan, full, stats),
      changed: (full, stats) => hint(full, stats),
      removed(full) {
        scan.files -= 1
        hint(full, undefined)
      },
      folderAdded: (full) => folderAdded(scan, full),
      folderRemoved: (full) => folderRemoved(full),
      ready: () => scanned(scan),
      failed: (error) => failed(scan, error),
    }
    const scan: Scan = { scanner: open(backend, told), backend, before, files: 0, ready: false }
    return scan
  }

  function open(backend: Backend, told: ScannerEvents): Scanner {
    if (backend === 'folders') return scanByFolders(root, isPruned, told)
    const settings: ChokidarSettings = {
      backend: backend === 'polling' ? 'polling' : 'native',
      pollingMs: pollingInterval(current?.files ?? 0),
      ignored(full, stats) {
        const path = pathOf(full)
        if (path === null || path === '') return false
        return isPruned(path, stats === undefined ? 'unknown' : stats.isDirectory() ? 'folder' : 'file')
      },
      open: options.open,
    }
    return scanByChokidar(root, settings, told)
  }

  /** Ignore files themselves always come through, so that a change of theirs is noticed. */
  function isPruned(path: string, kind: Kind): boolean {
    if (kind !== 'folder' && isIgnoreFile(path)) {
      return path.includes('/') && rules().ignores(dirname(path), 'folder')
    }
    return rules().ignores(path, kind)
  }

  function added(scan: Scan, full: string, stats: Stats | undefined): void {
    scan.files += 1
    const path = pathOf(full)
    if (scan.ready || path === null || stats === undefined) return hint(full, stats)
    // Told already, under the rules before; should it be new, the watcher before hints it.
    if (scan.before && !scan.before.ignores(path, 'file')) return
    const file = fileBehind(full, stats)
    // What is no ignore file was asked about before it was told.
    if (file === null || (isIgnoreFile(path) && rules().ignores(path, 'file'))) return
    // Number(): on Windows chokidar hands on stats of big integers.
    batch.push({ path, stat: { size: Number(file.size), modifiedMs: Number(file.mtimeMs), inode: Number(file.ino) } })
    if (batch.length >= SEEN_BATCH) flushSeen()
    else flushing ??= setImmediate(flushSeen)
  }

  function flushSeen(): void {
    if (flushing) clearImmediate(flushing)
    flushing = null
    const files = batch
    batch = []
    if (files.length > 0) events.seen(files)
  }

  function hint(full: string, stats: Stats | undefined): void {
    const path = pathOf(full)
    if (path === null || path === '' || gone || signal.aborted) return
    if (isIgnoreFile(path)) rulesChanged()
    if (stats !== undefined && fileBehind(full, stats) === null) return
    if (rules().ignores(path, 'file')) return
    // What was seen of it goes first.
    flushSeen()
    events.hint(path)
  }

  function rulesChanged(): void {
    const before = rules()
    renewRules()
    scheduleScan(before)
  }

  /** `before`: the rules under which the files known so far were told. */
  function scheduleScan(before: IgnoreRules, polling = false): void {
    if (signal.aborted) return
    wanted = { polling: polling || wanted?.polling === true, before: wanted?.before ?? before }
    if (quiet) clearTimeout(quiet)
    quiet = setTimeout(scanWanted, RESCAN_QUIET_MS)
  }

  function scanWanted(): void {
    quiet = null
    // One at a time; the one under way asks again when it is ready.
    if (wanted === null || next !== null || current?.ready !== true) return
    const { polling, before } = wanted
    wanted = null
    const backend = polling || current.backend === 'polling' ? 'polling' : (pick ?? backendFor(current.files))
    next = startScan(backend, before)
  }

  function scanned(scan: Scan): void {
    if (signal.aborted) return
    scan.ready = true
    flushSeen()
    if (scan === next) {
      current?.scanner.close()
      current = scan
      next = null
    }
    if (existsSync(root)) announce(scan)
    else vanished()
    if (wanted !== null && quiet === null) scanWanted()
  }

  /** Not yet while some folders have no watch: the scan that polls says it. */
  function announce(scan: Scan): void {
    if (announced || (scan.backend !== 'polling' && wanted?.polling === true)) return
    announced = true
    events.ready()
  }

  function folderAdded(scan: Scan, full: string): void {
    if (pathOf(full) !== '' || !gone) return
    gone = false
    if (scan.ready) announce(scan)
  }

  function folderRemoved(full: string): void {
    if (pathOf(full) === '' && !signal.aborted) vanished()
  }

  function vanished(): void {
    if (gone) return
    gone = true
    announced = false
    events.trouble(`the project folder is gone: ${root}`, true)
  }

  function failed(scan: Scan, error: unknown): void {
    if (signal.aborted) return
    const code = errorCode(error)
    const limit = scan.backend === 'polling' ? null : limitBehind(code)
    const line = limit ?? `watching is not complete: ${error instanceof Error ? error.message : String(error)}`
    if (told.has(line)) return
    told.add(line)
    events.trouble(line, false)
    if (limit !== null) scheduleScan(rules(), true)
  }

  /** Relative to the project, with `/`; empty for the project itself, null for what is outside. */
  function pathOf(full: string): string | null {
    if (full.startsWith(`${root}/`)) return full.slice(root.length + 1)
    const path = relative(root, full).split(sep).join('/')
    return path === '..' || path.startsWith('../') ? null : path
  }
}

/** One line that says what to do. */
function limitBehind(code: string): string | null {
  const polling = 'until then files are looked at in turn, which is slower'
  if (code === 'ENOSPC') return `too many folders to watch: raise fs.inotify.max_user_watches; ${polling}`
  if (code !== 'EMFILE') return null
  return `too many watchers or open files: raise fs.inotify.max_user_watches and max_user_instances, or ulimit -n; ${polling}`
}

function backendFor(files: number): Backend {
  return files > CHOKIDAR_FILES ? 'folders' : 'chokidar'
}

function pollingInterval(files: number): number {
  return Math.min(POLL_MS.most, Math.max(POLL_MS.least, Math.ceil((files / POLLS_PER_SECOND) * 1000)))
}

/** The file's stats, for a link those of its target; null when it is no regular file (a linked folder is not followed). */
function fileBehind(full: string, stats: Stats): Stats | null {
  const behind = stats.isSymbolicLink() ? statOrNull(full) : stats
  return behind?.isFile() ? behind : null
}

function statOrNull(full: string): Stats | null {
  try {
    return statSync(full, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if (errorCode(error) === '') throw error
    return null
  }
}

/** Ignore files outside the project are few: a watch on the folder of each, as far as they exist. */
function watchOuterFiles(files: readonly string[], changed: () => void): readonly (() => void)[] {
  return files.flatMap((file) => {
    if (!existsSync(dirname(file))) return []
    try {
      const watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
        if (name === basename(file)) changed()
      })
      // Its folder is gone or cannot be watched: then these rules are read again at the next start.
      watcher.on('error', () => watcher.close())
      return [() => watcher.close()]
    } catch (error) {
      if (errorCode(error) === '') throw error
      return []
    }
  })
}
