// The log of what was written: an intent before, a confirmation after, so that a crash in between is told apart at the next start.
import type { Failure, Result } from '../../../preload/contract.ts'
import type { LineEdit } from '../patch.ts'
import type { Ports } from '../ports.ts'

/** One file of an apply; null: the file is not there. Texts are kept as blobs under these hashes. */
export interface AppliedFile {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

/** An accepted hunk, and its edit in lines of the file's content before. */
export interface AppliedHunk {
  readonly suggestion: string
  readonly hunk: string
  readonly path: string
  readonly edit: LineEdit
}

export interface Apply {
  readonly id: string
  readonly order: number
  readonly at: number
  readonly state: 'intent' | 'done' | 'undoing' | 'undone' | 'overwritten'
  readonly files: readonly AppliedFile[]
  readonly hunks: readonly AppliedHunk[]
  /** First changed line by file, 1-based. */
  readonly lines: readonly number[]
}

/** A file's text on one side of an apply. */
export interface FileTexts {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

/** Applies that can be undone at most; older ones are forgotten. */
const KEEP = 200

export class Applies {
  private readonly ports: Ports
  private readonly list: Apply[] = []
  private order = 0

  constructor(ports: Ports) {
    this.ports = ports
  }

  async load(): Promise<void> {
    for (const value of (await this.ports.store.rows('apply')).values()) if (isApply(value)) this.list.push(value)
    this.list.sort((a, b) => a.order - b.order)
    this.order = this.list.at(-1)?.order ?? 0
  }

  get all(): readonly Apply[] {
    return this.list
  }

  get last(): Apply | null {
    return this.list.at(-1) ?? null
  }

  /** The newest one that can be undone. */
  get undoable(): Apply | null {
    return this.list.findLast((apply) => apply.state === 'done') ?? null
  }

  get undoableCount(): number {
    return this.list.filter((apply) => apply.state === 'done').length
  }

  /** Writes down what is about to be written; only when this has resolved may a file be touched. */
  async begin(files: readonly FileTexts[], hunks: Apply['hunks'], lines: readonly number[]): Promise<Result<Apply>> {
    const { hash, clock, ids, store } = this.ports
    const apply: Apply = {
      id: ids.next(),
      order: (this.order += 1),
      at: clock.wall(),
      state: 'intent',
      files: files.map((file) => ({
        path: file.path,
        before: file.before === null ? null : hash.text(file.before),
        after: file.after === null ? null : hash.text(file.after),
      })),
      hunks,
      lines,
    }
    const texts = files.flatMap((file) => [file.before, file.after]).filter((text) => text !== null)
    const committed = await store.commit([
      ...texts.map((text) => ({ type: 'blob', hash: hash.text(text), text }) as const),
      { type: 'put', table: 'apply', key: apply.id, value: apply },
    ])
    if (!committed.ok) return committed
    this.list.push(apply)
    return { ok: true, value: apply }
  }

  /** Writes the new state down. */
  async mark(id: string, state: Apply['state']): Promise<Failure | null> {
    const index = this.list.findIndex((apply) => apply.id === id)
    const apply = this.list[index]
    if (apply === undefined) return null
    const next = { ...apply, state }
    this.list[index] = next
    const forgotten = this.list.splice(0, Math.max(0, this.list.length - KEEP))
    const result = await this.ports.store.commit([
      { type: 'put', table: 'apply', key: id, value: next },
      ...forgotten.map((old) => ({ type: 'delete', table: 'apply', key: old.id }) as const),
    ])
    return result.ok ? null : result.failure
  }

  /** Nothing was written: as if it had never begun. */
  async drop(id: string): Promise<void> {
    const index = this.list.findIndex((apply) => apply.id === id)
    if (index >= 0) this.list.splice(index, 1)
    await this.ports.store.commit([{ type: 'delete', table: 'apply', key: id }])
  }

  async text(hash: string | null): Promise<string | null> {
    return hash === null ? null : this.ports.store.blob(hash)
  }

  referencedHashes(): Set<string> {
    const hashes = new Set<string>()
    for (const apply of this.list) {
      for (const file of apply.files) {
        if (file.before !== null) hashes.add(file.before)
        if (file.after !== null) hashes.add(file.after)
      }
    }
    return hashes
  }
}

function isApply(value: unknown): value is Apply {
  return typeof value === 'object' && value !== null && 'files' in value && 'order' in value && 'state' in value
}
