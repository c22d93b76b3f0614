// What each file contained when it was last seen: the "before" of the next change. Kept in memory up to a bound, and stored.
import { isSecretPath } from '../redact.ts'
import type { FileStat, Ports, StoreOperation, TextContent } from '../ports.ts'

export interface Baseline {
  readonly hash: string
  readonly text: string
}

/** One that was read in this run, and is in memory. */
export interface RememberedBaseline extends Baseline {
  /** As the read gave it. */
  readonly encoding: string
}

interface Known {
  readonly hash: string
  readonly stat: FileStat
  /** null: only in the store. */
  text: string | null
  /** null: of an earlier run, or not read. */
  readonly encoding: string | null
  /** Whether it is known of this run: it was read, or the first scan found the file as it was. */
  confirmed: boolean
}

/** UTF-16 units held in memory; older texts are fetched from the store when they are needed. */
const MEMORY_LIMIT = 32 * 1024 * 1024
/** Rows taken in per turn: about a millisecond. */
const AT_ONCE = 4096
const BATCH = 128
/** UTF-16 units of the texts of one commit: each is copied to the store's thread in one go. */
const BATCH_UNITS = 512 * 1024

export class Baselines {
  private readonly known = new Map<string, Known>()
  private readonly pending = new Map<string, Known>()
  private held = 0
  private scheduled = false
  private readonly ports: Pick<Ports, 'store' | 'clock'>

  constructor(ports: Pick<Ports, 'store' | 'clock'>) {
    this.ports = ports
  }

  get count(): number {
    return this.known.size
  }

  /** Rows of the last run; each is good only for a file whose stat is still the same (see `matches`). */
  async load(): Promise<void> {
    let count = 0
    for (const [path, value] of await this.ports.store.rows('baseline')) {
      if (isRow(value) && !this.known.has(path))
        this.known.set(path, { hash: value.hash, stat: value.stat, text: null, encoding: null, confirmed: false })
      count += 1
      if (count % AT_ONCE === 0) await new Promise<void>((resolve) => this.ports.clock.soon(resolve))
    }
  }

  /** At most so many paths of the files that were modified last, as far as is known. In any order. */
  latest(most: number): readonly string[] {
    const latest = (files: readonly (readonly [string, Known])[]): readonly (readonly [string, Known])[] =>
      files.toSorted((a, b) => b[1].stat.modifiedMs - a[1].stat.modifiedMs).slice(0, most)
    let found: (readonly [string, Known])[] = []
    let since = -Infinity
    // Sorting all would take as long as reading them.
    for (const file of this.known) {
      if (file[1].stat.modifiedMs <= since) continue
      found.push(file)
      if (found.length < 4 * most) continue
      found = [...latest(found)]
      since = found.at(-1)?.[1].stat.modifiedMs ?? since
    }
    return latest(found).map(([path]) => path)
  }

  /** Whether the stored baseline is what stands on disk, by stat; if it is not, it is forgotten. */
  matches(path: string, stat: FileStat): boolean {
    const known = this.known.get(path)
    if (known === undefined) return false
    if (
      known.stat.size === stat.size &&
      known.stat.modifiedMs === stat.modifiedMs &&
      (known.stat.inode === stat.inode || stat.inode === 0)
    ) {
      known.confirmed = true
      return true
    }
    // Read in this run: the scan's stat is only older news.
    if (known.confirmed) return true
    this.known.delete(path)
    return false
  }

  /** A row of an earlier run that no scan has confirmed proves nothing about now. */
  forgetUnconfirmed(path: string): void {
    if (this.known.get(path)?.confirmed === false) this.known.delete(path)
  }

  hash(path: string): string | null {
    return this.known.get(path)?.hash ?? null
  }

  size(path: string): number | null {
    return this.known.get(path)?.stat.size ?? null
  }

  async get(path: string): Promise<Baseline | null> {
    const known = this.known.get(path)
    if (known === undefined) return null
    const text = known.text ?? (await this.ports.store.blob(known.hash))
    return text === null ? null : { hash: known.hash, text }
  }

  /** What most probably stands in the file, without a look; null when it would have to be fetched. */
  remembered(path: string): RememberedBaseline | null {
    const known = this.known.get(path)
    if (known === undefined || known.text === null || known.encoding === null) return null
    return { hash: known.hash, text: known.text, encoding: known.encoding }
  }

  set(
    path: string,
    content: Pick<TextContent, 'hash' | 'text' | 'stat'> & Partial<Pick<TextContent, 'encoding'>>,
  ): void {
    const former = this.known.get(path)
    if (former?.text) this.held -= former.text.length
    this.known.delete(path)
    const { hash, stat, text, encoding = null } = content
    const known: Known = { hash, stat, text, encoding, confirmed: true }
    this.known.set(path, known)
    this.held += content.text.length
    // Texts of key and credential files are never copied anywhere.
    if (isSecretPath(path) === null) this.persist(path, known)
    this.shrink()
  }

  delete(path: string): void {
    const former = this.known.get(path)
    if (former === undefined) return
    if (former.text) this.held -= former.text.length
    this.known.delete(path)
    this.pending.delete(path)
    void this.ports.store.commit([{ type: 'delete', table: 'baseline', key: path }])
  }

  async flush(): Promise<void> {
    this.scheduled = false
    while (this.pending.size > 0) {
      const operations: StoreOperation[] = []
      let units = 0
      for (const [path, known] of this.pending) {
        if (operations.length >= BATCH * 2 || units >= BATCH_UNITS) break
        this.pending.delete(path)
        if (known.text === null) continue
        units += known.text.length
        operations.push(
          { type: 'blob', hash: known.hash, text: known.text },
          { type: 'put', table: 'baseline', key: path, value: { hash: known.hash, stat: known.stat } },
        )
      }
      await this.ports.store.commit(operations)
    }
  }

  private persist(path: string, known: Known): void {
    this.pending.set(path, known)
    if (this.scheduled) return
    this.scheduled = true
    this.ports.clock.after(500, () => void this.flush())
  }

  /** Lets go of the texts that were not touched for longest; a text that is not stored yet stays. */
  private shrink(): void {
    if (this.held <= MEMORY_LIMIT) return
    for (const [path, known] of this.known) {
      if (this.held <= MEMORY_LIMIT) return
      if (known.text === null || this.pending.has(path) || isSecretPath(path) !== null) continue
      this.held -= known.text.length
      known.text = null
    }
  }
}

function isRow(value: unknown): value is { hash: string; stat: FileStat } {
  return typeof value === 'object' && value !== null && 'hash' in value && 'stat' in value
}
