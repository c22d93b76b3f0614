// The project's files: stable reads and durable writes, never outside the project.
import type { Files } from '../../core/ports.ts'
import { readStable } from './read.ts'
import { writeDurably } from './write.ts'

export interface FilesOptions {
  /** Larger files are skipped; asked at each read, so that a changed setting counts at once. */
  readonly maxBytes: () => number
}

/** `root`: the project's folder, absolute. */
export function createFiles(root: string, options: FilesOptions): Files {
  return {
    read: (path, { formerSize }, signal) =>
      readStable(root, path, { formerSize, maxBytes: options.maxBytes() }, signal),
    write: (write, signal) => writeDurably(root, write, signal),
  }
}
