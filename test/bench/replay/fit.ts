// Fits the weights of the embedded engine's judge to real changes.
import { fitsOf } from '../../../main/core/echo/echo.ts'
import type { Place } from '../../../main/core/echo/page.ts'
import { tokensOf } from '../../../main/core/echo/tokens.ts'
import { cutsBetween } from './cuts.ts'
import { ORDERS, realCutOf, stepsOf, type Case, type Step } from './protocol.ts'
import { fitLogistic, type Observation } from './regression.ts'

export interface FittedWeights {
  readonly kind: 'tokens' | 'block'
  readonly bias: number
  readonly of: Readonly<Record<string, number>>
  readonly observations: number
}

/**
 * The belief in small weights, as a share of all observations: places of one lesson are no independent observations, and what
 * holds in one project need not in another, so it has to be far stronger than their number says. Chosen by leaving out projects.
 */
const PENALTY = 0.012
/** A place where the line changed otherwise too, but this is part of it. */
const HALF_RIGHT = 0.7
/** Many places of one lesson say little more than few: their common weight grows with this power of their number. */
const WITHIN_STEP = 0.5
const WITHIN_CASE = 0.3

interface Found extends Omit<Observation, 'weight'> {
  readonly set: number
  readonly step: string
  readonly lesson: string
}

/**
 * One observation for each place where a lesson fits, at each step of each case: did the author change it likewise? Every set
 * of cases counts the same, however large.
 */
export function fitWeights(sets: readonly (readonly Case[])[]): readonly FittedWeights[] {
  const cases = sets.flatMap((each, set) => each.map((of) => ({ of, set })))
  return (['tokens', 'block'] as const).map((kind) => {
    let names: readonly string[] = []
    const found: Found[] = []
    for (const [index, { of, set }] of cases.entries()) {
      for (const order of ORDERS) {
        for (const [at, step] of [...stepsOf(of, order)].entries()) {
          for (const [number, { lesson, places }] of fitsOf(step.request).entries()) {
            if (lesson.kind !== 'tokens' && lesson.kind !== 'block') continue
            const text = JSON.stringify([index, lesson.old, lesson.new])
            for (const place of places) {
              if (place.evidence.kind !== kind) continue
              const signs = Object.entries(place.evidence.signs)
              names = signs.map(([name]) => name)
              found.push({
                set,
                values: signs.map(([, value]) => value),
                outcome: outcomeOf(step, place),
                step: `${index} ${order} ${at} ${number}`,
                lesson: text,
              })
            }
          }
        }
      }
    }
    const observations = weighted(found)
    const penalty = PENALTY * observations.reduce((sum, { weight }) => sum + weight, 0)
    const { bias, weights } = fitLogistic(observations, Math.max(penalty, Number.MIN_VALUE))
    return {
      kind,
      bias,
      of: Object.fromEntries(names.map((name, index) => [name, weights[index] ?? 0])),
      observations: found.length,
    }
  })
}

function weighted(found: readonly Found[]): readonly Observation[] {
  const steps = Map.groupBy(found, ({ step }) => step)
  const lessons = Map.groupBy(found, ({ lesson }) => lesson)
  const weights = found.map(
    ({ step, lesson }) =>
      (steps.get(step)?.length ?? 1) ** -WITHIN_STEP * (lessons.get(lesson)?.length ?? 1) ** -WITHIN_CASE,
  )
  const totals: number[] = []
  for (const [index, { set }] of found.entries()) totals[set] = (totals[set] ?? 0) + (weights[index] ?? 0)
  const share = found.length / Math.max(1, totals.filter((total) => total > 0).length)
  return found.map(({ values, outcome, set }, index) => ({
    values,
    outcome,
    weight: ((weights[index] ?? 0) * share) / (totals[set] ?? 1),
  }))
}

function outcomeOf(step: Step, { start, end, columns, lines }: Place): number {
  const piece = { oldStart: start - 1, oldEnd: end - 1, fresh: lines }
  if (columns === null) return Number(realCutOf(piece, step.rest) >= 0)
  const text = step.lines[start - 1] ?? ''
  const made = text.slice(0, columns.from) + (lines[0] ?? '') + text.slice(columns.to)
  if (realCutOf({ ...piece, fresh: [made] }, step.rest) >= 0) return 1
  const real = step.rest.find(({ oldStart, oldEnd }) => oldStart < start && start <= oldEnd)
  if (real === undefined || real.fresh.length !== real.oldEnd - real.oldStart) return 0
  const goal = real.fresh[start - 1 - real.oldStart] ?? ''
  return distance(made, goal) < distance(text, goal) ? HALF_RIGHT : 0
}

/** Tokens that differ. */
function distance(a: string, b: string): number {
  return cutsBetween(tokensOf(a), tokensOf(b)).reduce(
    (sum, cut) => sum + cut.oldEnd - cut.oldStart + cut.fresh.length,
    0,
  )
}
