// The log of what was written: an intent before, a confirmation after, so that a crash in between is told apart at the next start.
import type { ApplyView, Failure, Result } from '../../../preload/contract.ts'
import { applyEdits, type LineEdit } from '../patch.ts'
import type { Ports } from '../ports.ts'

/** One file of an apply; null: the file is not there. Texts are kept as blobs under these hashes. */
export interface AppliedFile {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
  /** What the file was in, where it was read. */
  readonly encoding?: string
  /** What turns `before` into `after`, where that is known: then only `before` is kept, and the other is made from it. */
  readonly edits?: readonly LineEdit[]
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
  /** `intent`, `undoing` and `redoing`: files are about to be written, or a crash came in between. */
  readonly state: 'intent' | 'done' | 'undoing' | 'undone' | 'redoing' | 'overwritten'
  readonly files: readonly AppliedFile[]
  /** What an undo or redo that is under way turns into what, where others have changed the files since. */
  readonly writing?: readonly AppliedFile[]
  /** Grows with each write: the last one done is undone first, the last one undone is done again first. */
  readonly turned: number
  readonly hunks: readonly AppliedHunk[]
  /** First changed line by file, 1-based. */
  readonly lines: readonly number[]
  /** What its texts take, in UTF-16 units. */
  readonly size: number
}

/** A file's texts before and after a write. */
export interface FileTexts {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
  readonly encoding?: string
  /** See `AppliedFile.edits`. */
  readonly edits?: readonly LineEdit[]
}

/** An apply whose intent is on its way to the store; files may be touched only when `stored` is good. */
export interface Begun {
  readonly apply: Apply
  readonly stored: Promise<Result<null>>
}

/** Applies that can be undone at most; older ones are forgotten. */
const KEEP = 200
/** What all their texts may take, in UTF-16 units; the newest apply stays whatever it takes. */
const MOST_UNITS = 64 * 1024 * 1024

type AppliesPorts = Pick<Ports, 'store' | 'hash' | 'clock' | 'ids'>

export class Applies {
  private readonly ports: AppliesPorts
  private readonly list: Apply[] = []
  private order = 0
  /** Hashes of texts that were stored with an apply, as far as one still refers to them. */
  private stored = new Set<string>()
  private readonly isKept: (hash: string) => boolean

  /** `isKept`: whether somebody else has stored this text already, and keeps it. */
  constructor(ports: AppliesPorts, isKept: (hash: string) => boolean = () => false) {
    this.ports = ports
    this.isKept = isKept
  }

  async load(): Promise<void> {
    for (const value of (await this.ports.store.rows('apply')).values()) if (isApply(value)) this.list.push(value)
    this.list.sort((a, b) => a.order - b.order)
    this.order = Math.max(0, ...this.list.map((apply) => Math.max(apply.order, apply.turned)))
  }

  get all(): readonly Apply[] {
    return this.list
  }

  get last(): Apply | null {
    return this.list.at(-1) ?? null
  }

  /** The last one written that can be undone. */
  get undoable(): Apply | null {
    return this.lastIn('done')
  }

  /** The one that was undone last. */
  get redoable(): Apply | null {
    return this.lastIn('undone')
  }

  private lastIn(state: Apply['state']): Apply | null {
    const some = this.list.filter((apply) => apply.state === state)
    return some.toSorted((a, b) => a.turned - b.turned).at(-1) ?? null
  }

  /** The named one, if it is in this state. */
  inState(id: string, state: Apply['state']): Apply | null {
    return this.list.find((apply) => apply.id === id && apply.state === state) ?? null
  }

  /** For people: what can be taken back or done again, newest first. */
  views(limit: number): readonly ApplyView[] {
    const views: ApplyView[] = []
    for (const apply of this.list.toReversed()) {
      if (views.length === limit) break
      const what = apply.state === 'done' ? 'applied' : apply.state === 'undone' ? 'undone' : null
      if (what !== null) views.push({ id: apply.id, paths: apply.files.map(({ path }) => path), what, at: apply.at })
    }
    return views
  }

  /** Bytes kept for undo, nearly: texts count as UTF-16 units, as most of them are ASCII. */
  get size(): number {
    return this.list.reduce((sum, apply) => sum + apply.size, 0)
  }

  get undoableCount(): number {
    return this.list.filter((apply) => apply.state === 'done').length
  }

  /** Writes down what is about to be written. What the store refuses has not begun. */
  begin(files: readonly FileTexts[], hunks: Apply['hunks'], lines: readonly number[]): Begun {
    const { clock, ids } = this.ports
    const order = (this.order += 1)
    const apply: Apply = {
      id: ids.next(),
      order,
      turned: order,
      at: clock.wall(),
      state: 'intent',
      files: files.map((file) => this.hashed(file)),
      hunks,
      lines,
      size: files.reduce((sum, file) => sum + sizeOf(file), 0),
    }
    // In the list at once: its texts must not be swept away while they are stored.
    this.list.push(apply)
    return { apply, stored: this.storeIntent(apply, files) }
  }

