// A folder in memory, with a log of every write, and a place to cut in between a read and a write.
import { createHash } from 'node:crypto'
import type { FileWrite, OvertakenSave, ProjectFiles, ReadOutcome } from '../../main/core/ports.ts'

export interface FakeFiles extends ProjectFiles {
  readonly contents: Map<string, string>
  readonly writes: FileWrite[]
  /** Called right before the comparison inside `write`: the moment at which an editor may save. */
  beforeWrite: (() => void) | null
  /** What the next writes fail with. */
  failure: { code: string; message: string } | null
  skip: Map<string, ReadOutcome>
  /** Paths whose leftovers were asked for. */
  readonly swept: string[]
  /** Somebody who held it open saves `text` into the file that the last write replaced or deleted. Answers whether it was taken care of. */
  overtake(path: string, text: string | null): Promise<boolean>
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function createFakeFiles(contents: Record<string, string> = {}): FakeFiles {
  let version = 0
  const fake: FakeFiles = {
    contents: new Map(Object.entries(contents)),
    writes: [],
    beforeWrite: null,
    failure: null,
    skip: new Map(),
    swept: [],
    async overtake(path, saved) {
      const write = fake.writes.findLast((candidate) => candidate.path === path)
      const save: OvertakenSave = {
        path,
        saved,
        kept: '.slipstream-kept.old',
        async putBack(expected) {
          const now = fake.contents.get(path)
          if ((now === undefined ? null : hashOf(now)) !== expected) {
            return { ok: false, failure: { code: 'changed', message: `${path} changed` } }
          }
          fake.contents.set(path, saved ?? '')
          version += 1
          return { ok: true, value: null }
        },
      }
      return (await write?.onOvertaken?.(save)) ?? false
    },
    async mend({ path, before, after }) {
      const now = fake.contents.get(path) ?? null
      if (now === before) return 'old'
      return now === after ? 'new' : 'other'
    },
    async sweep(paths) {
      fake.swept.push(...paths)
    },
    async read(path) {
      const skipped = fake.skip.get(path)
      if (skipped) return skipped
      const text = fake.contents.get(path)
      if (text === undefined) return { kind: 'absent' }
      const stat = { size: text.length, modifiedMs: version, inode: 1 }
      return { kind: 'text', text, hash: hashOf(text), encoding: 'utf-8', stat }
    },
    async write(write) {
      if ((await write.journalled) === false) {
        return { ok: false, failure: { code: 'cancelled', message: `writing ${write.path} was called off` } }
      }
      fake.beforeWrite?.()
      if (fake.failure !== null) return { ok: false, failure: fake.failure }
      const now = fake.contents.get(write.path)
      const hash = now === undefined ? null : hashOf(now)
      if (hash !== write.expected) return { ok: false, failure: { code: 'changed', message: `${write.path} changed` } }
      fake.writes.push(write)
      version += 1
      if (write.after === null) fake.contents.delete(write.path)
      else fake.contents.set(write.path, write.after)
      return { ok: true, value: { hash: write.after === null ? null : hashOf(write.after) } }
    },
  }
  return fake
}
