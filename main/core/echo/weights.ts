// What each sign weighs for the judge.
import type { BlockSigns, TokenSigns } from './signs.ts'

export interface Weights<Signs> {
  readonly bias: number
  readonly of: { readonly [Sign in keyof Signs]: number }
}

/**
 * Fitted by `npm run bench -- replay --cases FILE … --fit` (ridge-penalised logistic regression; test/bench/replay/fit.ts) to
 * some 180,000 places in 1,900 real changes: single commits of five projects, and small steps between published versions of
 * a dozen libraries and of the modules of Python's standard library, in Python, JavaScript, TypeScript, C, C++, Objective-C,
 * Java, Kotlin, Swift, Go, CSS, Markdown and others. Which signs there are, how strong the penalty is and the constants in
 * judge.ts were chosen by how well they do on the projects left out of the fit. (Boosted trees on these and on thirty further
 * signs, and separate weights for one and for several examples, did no better there.) Only `orphaned` and `restyled` are set
 * by hand, for want of cases.
 */
export const TOKEN_WEIGHTS: Weights<TokenSigns> = {
  bias: -1.05,
  of: {
    done: 2.34,
    few: 0.48,
    kin: 0.56,
    wraps: -0.42,
    wordGone: -0.71,
    keyword: -0.63,
    named: 1.61,
    renumbered: 0.07,
    reworded: 1.53,
    compound: 0.23,
    path: 0.6,
    known: -0.19,
    beside: -0.33,
    novel: -0.22,
    inserts: 0.03,
    restyled: -0.33,
    height: -0.3,
    oldLength: 0.23,
    newWords: -0.38,
    left: 0.18,
    right: 0.28,
    partRight: -0.39,
    strangeRight: -0.26,
    unlike: -0.5,
    outside: -0.08,
    sameAbove: 0.5,
    sameBelow: 0.18,
    likeLine: 0.95,
    behind: -0.63,
    textual: -0.24,
    textualUnlike: -0.49,
    perLine: -0.31,
    imported: -0.82,
    insertStrange: -0.78,
    insertOutside: -0.17,
    insertFar: -0.07,
    orphaned: 1.9,
    better: -0.04,
  },
}

export const BLOCK_WEIGHTS: Weights<BlockSigns> = {
  bias: 0.52,
  of: {
    several: 0.6,
    samples: 0.66,
    above: 0.58,
    below: 0.09,
    neighbourWords: 0.25,
    newLines: -0.5,
    kin: 3.65,
    near: -0.22,
    occurrences: -0.13,
    behind: -0.65,
  },
}