  private async storeIntent(apply: Apply, files: readonly FileTexts[]): Promise<Result<null>> {
    const committed = await this.put(apply, files)
    if (!committed.ok) this.list.splice(this.list.indexOf(apply), 1)
    return committed
  }

  /** The same for an undo or a redo. */
  async turn(id: string, state: 'undoing' | 'redoing', files: readonly FileTexts[]): Promise<Result<null>> {
    const index = this.list.findIndex((apply) => apply.id === id)
    const apply = this.list[index]
    if (apply === undefined) return { ok: true, value: null }
    const next = { ...apply, state, writing: files.map((file) => this.hashed(file)) }
    this.list[index] = next
    const committed = await this.put(next, files)
    if (!committed.ok) this.list[this.list.indexOf(next)] = apply
    return committed
  }

  /** A text that is stored, or can be made, does not cross to the store's thread: of a large file that takes milliseconds. */
  private async put(apply: Apply, files: readonly FileTexts[]): Promise<Result<null>> {
    const { hash, store } = this.ports
    const made = new Set(apply.files.flatMap(({ after, edits }) => (edits === undefined ? [] : [after])))
    const texts = textsOf(files)
      .map((text) => ({ type: 'blob', hash: hash.text(text), text }) as const)
      .filter((blob) => !made.has(blob.hash) && !this.stored.has(blob.hash) && !this.isKept(blob.hash))
    const committed = await store.commit([...texts, { type: 'put', table: 'apply', key: apply.id, value: apply }])
    if (committed.ok) for (const blob of texts) this.stored.add(blob.hash)
    return committed
  }

  private hashed({ path, before, after, encoding, edits }: FileTexts): AppliedFile {
    const { hash } = this.ports
    return {
      path,
      before: before === null ? null : hash.text(before),
      after: after === null ? null : hash.text(after),
      ...(encoding === undefined ? {} : { encoding }),
      ...(edits === undefined ? {} : { edits }),
    }
  }

  /** Writes the new state down; what was under way is over. */
  async mark(id: string, state: 'done' | 'undone' | 'overwritten'): Promise<Failure | null> {
    const index = this.list.findIndex((apply) => apply.id === id)
    const apply = this.list[index]
    if (apply === undefined) return null
    const { writing: _, ...rest } = apply
    const next: Apply = { ...rest, state, turned: (this.order += 1) }
    this.list[index] = next
    const forgotten = this.forget()
    const result = await this.ports.store.commit([
      { type: 'put', table: 'apply', key: id, value: next },
      ...forgotten.map((old) => ({ type: 'delete', table: 'apply', key: old }) as const),
    ])
    return result.ok ? null : result.failure
  }

  /** Lets go of the oldest ones beyond the bounds. */
  private forget(): readonly string[] {
    const forgotten: string[] = []
    let { size } = this
    while (this.list.length > KEEP || (size > MOST_UNITS && this.list.length > 1)) {
      const oldest = this.list.shift()
      if (oldest === undefined) break
      size -= oldest.size
      forgotten.push(oldest.id)
    }
    return forgotten
  }

  /** Nothing was written: as if it had never begun. */
  async drop(id: string): Promise<void> {
    const index = this.list.findIndex((apply) => apply.id === id)
    if (index >= 0) this.list.splice(index, 1)
    await this.ports.store.commit([{ type: 'delete', table: 'apply', key: id }])
  }

  /** The text with this hash; `inHand`: texts of which one may be it, so that it need not be fetched. */
  async text(hash: string | null, inHand: readonly (string | null)[] = []): Promise<string | null> {
    if (hash === null) return null
    const known = inHand.find((text) => text !== null && this.ports.hash.text(text) === hash)
    return known ?? (await this.ports.store.blob(hash)) ?? this.made(hash)
  }

  /** The text that an apply made from one that is kept; null when none did. */
  private async made(wanted: string): Promise<string | null> {
    const { hash, store } = this.ports
    for (const { files } of this.list) {
      for (const { before, after, edits } of files) {
        if (after !== wanted || before === null || edits === undefined) continue
        const kept = await store.blob(before)
        const text = kept === null ? null : applyEdits(kept, edits)
        if (text !== null && hash.text(text) === wanted) return text
      }
    }
    return null
  }

  referencedHashes(): Set<string> {
    const hashes = new Set<string>()
    for (const apply of this.list) {
      for (const file of [...apply.files, ...(apply.writing ?? [])]) {
        if (file.before !== null) hashes.add(file.before)
        if (file.after !== null) hashes.add(file.after)
      }
    }
    this.stored = new Set([...this.stored].filter((kept) => hashes.has(kept)))
    return hashes
  }
}

/** In UTF-16 units: what has to be kept for it. */
function sizeOf({ before, after, edits }: FileTexts): number {
  const kept = edits === undefined ? [after ?? ''] : edits.flatMap(({ lines }) => lines)
  return kept.reduce((sum, text) => sum + text.length, before?.length ?? 0)
}

function textsOf(files: readonly FileTexts[]): readonly string[] {
  return files.flatMap((file) => [file.before, file.after]).filter((text) => text !== null)
}

function isApply(value: unknown): value is Apply {
  return typeof value === 'object' && value !== null && 'files' in value && 'order' in value && 'turned' in value
}
