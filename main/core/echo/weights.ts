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
  bias: 0.51,
  of: {
    left: 0.34,
    right: 0.3,
    partRight: -0.36,
    done: 3.04,
    few: 0.53,
    strangeRight: -0.53,
    unlike: -0.64,
    outside: -0.12,
    sameAbove: 0.6,
    kin: 0.66,
    wraps: -0.58,
    wordGone: -1.08,
    keyword: -0.93,
    named: 1.48,
    renumbered: -1.13,
    reworded: 1.18,
    compound: 0.41,
    path: 0.83,
    known: -0.23,
    beside: -1.04,
    novel: -0.29,
    behind: -0.75,
    textual: -0.58,
    textualUnlike: -0.77,
    perLine: -0.5,
    imported: -0.88,
    inserts: -0.28,
    insertStrange: -1.09,
    insertOutside: -0.42,
    insertFar: -0.1,
    orphaned: 2.5,
    restyled: -0.5,
  },
}

export const BLOCK_WEIGHTS: Weights<BlockSigns> = {
  bias: -0.33,
  of: {
    several: 1.47,
    done: 2.39,
    below: 0.82,
    both: -0.33,
    neighbourWords: 0.29,
    words: 0.32,
    newLines: -0.3,
    gone: -1.16,
    occurrences: -0.06,
    old: -0.22,
    behind: -0.61,
  },
}
