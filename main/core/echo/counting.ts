// Numbers that moved on: 1 became 2, then 2 became 3, so what counts on below moves on as well.
import type { Sample } from './lesson.ts'
import { MAX_COLUMNS, type Page, type Place } from './page.ts'
import { isWord, solidTokensOf, tokensOf } from './tokens.ts'

/** Numbers between the same neighbours became numbers that are `by` more. */
export interface CountingLesson {
  readonly kind: 'counting'
  readonly by: number
  readonly frame: Frame
  /** At least two, of different numbers; newest first. */
  readonly samples: readonly Sample[]
}

/** What stands around such a number: the tokens beside it, and what precedes it in its own word (`item` in `item12`). */
interface Frame {
  readonly left: string
  readonly stem: string
  readonly right: string
}

/** Set by hand: a series that was begun twice and goes on is hardly ever meant otherwise. */
const CONFIDENCE = 0.85
const NUMBERED = /^(.*?)(\d{1,9})$/

export function countingLessons(samples: readonly Sample[]): readonly CountingLesson[] {
  const found = new Map<string, { by: number; frame: Frame; samples: Sample[] }>()
  for (const sample of samples) {
    const old = NUMBERED.exec(sample.old.trim())
    const fresh = NUMBERED.exec(sample.new.trim())
    if (old === null || fresh === null || old[1] !== fresh[1] || sample.line === null) continue
    const frame = frameOf(sample.left, old[1] ?? '', sample.right)
    const by = Number(fresh[2]) - Number(old[2])
    const key = JSON.stringify([by, frame])
    const known = found.get(key)
    if (known === undefined) found.set(key, { by, frame, samples: [sample] })
    else known.samples.push(sample)
  }
  return [...found.values()].flatMap((lesson) =>
    new Set(lesson.samples.map(({ old }) => old)).size > 1 ? [{ kind: 'counting' as const, ...lesson }] : [],
  )
}

/** A sign that stands alone says little: a series needs a word beside its numbers, or to begin its lines. */
function frameOf(left: string, stem: string, right: string): Frame {
  const before = solidTokensOf(left)
  const word = before.findLastIndex(isWord)
  const near = word < 0 ? before.slice(-3) : before.slice(word)
  return { left: near.slice(-4).join(' '), stem, right: solidTokensOf(right)[0] ?? '' }
}

/** So many lines without a number of the series end it. */
const MAX_GAP = 200

/**
 * The numbers below the first example that go on from it by ones, in the same frame, up to the first that does not: those of
 * them that were not written yet. None when an example is no part of that series. O(lines of the series and of one gap).
 */
export function countingPlaces(page: Page, { by, frame, samples }: CountingLesson): readonly Place[] {
  const done = new Map<number, number>()
  for (const { line, old } of samples) if (line !== null) done.set(line, Number(NUMBERED.exec(old.trim())?.[2]))
  const first = Math.min(...done.keys())
  let expected = done.get(first) ?? 0
  let last = first
  let seen = 0
  const places: Place[] = []
  for (let line = first; line <= page.trail.lines.length && line - last <= MAX_GAP; line += 1) {
    const written = done.get(line)
    const found = written === undefined && !page.trail.isTouched(line) ? numberIn(page, frame, line) : null
    const number = written ?? found?.number
    if (number === undefined) continue
    if (number !== expected) break
    if (found !== null) places.push(placeOf(line, found, by))
    seen += Number(written !== undefined)
    expected += 1
    last = line
  }
  return seen === done.size ? places : []
}

interface NumberInLine {
  readonly number: number
  readonly from: number
  readonly to: number
  /** 009 goes on to 010. */
  readonly padding: number
}

function placeOf(line: number, { number, from, to, padding }: NumberInLine, by: number): Place {
  const evidence = { kind: 'set', confidence: CONFIDENCE } as const
  return {
    start: line,
    end: line + 1,
    columns: { from, to },
    lines: [String(number + by).padStart(padding, '0')],
    evidence,
  }
}

/** The first in this line that stands in the frame. */
function numberIn(page: Page, frame: Frame, line: number): NumberInLine | null {
  const text = page.trail.lines[line - 1] ?? ''
  if (text.length > MAX_COLUMNS || !/\d/.test(text)) return null
  let at = 0
  for (const token of tokensOf(text)) {
    const digits = NUMBERED.exec(token)
    const end = at + token.length
    if (digits !== null && digits[1] === frame.stem) {
      const here = frameOf(text.slice(0, at), frame.stem, text.slice(end))
      const number = digits[2] ?? ''
      const padding = number.startsWith('0') ? number.length : 0
      if (here.left === frame.left && here.right === frame.right)
        return { number: Number(number), from: end - number.length, to: end, padding }
    }
    at = end
  }
  return null
}
