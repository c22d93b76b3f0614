// How likely an echo is wanted: what speaks for and against a place, weighed.
import type { BlockSigns, Evidence, TokenSigns } from './signs.ts'
import { BLOCK_WEIGHTS, TOKEN_WEIGHTS, type Weights } from './weights.ts'

/** Below this an echo is not worth the interruption: knowing when to be silent is most of the art. */
export const WORTH_SAYING = 0.65
/** Tokens that were inserted are missed less where they are not, and authors are less consistent about them. */
const INSERTIONS_LESS = 0.15

/** From 0 to 1, by logistic regression. */
export function confidenceOf(evidence: Evidence): number {
  if (evidence.kind === 'set') return evidence.confidence
  if (evidence.kind === 'block') return logistic(weigh(BLOCK_WEIGHTS, evidence.signs))
  return logistic(weigh(TOKEN_WEIGHTS, evidence.signs)) - INSERTIONS_LESS * evidence.signs.inserts
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

function weigh<Signs extends TokenSigns | BlockSigns>(weights: Weights<Signs>, signs: Signs): number {
  let sum = weights.bias
  for (const name in weights.of) sum += weights.of[name] * Number(signs[name])
  return sum
}
