// How many files a project has, counted as far as it matters.
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { entriesOf, type IsPruned } from './folders.ts'

/** How long the thread is kept at a time; ms. */
const SLICE_MS = 2

/**
 * Counts the files that are not pruned below `root`, folder by folder; it stops as soon as there are more than `limit`. Nothing is
 * watched before it has, so it does not wait its turn behind other reads: two thousand files take two milliseconds.
 */
export async function countFiles(root: string, isPruned: IsPruned, limit: number): Promise<number> {
  let count = 0
  let until = performance.now() + SLICE_MS
  const waiting = ['']
  for (let path = waiting.pop(); path !== undefined && count <= limit; path = waiting.pop()) {
    for (const entry of entriesOf(join(root, path))) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`
      const folder = entry.isDirectory()
      if (isPruned(child, folder ? 'folder' : 'file')) continue
      if (folder) waiting.push(child)
      else count += 1
    }
    if (performance.now() < until) continue
    await turn()
    until = performance.now() + SLICE_MS
  }
  return count
}
