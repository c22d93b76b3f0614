// The evidence for each place where the tokens of a lesson stand.
import { sharedContext, bestMatch, contextAround, isTextual, type Context } from './surroundings.ts'
import type { Lesson, TokenLesson } from './lesson.ts'
import { untouchedOccurrences, type Page } from './page.ts'
import { isOrphaned } from './renaming.ts'
import type { TokenSigns } from './signs.ts'
import { commonLength, isWord, solidTokensOf } from './tokens.ts'
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
const KEYWORD = new RegExp(
  `^(?:${[
    'if else for while do end then return break continue switch case default try catch finally throw raise',
    'const let var function func fn def class struct enum interface type trait impl mod package namespace new delete',
    'this self super in of is not and or as with null nil None true false True False void',
    'public private protected static final abstract async await yield import export from use using',
    'int string bool boolean number float char byte long select where the a to',
  ]
    .join(' ')
    .replaceAll(' ', '|')})$`,
)
const NAME_PATH = /^[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::|->)[\p{L}_$][\p{L}\p{N}_$]*)*$/u
const COMPOUND = /\p{Ll}\p{Lu}|._./u
const MOST_KNOWN = 20
const FAR = 8

type SignsOfPlace = Pick<
  TokenSigns,
  | 'left'
  | 'right'
  | 'partRight'
  | 'strangeRight'
  | 'unlike'
  | 'outside'
  | 'sameAbove'
  | 'behind'
  | 'textual'
  | 'textualUnlike'
  | 'perLine'
  | 'imported'
  | 'insertStrange'
  | 'insertOutside'
  | 'insertFar'
  | 'orphaned'
>

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
  return spots.map(({ line, left }, index) => {
    const here = surroundings[index] ?? { left: [], right: [] }
    const best = bestMatch(contexts, here)
    const textual = isTextual(left)
    const behind = stepsAwayFrom(page.trail, line)
    const above = (page.trail.lines[line - 2] ?? '').trim()
    const outside = restrictions.map((restriction) => restriction(here))
    return {
      ...ofLesson,
      left: best.left,
      right: best.right,
      partRight: isPart ? best.right : 0,
      strangeRight: Number(several && best.right === 0),
      unlike: Number(several && !hasAll(here, shared)),
      outside: outside[LEFT_PAIR] ?? 0,
      sameAbove: Number(above !== '' && samples.some((sample) => sample.above === above)),
      behind,
      textual: Number(textual),
      textualUnlike: Number(textual ? textualSamples === 0 : textualSamples > 0),
      perLine: (perLine.get(line)?.length ?? 1) - 1,
      imported: Number(IMPORTS.test(page.trail.lines[line - 1] ?? '')),
      insertStrange: Number(inserts && best.right === 0),
      insertOutside: inserts ? Math.max(...outside) : 0,
      insertFar: inserts ? distance(lines, line) : 0,
      orphaned: Number(orphaned && behind === 0 && !textual && !left.endsWith('.')),
    }
  })
}

type SignsOfLesson = Omit<TokenSigns, keyof SignsOfPlace>

function signsOfLesson(page: Page, lesson: TokenLesson, places: number, lessons: readonly Lesson[]): SignsOfLesson {
  const { old, new: fresh, samples } = lesson
  const tokens = solidTokensOf(old)
  const isSingle = tokens.length === 1
  const share = samples.length / (samples.length + places)
  const newest = samples[0]?.age
  const beside = lessons.filter(
    (each) => each.kind === 'tokens' && !each.isRestyled && each.samples.some(({ age }) => age === newest),
  )
  return {
    done: samples.length > 1 ? share : 0,
    few: Number(share > 0.1),
    kin: Number(likeness(old, fresh) > 0.2),
    wraps: Number(tokens.length > 0 && fresh.includes(old)),
    wordGone: Number(isSingle && solidTokensOf(fresh).length === 0),
    keyword: Number(isSingle && KEYWORD.test(old)),
    named: Number((isNumber(old) || isString(old)) && NAME_PATH.test(fresh.trim())),
    renumbered: Number(isNumber(old) && isNumber(fresh)),
    reworded: Number(isString(old) && isString(fresh)),
    compound: Number(isSingle && COMPOUND.test(old)),
    path: Number(NAME_PATH.test(old.trim()) && !isSingle),
    known:
      isSingle && isWordy(fresh)
        ? Math.log2(1 + Math.min(MOST_KNOWN, untouchedOccurrences(page, fresh.trim()).length))
        : 0,
    beside: Math.log2(1 + beside.length),
    novel: Math.min(5, novelSteps(lessons)) - 1,
    inserts: Number(tokens.length === 0),
    restyled: Number(lesson.isRestyled),
  }
}

function isNumber(text: string): boolean {
  return /^[\d.]+$/.test(text.trim())
}

function isString(text: string): boolean {
  return /^(["'`])[^"'`]*\1$/.test(text.trim())
}

function isWordy(text: string): boolean {
  return solidTokensOf(text).some(isWord)
}

/** Steps of which no lesson was taught by an earlier step too. */
function novelSteps(lessons: readonly Lesson[]): number {
  const steps = new Set<number>()
  const repeats = new Set<number>()
  for (const { samples } of lessons) {
    const oldest = Math.max(...samples.map(({ age }) => age))
    for (const { age } of samples) {
      steps.add(age)
      if (age < oldest) repeats.add(age)
    }
  }
  return steps.size - repeats.size
}

/** Share of characters that both have in common at their ends. */
function likeness(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  return (head + tail) / Math.max(1, a.length, b.length)
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

function hasAll(here: Context, shared: Context): boolean {
  return (
    commonLength(shared.left, here.left) === shared.left.length &&
    commonLength(shared.right, here.right) === shared.right.length
  )
}

function distance(lines: readonly number[], line: number): number {
  return lines.length === 0 ? FAR : Math.log2(1 + Math.min(...lines.map((each) => Math.abs(each - line))))
}
