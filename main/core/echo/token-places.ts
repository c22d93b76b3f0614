// Where else the tokens of a lesson stand.
import type { Lesson, Sample, TokenLesson } from './lesson.ts'
import { MAX_COLUMNS, untouchedOccurrences, type Page, type Place } from './page.ts'
import { contextAround, sharedContext, type Context } from './surroundings.ts'
import { signsOf, type Spot } from './token-signs.ts'
import { isSpecific, tokensOf } from './tokens.ts'

/** What one example fits in more often than this is a property of the file. */
const MAX_SPOTS = 200

/** `lessons`: every lesson, because they tell what kind of session this is. */
export function tokenPlaces(page: Page, lesson: TokenLesson, lessons: readonly Lesson[]): readonly Place[] {
  const needle = needleOf(lesson)
  if (needle === null) return []
  const spots = spotsOf(page, lesson, needle)
  if (spots.length > MAX_SPOTS && lesson.samples.length === 1) return []
  const signs = signsOf(page, lesson, spots, lessons)
  return spots.flatMap(({ line, from, to }, index) => {
    const known = signs[index]
    if (known === undefined) return []
    const evidence = { kind: 'tokens', signs: known } as const
    return [{ start: line, end: line + 1, columns: { from, to }, lines: [lesson.new], evidence }]
  })
}

/**
 * The lines just edited are left out, and so are those that have the new tokens already. Who revises an earlier edit of theirs
 * means the places that it went to as well.
 */
function spotsOf(page: Page, lesson: TokenLesson, needle: Needle): readonly Spot[] {
  const revises = lesson.samples.some(({ age, line }) => age === 0 && line !== null && page.trail.isRevised(line))
  return untouchedOccurrences(page, needle.text, revises ? 0 : undefined).flatMap(({ offset, line }) => {
    const text = page.trail.lines[line - 1] ?? ''
    const from = offset - (page.offsets[line - 1] ?? 0) + needle.before
    const to = from + lesson.old.length
    const spot = { line, from, to, left: text.slice(0, from), right: text.slice(to) }
    return text.length > MAX_COLUMNS || isDone(lesson, spot) ? [] : [spot]
  })
}

interface Needle {
  readonly text: string
  /** Characters of `text` that stand before the tokens to be replaced. */
  readonly before: number
}

/** What to look for: the old tokens, with as much context as gives them a word. null: nothing specific enough. */
function needleOf(lesson: TokenLesson): Needle | null {
  if (tokensOf(lesson.old).some(isSpecific)) return { text: lesson.old, before: 0 }
  const [sample] = lesson.samples
  if (sample === undefined) return null
  const shared: Context = sharedContext(lesson.samples.map(({ left, right }) => contextAround(left, right)))
  const left = upToWord(sample, 'left', shared.left.length)
  const right = upToWord(sample, 'right', shared.right.length)
  if (left === null && right === null) return null
  return { text: (left ?? '') + lesson.old + (right ?? ''), before: (left ?? '').length }
}

/** The text next to the edit up to and with the nearest word, if that is within `limit` tokens. */
function upToWord(sample: Sample, side: 'left' | 'right', limit: number): string | null {
  const tokens = side === 'left' ? tokensOf(sample.left).toReversed() : tokensOf(sample.right)
  const taken: string[] = []
  let count = 0
  for (const token of tokens) {
    taken.push(token)
    if (token.trim() === '') continue
    count += 1
    if (count > limit) return null
    if (isSpecific(token)) return (side === 'left' ? taken.toReversed() : taken).join('')
  }
  return null
}

/** Whether the new tokens stand here already, around the old ones (`f(a)` → `await f(a)`). */
function isDone(lesson: TokenLesson, spot: Spot): boolean {
  if (lesson.old === '') {
    const inserted = lesson.new.trim()
    return spot.left.trimEnd().endsWith(inserted) || spot.right.trimStart().startsWith(inserted)
  }
  const at = lesson.new.indexOf(lesson.old)
  if (at < 0) return false
  const head = lesson.new.slice(0, at).trimStart()
  const tail = lesson.new.slice(at + lesson.old.length).trimEnd()
  return spot.left.endsWith(head) && spot.right.startsWith(tail)
}
