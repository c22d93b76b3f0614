// The backend for large projects: one `fs.watch` a folder, and of each file only its name and when it changed last.
import { lstatSync, readdirSync, watch, type Dirent, type FSWatcher, type Stats } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../files/errno.ts'
import type { Scanner, ScannerEvents } from './scanner.ts'

/** `path`: relative, with `/`. */
export type IsPruned = (path: string, kind: 'file' | 'folder') => boolean

interface Folder {
  /** null when the system gave none. */
  watcher: FSWatcher | null
  readonly inode: number
  /** Names of files, and the ms at which each changed last (its ctime). */
  readonly files: Map<string, number>
  readonly folders: Set<string>
}

/** Files of one folder that have not been looked at. */
interface Listing {
  readonly path: string
  readonly folder: Folder
  readonly left: string[]
  /** When a name in it came, went or changed last; ms. */
  readonly modifiedMs: number
}

/** How long the thread is kept at a time; ms. */
const SLICE_MS = 2
/** The longest that the first scan rests for a read; ms. */
const REST_MS = 100
/** A file is told gone only when it is still gone after this: many programs delete before they write anew. ms. */
const GONE_MS = 100
/** How often a project folder that is gone is looked for; ms. */
const BACK_MS = 500
/**
 * Linux drops what goes beyond 16,384 waiting events (fs.inotify.max_queued_events), and libuv does not tell. After so many
 * without a pause everything is looked at once more.
 */
const MANY_EVENTS = 4_000
const PAUSE_MS = 300

/**
 * Each folder is watched first and listed then, so that nothing falls in between; a folder that is new is looked into as the
 * first ones were. An event only says where to look. `root` is absolute and real.
 */
