// Files in the order in which they are worth reading: the latest first, kept so that neither adding nor taking one takes long.
import type { SeenFile } from '../ports.ts'

/** A binary heap (Williams, 1964): sorting 50,000 at once would hold up the streaming thread for 25 ms. */
export class WorthReading {
  private readonly heap: SeenFile[] = []

  clear(): void {
    this.heap.length = 0
  }

  /** In any order. */
  all(): readonly SeenFile[] {
    return this.heap
  }

  add(file: SeenFile): void {
    let at = this.heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = this.heap[above]
      if (other === undefined || !isLater(file, other)) break
      this.heap[at] = other
      at = above
    }
    this.heap[at] = file
  }

  /** The one that was modified last; undefined when there is none. */
  take(): SeenFile | undefined {
    const first = this.heap[0]
    const last = this.heap.pop()
    if (last === undefined || this.heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const [a, b] = [this.heap[left], this.heap[left + 1]]
      const child = a !== undefined && b !== undefined && isLater(b, a) ? left + 1 : left
      const other = this.heap[child]
      if (other === undefined || !isLater(other, last)) break
      this.heap[at] = other
      at = child
    }
    this.heap[at] = last
    return first
  }
}

function isLater(a: SeenFile, b: SeenFile): boolean {
  return a.stat.modifiedMs > b.stat.modifiedMs
}
