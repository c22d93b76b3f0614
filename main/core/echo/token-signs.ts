// The evidence for each place where the tokens of a lesson stand.
import { sharedContext, bestMatch, contextAround, isTextual, type Context } from './surroundings.ts'
import { signsOfLesson, type SignsOfLesson } from './lesson-signs.ts'
import type { Lesson, TokenLesson } from './lesson.ts'
import type { Page } from './page.ts'
import { isOrphaned } from './renaming.ts'
import type { TokenSigns } from './signs.ts'
import { commonLength, shareInCommon, solidTokensOf } from './tokens.ts'
import { stepsAwayFrom } from './trail.ts'

/** Where the old tokens stand in a line. */
export interface Spot {
  readonly line: number
  /** 0-based columns, end exclusive. */
  readonly from: number
  readonly to: number
  /** What stands before and behind in the line. */
  readonly left: string
  readonly right: string
}

const IMPORTS = /^\s*(?:import|from|use|using|require|#include|package|export .* from|const .*= require)\b/
const FAR = 8
/** Newest examples with which a line is compared as a whole. */
const MAX_LIKENED = 8

type SignsOfPlace = Omit<TokenSigns, keyof SignsOfLesson>

/** One for each of `spots`, in order. */
export function signsOf(
  page: Page,
  lesson: TokenLesson,
  spots: readonly Spot[],
  lessons: readonly Lesson[],
): readonly TokenSigns[] {
  const { samples } = lesson
  const contexts = samples.map((sample) => contextAround(sample.left, sample.right))
  const shared = sharedContext(contexts)
  const surroundings = spots.map(({ left, right }) => contextAround(left, right))
  const several = samples.length > 1
  const restrictions = restrictionsOf(contexts, surroundings)
  const isPart = samples.every((sample) => sample.isPart)
  const inserts = lesson.old === ''
  const ofLesson = signsOfLesson(page, lesson, spots.length, lessons)
  const lines = samples.flatMap(({ line }) => (line === null ? [] : [line]))
  const textualSamples = samples.filter(({ left }) => isTextual(left)).length
  const orphaned = spots.length > 0 && isOrphaned(page, lesson)
  const perLine = Map.groupBy(spots, ({ line }) => line)
  const sampleLines = samples.slice(0, MAX_LIKENED).map((each) => tokenSet(each.left + each.old + each.right))
  const likeness = new Map(
    [...perLine.keys()].map((line) => {
      const here = tokenSet(page.trail.lines[line - 1] ?? '')
      return [line, Math.max(0, ...sampleLines.map((each) => shareInCommon(each, here)))]
    }),
  )
  const matches = surroundings.map((here) => bestMatch(contexts, here))
  const tally = Map.groupBy(matches, ({ left, right }) => left + right)
  const betterThan = (own: number): number =>
    [...tally].reduce((sum, [agreement, { length }]) => (agreement > own ? sum + length : sum), 0)
  return spots.map(({ line, left }, index): TokenSigns => {
    const here = surroundings[index] ?? { left: [], right: [] }
    const best = matches[index] ?? { left: 0, right: 0 }
    const textual = isTextual(left)
    const behind = stepsAwayFrom(page.trail, line)
    const above = (page.trail.lines[line - 2] ?? '').trim()
    const below = (page.trail.lines[line] ?? '').trim()
    const outside = restrictions.map((restriction) => restriction(here))
    const place: SignsOfPlace = {
      left: best.left,
      right: best.right,
      partRight: isPart ? best.right : 0,
      strangeRight: Number(several && best.right === 0),
      unlike: Number(several && !hasAll(here, shared)),
      outside: outside[LEFT_PAIR] ?? 0,
      sameAbove: Number(above !== '' && samples.some((sample) => sample.above === above)),
      sameBelow: Number(below !== '' && samples.some((sample) => sample.below === below)),
      likeLine: likeness.get(line) ?? 0,
      behind,
      textual: Number(textual),
      textualUnlike: Number(textual ? textualSamples === 0 : textualSamples > 0),
      perLine: (perLine.get(line)?.length ?? 1) - 1,
      imported: Number(IMPORTS.test(page.trail.lines[line - 1] ?? '')),
      insertStrange: Number(inserts && best.right === 0),
      insertOutside: inserts ? Math.max(...outside) : 0,
      insertFar: inserts ? distance(lines, line) : 0,
      orphaned: Number(orphaned && behind === 0 && !textual && !left.endsWith('.')),
      better: Math.log2(1 + betterThan(best.left + best.right)),
    }
    return { ...ofLesson, ...place }
  })
}

const LEFT_PAIR = 1

/** How far examples that share one or two tokens on one side speak against a place without them, in bits; see `outside`. */
function restrictionsOf(
  examples: readonly Context[],
  places: readonly Context[],
): readonly ((place: Context) => number)[] {
  const measures = [
    ({ left }: Context) => left[0] ?? '',
    ({ left }: Context) => left.slice(0, 2).join(' '),
    ({ right }: Context) => right[0] ?? '',
    ({ right }: Context) => right.slice(0, 2).join(' '),
  ]
  return measures.map((measure) => {
    const [common, ...others] = new Set(examples.map(measure))
    if (common === undefined || others.length > 0) return () => 0
    const within = places.filter((place) => measure(place) === common).length
    const chance = (within + examples.length) / (places.length + examples.length)
    const bits = Math.min(8, -examples.length * Math.log2(chance))
    return (place) => (measure(place) === common ? 0 : bits)
  })
}

function tokenSet(text: string): ReadonlySet<string> {
  return new Set(solidTokensOf(text))
}

function hasAll(here: Context, shared: Context): boolean {
  return (
    commonLength(shared.left, here.left) === shared.left.length &&
    commonLength(shared.right, here.right) === shared.right.length
  )
}

function distance(lines: readonly number[], line: number): number {
  return lines.length === 0 ? FAR : Math.log2(1 + Math.min(...lines.map((each) => Math.abs(each - line))))
}
