// The Index port without a thread: the real indexer over any files, in the test's own process.
import { Indexer } from '../../main/core/index/indexer.ts'
import { NOWHERE, type Index } from '../../main/core/index/questions.ts'
import type { Files } from '../../main/core/ports.ts'
import { parsedSyntax } from './syntax.ts'

const never = new AbortController().signal

/** Knows nothing of the project. */
export const emptyIndex: Index = {
  seen: () => undefined,
  changed: () => undefined,
  related: async () => [],
  elsewhere: async () => NOWHERE,
}

export interface FakeIndex extends Index {
  /** Resolves when all that it was told of has been read. */
  settled(): Promise<void>
}

export function createFakeIndex(files: Pick<Files, 'read'>): FakeIndex {
  const indexer = new Indexer({
    async read(path) {
      const outcome = await files.read(path, { formerSize: null }, never)
      return outcome.kind === 'text' ? outcome.text : null
    },
    occurrences: (path, text, target) => parsedSyntax.occurrences(path, text, target, never),
    now: () => 0,
    pause: async () => undefined,
  })
  return {
    seen: (paths) => indexer.seen(paths),
    changed: (path, edited) => indexer.changed([path], edited),
    related: (focus) => indexer.related(focus),
    elsewhere: (change) => indexer.elsewhere(change),
    settled: () => indexer.settled(),
  }
}
