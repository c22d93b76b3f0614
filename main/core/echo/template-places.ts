// Where else the template of a lesson fits.
import { MAX_COLUMNS, type TemplateLesson } from './lesson.ts'
import { untouchedOccurrences, type Page, type Place } from './page.ts'
import { isTextual } from './surroundings.ts'
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
  const { length } = lesson.samples
  return found.length > HABIT * length && length < MANY_EXAMPLES ? [] : found
}