export function scanByFolders(root: string, isPruned: IsPruned, events: ScannerEvents): Scanner {
  const folders = new Map<string, Folder>()
  const missing = new Map<string, readonly [path: string, name: string]>()
  let waiting: string[] = ['']
  const listings: Listing[] = []
  /** Files to be looked at before all others, by their folder; and the folders on the way to them. */
  const likely = new Map<string, string[]>()
  const onTheWay = new Set<string>()
  let sorted = false
  let slice: NodeJS.Immediate | null = null
  /** What the scan rests for, as the timers that end each rest at the latest. */
  const rests = new Set<NodeJS.Timeout>()
  let goneTimer: NodeJS.Timeout | null = null
  let backTimer: NodeJS.Timeout | null = null
  let pauseTimer: NodeJS.Timeout | null = null
  let burst = 0
  let ready = false
  let closed = false
  schedule()
  return { close, sooner, giveWay }

  function close(): void {
    closed = true
    if (slice) clearImmediate(slice)
    for (const timer of [goneTimer, backTimer, pauseTimer, ...rests]) if (timer) clearTimeout(timer)
    for (const folder of folders.values()) folder.watcher?.close()
    folders.clear()
  }

  // ── Looking into folders, a slice at a time ────────────────────────────────────────────────────────────────────────

  function schedule(): void {
    if (!closed && rests.size === 0) slice ??= setImmediate(work)
  }

  /** A read of one file waits for the disk several times, and between slices it would wait for a slice each time. */
  function giveWay(to: Promise<unknown>): void {
    if (ready || closed) return
    if (slice) clearImmediate(slice)
    slice = null
    const goOn = (): void => {
      clearTimeout(latest)
      if (rests.delete(latest)) schedule()
    }
    const latest = setTimeout(goOn, REST_MS)
    rests.add(latest)
    void to.then(goOn, goOn)
  }

  function work(): void {
    slice = null
    const until = performance.now() + SLICE_MS
    while (performance.now() < until) {
      // All folders first: from then on what is saved is told at once, while the files are still looked at one by one.
      const path = waiting.pop()
      const listing = listings.at(-1)
      if (path !== undefined) enter(path)
      else if (!sorted) sort()
      else if (listing !== undefined) lookAtNext(listing)
      else {
        rest()
        return
      }
      if (closed) return
    }
    schedule()
  }

  /** Most programs save by a new file of the same name: where that was last, the next save is likely. Taken from the end. */
  function sort(): void {
    sorted = true
    listings.sort((a, b) => a.modifiedMs - b.modifiedMs)
  }

  /** Watches the folders on the way to these files next, and looks at the files as soon as their folder is watched. */
  function sooner(paths: readonly string[]): void {
    if (closed || ready) return
    const first = new Set<string>()
    for (const path of paths) {
      const above = foldersAbove(path)
      const parent = above.at(-1) ?? ''
      const name = path.slice(parent === '' ? 0 : parent.length + 1)
      const folder = folders.get(parent)
      if (folder !== undefined) {
        lookAt(folder, name, path)
        continue
      }
      for (const each of above) onTheWay.add(each)
      likely.set(parent, [...(likely.get(parent) ?? []), name])
      const next = above.find((each) => !folders.has(each))
      if (next !== undefined) first.add(next)
    }
    // What does not wait is pruned, or not there.
    const isFirst = (path: string): boolean => first.has(path)
    waiting = [...waiting.filter((path) => !isFirst(path)), ...waiting.filter(isFirst)]
  }

  function rest(): void {
    if (ready) return
    ready = true
    likely.clear()
    onTheWay.clear()
    events.ready()
  }

  /** Also for a folder that is known: what has changed in it is told. */
  function enter(path: string): void {
    const full = fullOf(path)
    const stats = statsOf(full)
    const known = folders.get(path)
    if (stats?.isDirectory() !== true) {
      if (path === '') vanished()
      else forget(path)
      return
    }
    if (known !== undefined && known.inode !== stats.ino) forget(path)
    const folder = folders.get(path) ?? { watcher: null, inode: stats.ino, files: new Map(), folders: new Set() }
    folder.watcher ??= watcherOf(path, full)
    folders.set(path, folder)
    const names = new Set<string>()
    const left: string[] = []
    const next: string[] = []
    for (const entry of entriesOf(full)) {
      const { name } = entry
      names.add(name)
      if (!entry.isDirectory()) left.push(name)
      else if (!isPruned(below(path, name), 'folder')) {
        folder.folders.add(name)
        const child = below(path, name)
        if (onTheWay.has(child)) next.push(child)
        else waiting.push(child)
      }
    }
    waiting.push(...next)
    for (const name of likely.get(path) ?? []) if (names.has(name)) lookAt(folder, name, below(path, name))
    likely.delete(path)
    for (const name of folder.files.keys()) if (!names.has(name)) missed(path, name)
    for (const name of folder.folders) if (!names.has(name)) childGone(path, folder, name)
    listings.push({ path, folder, left, modifiedMs: stats.mtimeMs })
  }

  function lookAtNext({ path, folder, left }: Listing): void {
    const name = left.pop()
    if (name === undefined || folders.get(path) !== folder) {
      listings.pop()
      return
    }
    lookAt(folder, name, below(path, name))
  }

  function lookAt(folder: Folder, name: string, child: string): void {
    if (isPruned(child, 'file')) return
    const stats = statsOf(fullOf(child))
    if (stats === undefined || stats.isDirectory() || folder.files.get(name) === stats.ctimeMs) return
    stands(folder, name, child, stats)
  }

  function watcherOf(path: string, full: string): FSWatcher | null {
    try {
      const watcher = watch(full, (_event, name) => happened(path, watcher, name))
      watcher.on('error', (error) => {
        watcher.close()
        // Windows tells a deleted folder in this way.
        if (statsOf(full) === undefined) again(path)
        else if (!closed) events.failed(error)
      })
      return watcher
    } catch (error) {
      const code = errorCode(error)
      if (code === '') throw error
      if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(code)) events.failed(error)
      return null
    }
  }

  // ── What happens ───────────────────────────────────────────────────────────────────────────────────────────────────

  function happened(path: string, watcher: FSWatcher, name: string | null): void {
    const folder = folders.get(path)
    if (closed || folder?.watcher !== watcher) return
    burst += 1
    if (pauseTimer === null) pauseTimer = setTimeout(paused, PAUSE_MS, burst)
    // The folder itself: only nobody else tells of the project's.
    if (path === '' && statsOf(root)?.ino !== folder.inode) {
      vanished()
      return
    }
    if (name === null) again(path)
    else touched(path, folder, name)
  }

  /** After the last event of a burst, `before` of which had come when this was set. */
  function paused(before: number): void {
    pauseTimer = null
    if (burst > before) {
      pauseTimer = setTimeout(paused, PAUSE_MS, burst)
      return
    }
    if (burst > MANY_EVENTS) for (const path of folders.keys()) again(path)
    burst = 0
  }

  function again(path: string): void {
    waiting.push(path)
    schedule()
  }

  function touched(path: string, folder: Folder, name: string): void {
    const child = below(path, name)
    const stats = statsOf(fullOf(child))
    if (stats === undefined) {
      if (folder.files.has(name)) missed(path, name)
      else if (folder.folders.has(name)) childGone(path, folder, name)
      return
    }
    if (stats.isDirectory()) {
      if (folder.files.delete(name)) events.removed(fullOf(child))
      const known = folders.get(child)
      if (folder.folders.has(name) && (known === undefined || known.inode === stats.ino)) return
      if (isPruned(child, 'folder')) return
      folder.folders.add(name)
      again(child)
      return
    }
    if (folder.folders.has(name)) childGone(path, folder, name)
    if (!isPruned(child, 'file')) stands(folder, name, child, stats)
  }

  function stands(folder: Folder, name: string, child: string, stats: Stats): void {
    missing.delete(child)
    const known = folder.files.has(name)
    folder.files.set(name, stats.ctimeMs)
    if (known) events.changed(fullOf(child), stats)
    else events.added(fullOf(child), stats)
  }

  function childGone(path: string, folder: Folder, name: string): void {
    folder.folders.delete(name)
    forget(below(path, name))
  }

  /** A folder that is gone, with all that was below it. */
  function forget(path: string): void {
    const folder = folders.get(path)
    if (folder === undefined) return
    folders.delete(path)
    folder.watcher?.close()
    for (const name of folder.files.keys()) missed(path, name)
    for (const name of folder.folders) forget(below(path, name))
  }

  function missed(path: string, name: string): void {
    missing.set(below(path, name), [path, name])
    goneTimer ??= setTimeout(tellGone, GONE_MS)
  }

  function tellGone(): void {
    goneTimer = null
    for (const [child, [path, name]] of missing) {
      const full = fullOf(child)
      if (statsOf(full) !== undefined) continue
      folders.get(path)?.files.delete(name)
      events.removed(full)
    }
    missing.clear()
  }

  function vanished(): void {
    forget('')
    waiting = []
    listings.length = 0
    if (ready) events.folderRemoved(root)
    backTimer ??= setTimeout(lookForRoot, BACK_MS)
    rest()
  }

  function lookForRoot(): void {
    backTimer = null
    if (statsOf(root)?.isDirectory() !== true) {
      backTimer = setTimeout(lookForRoot, BACK_MS)
      return
    }
    events.folderAdded(root)
    again('')
  }

  function fullOf(path: string): string {
    return path === '' ? root : join(root, path)
  }
}

/** The folders in which a file stands, from the project's own (empty) on. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))]
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

/** Empty when it cannot be listed: its event, if it is gone, comes by the folder around it. */
export function entriesOf(full: string): Dirent[] {
  try {
    return readdirSync(full, { withFileTypes: true })
  } catch (error) {
    if (errorCode(error) === '') throw error
    return []
  }
}

function statsOf(full: string): Stats | undefined {
  try {
    return lstatSync(full, { throwIfNoEntry: false })
  } catch (error) {
    if (errorCode(error) === '') throw error
    return undefined
  }
}
