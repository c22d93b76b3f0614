// The backend for projects of moderate size, and for systems without enough watches: chokidar, which keeps a tree of every file.
import type { Stats } from 'node:fs'
import { watch, type ChokidarOptions, type FSWatcher } from 'chokidar'
import type { Scanner, ScannerEvents } from './scanner.ts'

export interface ChokidarSettings {
  readonly backend: 'native' | 'polling'
  readonly pollingMs: number
  /** Asked about each entry before it is looked into; `stats` are not always known. */
  readonly ignored: (full: string, stats?: Stats) => boolean
  /** Opens a watcher; chokidar's own unless a test holds the events. */
  readonly open: ((root: string, options: ChokidarOptions) => FSWatcher) | undefined
}

export function scanByChokidar(root: string, settings: ChokidarSettings, events: ScannerEvents): Scanner {
  const watcher = (settings.open ?? watch)(root, {
    backend: settings.backend,
    // Native watchers need it for editors that save by rename; 100 ms are waited only before a deletion is told.
    atomic: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    pollingInterval: settings.pollingMs,
    pollingBinaryInterval: settings.pollingMs,
    ignored: settings.ignored,
  })
  watcher.on('add', events.added)
  watcher.on('change', events.changed)
  watcher.on('unlink', events.removed)
  watcher.on('addDir', events.folderAdded)
  watcher.on('unlinkDir', events.folderRemoved)
  watcher.on('ready', events.ready)
  watcher.on('error', events.failed)
  return {
    // It scans all of a project of its size in less than a tenth of a second.
    sooner() {},
    giveWay() {},
    close() {
      // Its closers only close handles; what fails there has nothing left to tell.
      watcher.close().catch(() => {})
    },
  }
}
