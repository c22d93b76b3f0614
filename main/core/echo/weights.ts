// What each sign weighs for the judge.
import type { BlockSigns, TokenSigns } from './signs.ts'

export interface Weights<Signs> {
  readonly bias: number
  readonly of: { readonly [Sign in keyof Signs]: number }
}

/**
 * Fitted by `npm run bench -- replay --cases FILE … --fit` (ridge-penalised logistic regression; test/bench/replay/fit.ts) to
 * some 66,000 places in 900 real changes of fourteen projects in JavaScript, TypeScript, Python, Go, SCSS, CSS and Markdown:
 * those that the author changed likewise, and those that were left alone. `better` and `height` came in, and all were scaled
 * together, in a second fit; that was judged with each of four projects left out in turn, while the weights before it had seen
 * all four: expect less elsewhere. (Boosted trees on these and on twenty-four further signs did worse on the project left out:
 * there is too little variety in the data for them.) Only `orphaned` and `restyled` are set by hand, for want of cases.
 */
export const TOKEN_WEIGHTS: Weights<TokenSigns> = {
  bias: 0.6,
  of: {
    left: 0.21,
    right: 0.21,
    partRight: -0.23,
    done: 1.87,
    few: 0.35,
    strangeRight: -0.25,
    unlike: -0.37,
    outside: -0.09,
    sameAbove: 0.4,
    kin: 0.51,
    wraps: -0.49,
    wordGone: -0.68,
    keyword: -0.62,
    named: 1.45,
    renumbered: -0.72,
    reworded: 0.83,
    compound: 0.3,
    path: 0.48,
    known: -0.14,
    beside: -0.74,
    novel: -0.18,
    behind: -0.52,
    textual: -0.39,
    textualUnlike: -0.5,
    perLine: -0.31,
    imported: -0.6,
    inserts: -0.14,
    insertStrange: -0.64,
    insertOutside: -0.31,
    insertFar: -0.08,
    orphaned: 1.67,
    restyled: -0.33,
    better: -0.15,
    height: -0.2,
  },
}

export const BLOCK_WEIGHTS: Weights<BlockSigns> = {
  bias: -0.3,
  of: {
    several: 1.55,
    done: 2.58,
    below: 0.73,
    both: -0.32,
    neighbourWords: 0.3,
    words: 0.38,
    newLines: -0.34,
    gone: -1.35,
    occurrences: -0.03,
    old: -0.29,
    behind: -0.6,
  },
}
