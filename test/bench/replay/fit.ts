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

/** As strong a belief in small weights as so many observations would be. */
const PENALTY = 3
/** A place where the line changed otherwise too, but this is part of it. */
const HALF_RIGHT = 0.7
/** Many places of one lesson say little more than few: their common weight grows with this power of their number. */
const WITHIN_STEP = 0.5
const WITHIN_CASE = 0.3

interface Found extends Omit<Observation, 'weight'> {
  readonly step: string
  readonly lesson: string
}

/** One observation for each place where a lesson fits, at each step of each case: did the author change it likewise? */
export function fitWeights(cases: readonly Case[]): readonly FittedWeights[] {
  return (['tokens', 'block'] as const).map((kind) => {
    let names: readonly string[] = []
    const found: Found[] = []
    for (const [index, each] of cases.entries()) {
      for (const order of ORDERS) {
        for (const [at, step] of [...stepsOf(each, order)].entries()) {
          for (const [number, { lesson, places }] of fitsOf(step.request).entries()) {
            if (lesson.kind !== 'tokens' && lesson.kind !== 'block') continue
            const text = JSON.stringify([index, lesson.old, lesson.new])
            for (const place of places) {
              if (place.evidence.kind !== kind) continue
              const signs = Object.entries(place.evidence.signs)
              names = signs.map(([name]) => name)
              found.push({
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
    const { bias, weights } = fitLogistic(weighted(found), PENALTY)
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
  return found.map(({ values, outcome, step, lesson }) => ({
    values,
    outcome,
    weight: (steps.get(step)?.length ?? 1) ** -WITHIN_STEP * (lessons.get(lesson)?.length ?? 1) ** -WITHIN_CASE,
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
