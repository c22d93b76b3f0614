// What a backend of the watcher tells: which files and folders there are, and what happens to them.
import type { Stats } from 'node:fs'

/** Paths are absolute. Nothing is told before the call that opens the backend has returned. */
export interface ScannerEvents {
  /** While it scans, and for what is new later. `stats` are those of a link itself. */
  added(full: string, stats: Stats | undefined): void
  changed(full: string, stats: Stats | undefined): void
  removed(full: string): void
  folderAdded(full: string): void
  folderRemoved(full: string): void
  /** The scan is over; told once. */
  ready(): void
  failed(error: unknown): void
}

export interface Scanner {
  /** Looks at these files (relative, with `/`) before all others, as far as it has not yet. */
  sooner(paths: readonly string[]): void
  /** As long as this is under way, the first scan leaves the thread to it; not for long, whatever becomes of it. */
  giveWay(to: Promise<unknown>): void
  /** Nothing is told after this. */
  close(): void
}
