// Where else the template of a lesson fits.
import type { FrameLesson, TemplateLesson } from './lesson.ts'
import { MAX_COLUMNS, untouchedOccurrences, type Page, type Place } from './page.ts'
import { isTextual } from './surroundings.ts'
import { blockMatch, needleInBlock } from './block-template.ts'
import { matchesIn, needleOf } from './template.ts'
import { stepsAwayFrom } from './trail.ts'

/** Set by hand, for want of cases. */
const CONFIDENCE = 0.8

/** What stands in so many places for each example is a habit of the file: that it is to go everywhere takes more examples. */
const HABIT = 8
const MANY_EXAMPLES = 4

/** Untouched lines where it fits, whatever the operands. */
export function templatePlaces(page: Page, lesson: TemplateLesson): readonly Place[] {
  const needle = needleOf(lesson.template).trim()
  const lines = new Set(untouchedOccurrences(page, needle).map(({ line }) => line))
  const found = [...lines].flatMap((line) => {
    const text = page.trail.lines[line - 1] ?? ''
    if (text.length > MAX_COLUMNS || stepsAwayFrom(page.trail, line) > 0) return []
    return matchesIn(lesson.template, text).flatMap(({ from, to, fresh }) => {
      if (isTextual(text.slice(0, from)) || text.slice(from, to) === fresh) return []
      const evidence = { kind: 'set', confidence: CONFIDENCE } as const
      return [{ start: line, end: line + 1, columns: { from, to }, lines: [fresh], evidence }]
    })
  })
  return isHabit(found, lesson) ? [] : found
}

/** Untouched lines that read like the old ones, whatever the operands and the indentation. */
export function framePlaces(page: Page, lesson: FrameLesson): readonly Place[] {
  const { template } = lesson
  const { lines, isTouched } = page.trail
  const { word, row, height } = needleInBlock(template)
  const starts = new Set(untouchedOccurrences(page, word).map(({ line }) => line - row))
  const found = [...starts].flatMap((start): readonly Place[] => {
    const old = lines.slice(start - 1, start - 1 + height)
    if (
      start < 1 ||
      old.length < height ||
      old.some((line, index) => line.length > MAX_COLUMNS || isTouched(start + index))
    )
      return []
    const fresh = blockMatch(template, old)
    if (fresh === null || stepsAwayFrom(page.trail, start) > 0) return []
    const evidence = { kind: 'set', confidence: CONFIDENCE } as const
    return [{ start, end: start + height, columns: null, lines: fresh, evidence }]
  })
  return isHabit(found, lesson) ? [] : found
}

function isHabit(found: readonly Place[], { samples: { length } }: TemplateLesson | FrameLesson): boolean {
  return found.length > HABIT * length && length < MANY_EXAMPLES
}
