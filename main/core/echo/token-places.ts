// Where else the tokens of a lesson stand.
import { tokenConfidence } from './judge.ts'
import { MAX_COLUMNS, type Lesson, type Sample, type TokenLesson } from './lesson.ts'
import { isOrphaned } from './renaming.ts'
import { lineAt, occurrences, type Page, type Place } from './page.ts'
import { commonLength, contextOf, isWholeTokens, isWord, tokensOf } from './tokens.ts'
import { stepsAwayFrom } from './trail.ts'

/** Tokens of context that are compared on each side. */
const CONTEXT = 4

interface Context {
  readonly left: readonly string[]
  readonly right: readonly string[]
}

interface Spot {
  readonly line: number
  readonly from: number
  readonly to: number
  readonly left: string
  readonly right: string
}

/** `all`: every lesson, because one that contradicts another makes both less certain. */
export function tokenPlaces(page: Page, lesson: TokenLesson, all: readonly Lesson[]): readonly Place[] {
  const contexts = lesson.samples.map((sample) => contextAround(sample.left, sample.right))
  const shared = sharedContext(contexts)
  const needle = needleOf(lesson, shared)
  if (needle === null) return []
  const { spots, untouched } = spotsOf(page, lesson, needle)
  const tokens = tokensOf(lesson.old).filter((token) => token.trim() !== '')
  const several = lesson.samples.length > 1
  const common = {
    several: Number(several),
    length: Math.log2(1 + lesson.old.length),
    words: Math.min(4, tokens.filter(isWord).length),
    single: Number(tokens.length === 1),
    occurrences: Math.log2(1 + untouched),
    places: Math.log2(spots.length),
    rivals: Math.min(2, rivalsOf(lesson, all)),
    old: Number(lesson.samples[0]?.age !== 0),
  }
  const orphaned = spots.length > 0 && isOrphaned(page, lesson)
  return spots.map(({ line, from, to, left, right }) => {
    const here = contextAround(left, right)
    const isLikeAll =
      commonLength(shared.left, here.left) === shared.left.length &&
      commonLength(shared.right, here.right) === shared.right.length
    const behind = stepsAwayFrom(page.trail, line)
    const textual = isTextual(left)
    const confidence = tokenConfidence({
      ...common,
      ...bestMatch(contexts, here),
      likeAll: Number(several && isLikeAll),
      unlikeAll: Number(several && !isLikeAll),
      whole: Number(lesson.samples.some((sample) => sample.left.trim() === left.trim() && sample.right === right)),
      behind,
      textual: Number(textual),
      orphaned: Number(orphaned && behind === 0 && !textual && !left.endsWith('.')),
    })
    return { start: line, end: line + 1, columns: { from, to }, lines: [lesson.new], confidence }
  })
}

/** The lines just edited are left out, and so are those that have the new tokens already. */
function spotsOf(
  page: Page,
  lesson: TokenLesson,
  needle: Needle,
): { readonly spots: readonly Spot[]; readonly untouched: number } {
  const spots: Spot[] = []
  let untouched = 0
  for (const offset of occurrences(page, needle.text)) {
    const line = lineAt(page, offset)
    if (!isWholeTokens(page.text, offset, offset + needle.text.length) || page.trail.isTouched(line)) continue
    untouched += 1
    const text = page.trail.lines[line - 1] ?? ''
    const from = offset - (page.offsets[line - 1] ?? 0) + needle.before
    const to = from + lesson.old.length
    const spot = { line, from, to, left: text.slice(0, from), right: text.slice(to) }
    if (text.length <= MAX_COLUMNS && !isDone(lesson, spot)) spots.push(spot)
  }
  return { spots, untouched }
}

function rivalsOf(lesson: TokenLesson, all: readonly Lesson[]): number {
  return all.filter((other) => other.kind === 'tokens' && other.old === lesson.old && other.new !== lesson.new).length
}

function contextAround(left: string, right: string): Context {
  return { left: contextOf(left, 'left', CONTEXT), right: contextOf(right, 'right', CONTEXT) }
}

/** What all samples have in common next to the edit. */
function sharedContext([first, ...others]: readonly Context[]): Context {
  if (first === undefined) return { left: [], right: [] }
  const left = Math.min(first.left.length, ...others.map((other) => commonLength(first.left, other.left)))
  const right = Math.min(first.right.length, ...others.map((other) => commonLength(first.right, other.right)))
  return { left: first.left.slice(0, left), right: first.right.slice(0, right) }
}

interface Needle {
  readonly text: string
  /** Characters of `text` that stand before the tokens to be replaced. */
  readonly before: number
}

/** What to look for: the old tokens, with as much context as gives them a word. null: nothing specific enough. */
function needleOf(lesson: TokenLesson, shared: Context): Needle | null {
  if (tokensOf(lesson.old).some(isSpecific)) return { text: lesson.old, before: 0 }
  const [sample] = lesson.samples
  if (sample === undefined) return null
  const left = upToWord(sample, 'left', shared.left.length)
  const right = upToWord(sample, 'right', shared.right.length)
  if (left === null && right === null) return null
  return { text: (left ?? '') + lesson.old + (right ?? ''), before: (left ?? '').length }
}

function isSpecific(token: string): boolean {
  return isWord(token) && token.length > 1
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

function bestMatch(contexts: readonly Context[], here: Context): { readonly left: number; readonly right: number } {
  let best = { left: 0, right: 0 }
  for (const context of contexts) {
    const left = matching(context.left, here.left)
    const right = matching(context.right, here.right)
    if (left + right > best.left + best.right) best = { left, right }
  }
  return best
}

/** Where both lines end, the end counts as one more token that matches. */
function matching(a: readonly string[], b: readonly string[]): number {
  const count = commonLength(a, b)
  return count === a.length && count === b.length ? Math.min(CONTEXT, count + 1) : count
}

/** Good enough for a guess: what is left of the place begins a comment, or opens a quote that it does not close. */
function isTextual(left: string): boolean {
  return /^\s*(?:[/#*]|--)|\/\//.test(left) || (left.match(/["'`]/g)?.length ?? 0) % 2 === 1
}
