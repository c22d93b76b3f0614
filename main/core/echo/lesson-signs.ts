// The evidence that all places of a token lesson share: what kind of edit it is, and how it came about.
import type { Lesson, TokenLesson } from './lesson.ts'
import { untouchedOccurrences, type Page } from './page.ts'
import type { TokenSigns } from './signs.ts'
import { isWord, solidTokensOf } from './tokens.ts'

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

export type SignsOfLesson = Pick<
  TokenSigns,
  | 'done'
  | 'few'
  | 'kin'
  | 'wraps'
  | 'wordGone'
  | 'keyword'
  | 'named'
  | 'renumbered'
  | 'reworded'
  | 'compound'
  | 'path'
  | 'known'
  | 'beside'
  | 'novel'
  | 'inserts'
  | 'restyled'
  | 'height'
  | 'oldLength'
  | 'newWords'
>

/** `places`: where it fits; `lessons`: every lesson, because they tell what kind of session this is. */
export function signsOfLesson(
  page: Page,
  lesson: TokenLesson,
  places: number,
  lessons: readonly Lesson[],
): SignsOfLesson {
  const { old, new: fresh, samples } = lesson
  const tokens = solidTokensOf(old)
  const freshTokens = solidTokensOf(fresh)
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
    wordGone: Number(isSingle && freshTokens.length === 0),
    keyword: Number(isSingle && KEYWORD.test(old)),
    named: Number((isNumber(old) || isString(old)) && NAME_PATH.test(fresh.trim())),
    renumbered: Number(isNumber(old) && isNumber(fresh)),
    reworded: Number(isString(old) && isString(fresh)),
    compound: Number(isSingle && COMPOUND.test(old)),
    path: Number(NAME_PATH.test(old.trim()) && !isSingle),
    known:
      isSingle && freshTokens.some(isWord)
        ? Math.log2(1 + Math.min(MOST_KNOWN, untouchedOccurrences(page, fresh.trim()).length))
        : 0,
    beside: Math.log2(1 + beside.length),
    novel: Math.min(5, novelSteps(lessons)) - 1,
    inserts: Number(tokens.length === 0),
    restyled: Number(lesson.isRestyled),
    height: Math.log2(samples[0]?.height ?? 1),
    oldLength: Math.log2(1 + old.trim().length),
    newWords: Math.log2(1 + freshTokens.filter(isWord).length),
  }
}

function isNumber(text: string): boolean {
  return /^[\d.]+$/.test(text.trim())
}

function isString(text: string): boolean {
  return /^(["'`])[^"'`]*\1$/.test(text.trim())
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
