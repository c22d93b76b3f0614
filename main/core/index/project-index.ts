// Which file of the project holds which names, and declares which: hashes in typed arrays, bounded in memory.
import { MOST_DECLARED, MOST_NAMES } from './names.ts'

/** One file's part: what `namesIn` found, and for each declared name its hash and its line. */
export interface FileNames {
  readonly names: Uint32Array
  readonly declared: readonly { readonly hash: number; readonly line: number }[]
}

export interface Sharing {
  readonly path: string
  /** How many of the asked names it holds. */
  readonly shared: number
  /** The more of the rare ones, the higher; between 0 and `shared`. */
  readonly weight: number
  /** Grows with each edit in the project; 0: not edited since the start. */
  readonly edited: number
}

export interface DeclaredAt {
  readonly path: string
  readonly hash: number
  /** 1-based; may have moved since. */
  readonly line: number
  readonly edited: number
}

export interface IndexBounds {
  readonly files: number
  /** Numbers of 4 bytes for all files together. */
  readonly numbers: number
}

/** 4 million numbers are 16 MB: 20,000 files with 200 each. With what each file costs besides, the index stays below 20 MB. */
const BOUNDS: IndexBounds = { files: 20_000, numbers: 4_000_000 }
const CHUNK = 1 << 17

interface Chunk {
  readonly numbers: Uint32Array
  used: number
  live: number
}

interface Part {
  readonly path: string
  chunk: Chunk
  offset: number
  readonly names: number
  readonly declared: number
}

/**
 * Cost: a query looks at every number once (a bit set of the low 16 bits turns almost all away): 1 to 2 ns each, so 3 ms for
 * 10,000 files of 150 names and 15 ms for 50,000. Memory: 4 bytes a name, 8 a declaration, some 150 a file; an update frees
 * the former part, and a chunk that is half free is packed. When it is full, a file that somebody edits takes the place of those
 * that were least recently edited or answered; one that a scan has merely found is left out.
 */
export class ProjectIndex {
  /** The least recently useful first. */
  private readonly parts = new Map<string, Part>()
  private readonly edits = new Map<string, number>()
  private chunks: Chunk[] = []
  private clock = 0
  private held = 0
  private readonly bounds: IndexBounds

  constructor(bounds: IndexBounds = BOUNDS) {
    this.bounds = bounds
  }

  get size(): number {
    return this.parts.size
  }

  /** Numbers that are held for the files, without what is free. */
  get numbers(): number {
    return this.held
  }

