// Contents that files have had in this run: what returns to one of them is an undo, and asks nothing.

/** `settled`: it was asked about, or stood there at the start; `seen`: it passed while saves came too quickly to ask at each. */
export type Standing = 'seen' | 'settled'

/** Contents remembered of one file, and files that are remembered. */
const CONTENTS = 100
const FILES = 2_000

export class Past {
  private readonly files = new Map<string, Map<string, Standing>>()

  of(path: string, hash: string): Standing | null {
    return this.files.get(path)?.get(hash) ?? null
  }

  /** A settled content stays settled. */
  add(path: string, hash: string, standing: Standing): void {
    const contents = this.files.get(path) ?? new Map<string, Standing>()
    this.files.delete(path)
    this.files.set(path, contents)
    const former = contents.get(hash)
    contents.delete(hash)
    contents.set(hash, former === 'settled' ? former : standing)
    dropOldest(contents, CONTENTS)
    dropOldest(this.files, FILES)
  }

  renamed(from: string, to: string): void {
    const contents = this.files.get(from)
    if (contents !== undefined) this.files.set(to, contents)
    this.files.delete(from)
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}
