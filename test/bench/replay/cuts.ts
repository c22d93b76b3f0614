// Which lines differ between two lists, by the longest common block: how the replay's real hunks and proposals are cut.

/** Items [oldStart, oldEnd) of the old list became `fresh`; 0-based, end exclusive. */
export interface Cut {
  readonly oldStart: number
  readonly oldEnd: number
  readonly fresh: readonly string[]
}

interface Range {
  readonly oldStart: number
  readonly oldEnd: number
  readonly newStart: number
  readonly newEnd: number
}

interface Block {
  readonly old: number
  readonly fresh: number
  readonly size: number
}

/**
 * What differs, in order. The longest block that both lists share is found first (the earliest in the old list, then in the
 * new one), then the longest on its left and on its right, and so on: Ratcliff and Metzener, "Pattern Matching: The Gestalt
 * Approach", Dr. Dobb's Journal, July 1988, in the form of Python's `difflib.SequenceMatcher(None, a, b, autojunk=False)`,
 * so that figures can be compared with those of tools that use it. Quadratic in the worst case: for evaluation only.
 */
export function cutsBetween(old: readonly string[], fresh: readonly string[]): readonly Cut[] {
  const cuts: Cut[] = []
  let oldAt = 0
  let newAt = 0
  for (const block of [...blocksOf(old, fresh), { old: old.length, fresh: fresh.length, size: 0 }]) {
    if (oldAt < block.old || newAt < block.fresh) {
      cuts.push({ oldStart: oldAt, oldEnd: block.old, fresh: fresh.slice(newAt, block.fresh) })
    }
    oldAt = block.old + block.size
    newAt = block.fresh + block.size
  }
  return cuts
}

function blocksOf(old: readonly string[], fresh: readonly string[]): readonly Block[] {
  const places = new Map<string, number[]>()
  for (const [index, item] of fresh.entries()) {
    const known = places.get(item)
    if (known === undefined) places.set(item, [index])
    else known.push(index)
  }
  const waiting: Range[] = [{ oldStart: 0, oldEnd: old.length, newStart: 0, newEnd: fresh.length }]
  const found: Block[] = []
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    const block = longestBlock(old, places, range)
    if (block.size === 0) continue
    found.push(block)
    waiting.push({ ...range, oldEnd: block.old, newEnd: block.fresh })
    waiting.push({ ...range, oldStart: block.old + block.size, newStart: block.fresh + block.size })
  }
  return found.sort((a, b) => a.old - b.old)
}

function longestBlock(old: readonly string[], places: ReadonlyMap<string, readonly number[]>, range: Range): Block {
  let best = { old: range.oldStart, fresh: range.newStart, size: 0 }
  /** Length of the common block that ends at the previous old item and at this new one. */
  let lengths = new Map<number, number>()
  for (let at = range.oldStart; at < range.oldEnd; at += 1) {
    const longer = new Map<number, number>()
    for (const index of places.get(old[at] ?? '') ?? []) {
      if (index < range.newStart) continue
      if (index >= range.newEnd) break
      const size = (lengths.get(index - 1) ?? 0) + 1
      longer.set(index, size)
      if (size > best.size) best = { old: at - size + 1, fresh: index - size + 1, size }
    }
    lengths = longer
  }
  return best
}
