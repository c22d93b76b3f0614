// How many files a project has, counted as far as it matters.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../files/errno.ts'
import type { IsPruned } from './folders.ts'

/** Counts the files that are not pruned below `root`, folder by folder; it stops as soon as there are more than `limit`. */
export async function countFiles(root: string, isPruned: IsPruned, limit: number): Promise<number> {
  let count = 0
  const waiting = ['']
  for (let path = waiting.pop(); path !== undefined && count <= limit; path = waiting.pop()) {
    for (const entry of await entriesOf(join(root, path))) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`
      const folder = entry.isDirectory()
      if (isPruned(child, folder ? 'folder' : 'file')) continue
      if (folder) waiting.push(child)
      else count += 1
    }
  }
  return count
}

async function entriesOf(full: string): ReturnType<typeof listed> {
  try {
    return await listed(full)
  } catch (error) {
    if (errorCode(error) === '') throw error
    return []
  }
}

function listed(full: string) {
  return readdir(full, { withFileTypes: true })
}
