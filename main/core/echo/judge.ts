// How likely an echo is wanted: what speaks for and against a place, weighed.

/** What is known of a place where a token lesson fits. Truth values are 0 or 1. */
export interface TokenSigns {
  /** Learnt from more than one edit. */
  readonly several: number
  /** `several`, and the place has all the context that those edits share. */
  readonly likeAll: number
  /** `several`, and it lacks some of it. */
  readonly unlikeAll: number
  /** Tokens (at most 4) that agree with the most similar edit on the left and on the right. */
  readonly left: number
  readonly right: number
  /** The whole line is one that was edited. */
  readonly whole: number
  /** log2(1 + characters) of the old tokens, and how many words (at most 4) they hold. */
  readonly length: number
  readonly words: number
  /** The old tokens are a single one. */
  readonly single: number
  /** log2(1 + occurrences outside the lines just edited), and log2 of the places among them. */
  readonly occurrences: number
  readonly places: number
  /** Other things (at most 2) that the same old tokens became elsewhere. */
  readonly rivals: number
  /** Not learnt from the change at hand, only from earlier ones. */
  readonly old: number
  /** Steps (at most 3) by which the person has moved away from here, always in one direction. */
  readonly behind: number
  /** In a comment or a string literal. */
  readonly textual: number
  /** It names what was renamed at its declaration: left alone, it would name nothing. */
  readonly orphaned: number
}

/** What is known of a place where lines were found that were replaced or removed elsewhere. */
export interface BlockSigns {
  readonly several: number
  /** The line below, and both neighbours, are the ones of such an edit. */
  readonly below: number
  readonly both: number
  /** log2(1 + words) of the neighbours and of the old lines. */
  readonly neighbourWords: number
  readonly words: number
  readonly newLines: number
  /** The lines were removed, nothing came instead. */
  readonly gone: number
  readonly occurrences: number
  readonly old: number
  readonly behind: number
}

/** Below this an echo is not worth the interruption: knowing when to be silent is most of the art. */
export const WORTH_SAYING = 0.6

/**
 * A logistic regression: the weights were fitted to edits that were wanted and edits that were not. Only the weight of
 * `orphaned` is set by hand, because a reference to nothing is an error whatever the statistics say.
 */
export function tokenConfidence(signs: TokenSigns): number {
  return logistic(
    0.2 +
      0.4 * signs.several +
      0.9 * signs.likeAll -
      0.6 * signs.unlikeAll +
      0.2 * signs.left +
      0.3 * signs.right -
      (signs.right === 0 ? 0.6 : 0) +
      0.6 * signs.whole +
      0.8 * signs.length -
      1.0 * signs.words -
      0.8 * signs.single -
      0.75 * signs.occurrences +
      0.4 * signs.places -
      1.0 * signs.rivals -
      0.7 * signs.old -
      0.9 * signs.behind -
      0.7 * signs.textual +
      2.5 * signs.orphaned,
  )
}

/** As `tokenConfidence`. */
export function blockConfidence(signs: BlockSigns): number {
  return logistic(
    -0.1 +
      2.1 * signs.several +
      0.6 * signs.below +
      1.0 * signs.both +
      0.75 * signs.neighbourWords +
      0.2 * signs.words -
      0.35 * signs.newLines -
      1.65 * signs.gone -
      0.35 * signs.occurrences -
      0.35 * signs.old -
      0.6 * signs.behind,
  )
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value))
}
