// What each sign weighs for the judge.
import type { BlockSigns, TokenSigns } from './signs.ts'

export interface Weights<Signs> {
  readonly bias: number
  readonly of: { readonly [Sign in keyof Signs]: number }
}

/**
 * Fitted by `npm run bench -- replay --fit` (ridge-penalised logistic regression) to places of real changes: those that the
 * author changed likewise, and those that were left alone. Only `orphaned` and `restyled` are set by hand, for want of cases.
 */
export const TOKEN_WEIGHTS: Weights<TokenSigns> = {
  bias: 0.52,
  of: {
    left: 0.34,
    right: 0.3,
    partRight: -0.36,
    done: 3.05,
    few: 0.53,
    strangeRight: -0.51,
    unlike: -0.65,
    outside: -0.12,
    sameAbove: 0.6,
    kin: 0.63,
    wraps: -0.57,
    wordGone: -1.08,
    keyword: -0.94,
    named: 1.48,
    renumbered: -1.14,
    reworded: 1.17,
    compound: 0.46,
    path: 0.83,
    known: -0.23,
    beside: -1.04,
    novel: -0.29,
    behind: -0.75,
    textual: -0.6,
    textualUnlike: -0.82,
    perLine: -0.49,
    imported: -0.89,
    inserts: -0.27,
    insertStrange: -1.1,
    insertOutside: -0.42,
    insertFar: -0.1,
    orphaned: 2.5,
    restyled: -0.5,
  },
}

export const BLOCK_WEIGHTS: Weights<BlockSigns> = {
  bias: -0.26,
  of: {
    several: 2.22,
    below: 0.82,
    both: -0.33,
    neighbourWords: 0.29,
    words: 0.32,
    newLines: -0.3,
    gone: -1.16,
    occurrences: -0.08,
    old: -0.23,
    behind: -0.61,
  },
}