  /** Numbers that there is memory for. */
  get allocated(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.numbers.length, 0)
  }

  has(path: string): boolean {
    return this.parts.has(path)
  }

  /** So many files more may be known. */
  get room(): number {
    return this.isFull ? 0 : this.bounds.files - this.parts.size
  }

  /** Whether a file that is not known yet and that nobody has edited would be left out. */
  get isFull(): boolean {
    return this.parts.size >= this.bounds.files || this.held >= this.bounds.numbers
  }

  /** Whether there is room for it, or room is made: only for one that was known, or edited. */
  wants(path: string): boolean {
    return !this.isFull || this.parts.has(path) || this.edits.has(path)
  }

  /** False when there is no room for it; then the file is not known. */
  set(path: string, { names, declared }: FileNames): boolean {
    const mayReplace = this.parts.has(path) || this.edits.has(path)
    this.delete(path)
    const length = Math.min(names.length, MOST_NAMES) + 2 * Math.min(declared.length, MOST_DECLARED)
    if (length > this.bounds.numbers) return false
    while (this.parts.size >= this.bounds.files || this.held + length > this.bounds.numbers) {
      const [least] = this.parts.keys()
      if (!mayReplace || least === undefined) return false
      this.delete(least)
    }
    const chunk = this.chunkFor(length)
    const part: Part = {
      path,
      chunk,
      offset: chunk.used,
      names: Math.min(names.length, MOST_NAMES),
      declared: Math.min(declared.length, MOST_DECLARED),
    }
    chunk.numbers.set(names.subarray(0, part.names), part.offset)
    for (let at = 0; at < part.declared; at += 1) {
      chunk.numbers[part.offset + part.names + 2 * at] = declared[at]?.hash ?? 0
      chunk.numbers[part.offset + part.names + 2 * at + 1] = declared[at]?.line ?? 0
    }
    chunk.used += length
    chunk.live += length
    this.held += length
    this.parts.set(path, part)
    return true
  }

  delete(path: string): void {
    const part = this.parts.get(path)
    if (part === undefined) return
    this.parts.delete(path)
    const length = lengthOf(part)
    part.chunk.live -= length
    this.held -= length
    if (part.chunk.live * 2 < part.chunk.used) this.pack(part.chunk)
  }

  /** The person has just edited it. */
  edited(path: string): void {
    this.clock += 1
    this.edits.set(path, this.clock)
    this.touch(path)
  }

  /** It was of use. */
  private touch(path: string): void {
    const part = this.parts.get(path)
    if (part === undefined) return
    this.parts.delete(path)
    this.parts.set(path, part)
  }

  /** Files that hold any of these names (or all of them), the most and rarest shared ones first, among equals the last edited. */
  sharing(hashes: readonly number[], limit: number, every = false): readonly Sharing[] {
    const wanted = new Set(hashes)
    if (wanted.size === 0) return []
    const filter = filterOf(wanted)
    const holders = new Map<number, number>()
    const found: { readonly part: Part; readonly hashes: readonly number[] }[] = []
    for (const part of this.parts.values()) {
      const { numbers } = part.chunk
      let held: number[] | null = null
      for (let at = part.offset; at < part.offset + part.names; at += 1) {
        const hash = numbers[at] ?? 0
        if (((filter[(hash & 0xffff) >>> 3] ?? 0) & (1 << (hash & 7))) === 0 || !wanted.has(hash)) continue
        held ??= []
        held.push(hash)
      }
      if (held === null || (every && held.length < wanted.size)) continue
      for (const hash of held) holders.set(hash, (holders.get(hash) ?? 0) + 1)
      found.push({ part, hashes: held })
    }
    const answer = found
      .map(({ part, hashes: held }): Sharing => {
        const weight = held.reduce((sum, hash) => sum + 1 / (1 + Math.log2(holders.get(hash) ?? 1)), 0)
        return { path: part.path, shared: held.length, weight, edited: this.edits.get(part.path) ?? 0 }
      })
      .sort((a, b) => b.weight - a.weight || b.edited - a.edited || (a.path < b.path ? -1 : 1))
      .slice(0, limit)
    for (const { path } of answer) this.touch(path)
    return answer
  }

  /** Where these names are declared, at most `each` places of one name, the last edited files first. */
  declarations(hashes: readonly number[], each: number): readonly DeclaredAt[] {
    const wanted = new Set(hashes)
    if (wanted.size === 0) return []
    const filter = filterOf(wanted)
    const found: DeclaredAt[] = []
    for (const part of this.parts.values()) {
      const { numbers } = part.chunk
      const start = part.offset + part.names
      for (let at = start; at < start + 2 * part.declared; at += 2) {
        const hash = numbers[at] ?? 0
        if (((filter[(hash & 0xffff) >>> 3] ?? 0) & (1 << (hash & 7))) === 0 || !wanted.has(hash)) continue
        found.push({ path: part.path, hash, line: numbers[at + 1] ?? 1, edited: this.edits.get(part.path) ?? 0 })
      }
    }
    found.sort((a, b) => b.edited - a.edited || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
    const counts = new Map<number, number>()
    const answer = found.filter(({ hash }) => {
      const count = (counts.get(hash) ?? 0) + 1
      counts.set(hash, count)
      return count <= each
    })
    for (const { path } of answer) this.touch(path)
    return answer
  }

  private chunkFor(length: number): Chunk {
    const free = this.chunks.findLast(({ used, numbers }) => used + length <= numbers.length)
    if (free !== undefined) return free
    const chunk: Chunk = { numbers: new Uint32Array(Math.max(CHUNK, length)), used: 0, live: 0 }
    this.chunks.push(chunk)
    return chunk
  }

  /** Moves what is still used in the chunk together. */
  private pack(chunk: Chunk): void {
    let used = 0
    const parts = [...this.parts.values()].filter((part) => part.chunk === chunk)
    for (const part of parts.sort((a, b) => a.offset - b.offset)) {
      const length = lengthOf(part)
      chunk.numbers.copyWithin(used, part.offset, part.offset + length)
      part.offset = used
      used += length
    }
    chunk.used = used
    if (used === 0) this.chunks = this.chunks.filter((other) => other !== chunk)
  }
}

function lengthOf(part: Part): number {
  return part.names + 2 * part.declared
}

function filterOf(wanted: ReadonlySet<number>): Uint8Array {
  const bits = new Uint8Array(1 << 13)
  for (const hash of wanted) {
    const low = hash & 0xffff
    bits[low >>> 3] = (bits[low >>> 3] ?? 0) | (1 << (low & 7))
  }
  return bits
}
