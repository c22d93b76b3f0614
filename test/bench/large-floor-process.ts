// A bare watcher: one `fs.watch` a folder, no bookkeeping; what it takes of time and memory.
import { readdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { serveHelper } from './helper.ts'

export interface LargeFloorQuestions {
  /** Watches every folder below this one. Answers the ms that it took. */
  readonly watch: { readonly input: string; readonly output: number }
  /** MB that are resident. */
  readonly memory: { readonly input: null; readonly output: number }
  readonly pid: { readonly input: null; readonly output: number }
}

const watchers: FSWatcher[] = []

function watchBelow(folder: string): void {
  watchers.push(watch(folder, () => {}))
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) watchBelow(join(folder, entry.name))
  }
}

serveHelper<LargeFloorQuestions, never>({
  watch(folder) {
    const from = performance.now()
    watchBelow(folder)
    return performance.now() - from
  },
  memory: () => process.memoryUsage.rss() / 1_000_000,
  pid: () => process.pid,
})
