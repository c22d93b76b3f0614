// The project's files: stable reads and durable writes, never outside the project.
import { realpathSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import type { ProjectFiles } from '../../core/ports.ts'
import { createAttributes } from './attributes.ts'
import { UTF_8 } from './encoding.ts'
import { Formers } from './former.ts'
import { mend, sweep } from './mend.ts'
import type { Project } from './place.ts'
import { readStable, type ReadFile } from './read.ts'
import { writeDurably } from './write.ts'

export interface FilesOptions {
  /** Larger files are skipped; asked at each read, so that a changed setting counts at once. */
  readonly maxBytes: () => number
  /** Folders of this program's own files: not touched, also when they lie inside the project. */
  readonly own?: readonly string[]
  /** How long an old file is watched after it was replaced, in ms. */
  readonly keepMs?: number
  /** Reads on another thread: this one is kept free of decoding and hashing. Here unless given. */
  readonly read?: ReadFile
}

export interface OpenFiles extends ProjectFiles {
  /** Starts what the first write would wait for. */
  warm(): void
  /** Resolves when no replaced file is watched any more: at most `keepMs` after the last write. */
  close(): Promise<void>
}

const KEEP_MS = 2000
/** Files whose encoding is remembered: only those that are not UTF-8. */
const MOST_REMEMBERED = 10_000

/** `root`: the project's folder, absolute. */
export function createFiles(root: string, options: FilesOptions): OpenFiles {
  const project: Project = { root, own: ownFolders(root, options.own ?? []) }
  const keepMs = options.keepMs ?? KEEP_MS
  const formers = new Formers(keepMs)
  const attributes = createAttributes()
  const readFile = options.read ?? readStable
  // A text that only becomes shorter must not turn into another encoding's on the way.
  const encodings = new Map<string, string>()

  function remember(path: string, encoding: string): void {
    encodings.delete(path)
    if (encoding === UTF_8) return
    encodings.set(path, encoding)
    const [oldest] = encodings.keys()
    if (encodings.size > MOST_REMEMBERED && oldest !== undefined) encodings.delete(oldest)
  }

  return {
    async read(path, { formerSize, encoding }, signal) {
      const hint = encoding ?? encodings.get(path) ?? null
      const outcome = await readFile(
        project,
        path,
        { formerSize, maxBytes: options.maxBytes(), encoding: hint },
        signal,
      )
      if (outcome.kind === 'text') remember(path, outcome.encoding)
      return outcome
    },
    async write(write, signal) {
      const encoding = write.encoding ?? encodings.get(write.path)
      const written = await writeDurably(
        project,
        encoding === undefined ? write : { ...write, encoding },
        formers,
        attributes,
        signal,
      )
      if (written.ok && encoding !== undefined) remember(write.path, encoding)
      return written
    },
    mend: (write) => mend(project, write),
    sweep: (paths, overtaken, signal) => sweep(project, paths, overtaken, formers, keepMs, signal),
    warm: attributes.warm,
    async close() {
      await formers.settled()
      attributes.close()
    },
  }
}

/** A folder that holds the whole project cannot be kept out of it. */
function ownFolders(root: string, folders: readonly string[]): readonly string[] {
  return folders
    .map((folder) => {
      try {
        return realpathSync.native(folder)
      } catch {
        // It is not there yet; it has no links on its way then either.
        return folder
      }
    })
    .filter((folder) => {
      const inside = relative(folder, root)
      return inside !== '' && (inside.startsWith('..') || isAbsolute(inside))
    })
}
