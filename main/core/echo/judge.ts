// How likely an echo is wanted: what speaks for and against a place, weighed; and how likely is likely enough.
import type { Lesson } from './lesson.ts'
import type { Fit } from './page.ts'
import type { BlockSigns, Evidence, TokenSigns } from './signs.ts'
import { BLOCK_WEIGHTS, TOKEN_WEIGHTS, type Weights } from './weights.ts'

/** Below this an echo is not worth the interruption: knowing when to be silent is most of the art. */
export const WORTH_SAYING = 0.58
/** Tokens that were inserted are missed less where they are not, and authors are less consistent about them. */
const INSERTIONS_LESS = 0.15
/** What was done once and not again in the next step: the person has gone on to something else. */
const ONCE_AND_LEFT = 0.1
/** Several examples make the judge surer than it is right. */
const SEVERAL = 0.09

/** From 0 to 1. */
export type Judge = (evidence: Evidence) => number

/** By logistic regression. */
export const confidenceOf: Judge = (evidence) => {
  if (evidence.kind === 'set') return evidence.confidence
  if (evidence.kind === 'block') return logistic(weigh(BLOCK_WEIGHTS, evidence.signs))
  return logistic(weigh(TOKEN_WEIGHTS, evidence.signs)) - INSERTIONS_LESS * evidence.signs.inserts
}

/**
 * The places that are likely enough to be shown. `bound`: for a lesson that was just taught for the first time. Set by replay
 * of real changes (`npm run bench -- replay --curve`).
 */
export function worthSaying({ lesson, places }: Fit, bound: number): Fit['places'] {
  const least = boundFor(lesson, bound)
  return places.filter(({ confidence }) => confidence >= least)
}

function boundFor({ samples }: Lesson, bound: number): number {
  if (samples.length > 1) return bound + SEVERAL
  return samples[0]?.age === 0 ? bound : bound + ONCE_AND_LEFT
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

function weigh<Signs extends TokenSigns | BlockSigns>(weights: Weights<Signs>, signs: Signs): number {
  let sum = weights.bias
  for (const name in weights.of) sum += weights.of[name] * Number(signs[name])
  return sum
}
