// How much a request may tell the model, and how that is shared out: by worth, in tokens as `tokensOf` counts them.
import type { Lane } from '../../preload/contract.ts'

export interface Budget {
  /** Tokens of everything from files together; words of the person come on top. */
  readonly total: number
  /** Lines around the region that are shown when there is room for them. */
  readonly surroundings: number
  /** The most recent edits that are shown. */
  readonly edits: number
}

/**
 * Fast: what a small model reads well within its first 100 ms, and three times what editors' own next-edit models get (±15
 * lines, 5 files, 25 small diffs): enough for a function, its file's imports, six edits and a few definitions. Deep: thinking
 * takes seconds anyway, so reading four times as much costs nothing that is felt.
 */
export const BUDGETS: Readonly<Record<Exclude<Lane, 'local'>, Budget>> = {
  fast: { total: 6_000, surroundings: 40, edits: 6 },
  deep: { total: 24_000, surroundings: 160, edits: 16 },
}

/**
 * The most of the total that each part may take, in the order of their worth: whoever comes later gets what is left. They add
 * up to more than the whole, because most requests use up none of them; the surroundings take what remains in the end.
 */
export const SHARES = {
  /** The changed lines, the enclosing block, and a few lines around. */
  region: 0.55,
  imports: 0.1,
  edits: 0.25,
  /** Definitions that the region uses, and other places that the edit touches. */
  related: 0.35,
  conventions: 0.1,
} as const

/** Lines on both sides of the region that belong to it: without them an edit has no ground to stand on. */
export const NEAREST = 15

/** The first pieces that fit together; nothing after one that does not, so that worth decides and not size. */
export function fitting<Piece>(
  pieces: readonly Piece[],
  budget: number,
  cost: (piece: Piece) => number,
): readonly Piece[] {
  let left = budget
  const kept: Piece[] = []
  for (const piece of pieces) {
    left -= cost(piece)
    if (left < 0) break
    kept.push(piece)
  }
  return kept
}
