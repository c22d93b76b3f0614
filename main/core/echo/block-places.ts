// Where else the lines of a lesson could come, go or be replaced.
import { isBlank } from '../indent.ts'
import type { BlockLesson } from './lesson.ts'
import { linesLike, type Page, type Place } from './page.ts'
import { isWord, shareInCommon, tokensOf } from './tokens.ts'
import { stepsAwayFrom, type Run } from './trail.ts'

export function blockPlaces(page: Page, lesson: BlockLesson): readonly Place[] {
  return lesson.old.length === 0 ? insertions(page, lesson) : replacements(page, lesson)
}

/** Places where the old lines stand as they stood there, at any indentation. */
function replacements(page: Page, lesson: BlockLesson): readonly Place[] {
  const { lines, isTouched } = page.trail
  const count = lesson.samples.length
  const kin = shareInCommon(wordSet(lesson.old), wordSet(lesson.new))
  const pivot = lesson.old.findIndex((line) => !isBlank(line))
  const found = linesLike(page, lesson.old[pivot] ?? '').map((line) => line - pivot)
  return found.flatMap((start) => {
    const fits = lesson.old.every(
      (line, index) => lines[start - 1 + index]?.trim() === line.trim() && !isTouched(start + index),
    )
    const fresh = indented(lesson.new, lesson.old[pivot], lines[start - 1 + pivot])
    if (start < 1 || !fits || fresh === null) return []
    const end = start + lesson.old.length
    const signs = {
      several: Number(count > 1),
      samples: Math.log2(count),
      above: Number(lesson.samples.some((run) => isAbove(page, run, start))),
      below: Number(lesson.samples.some((run) => isBelow(page, run, end))),
      neighbourWords: Math.log2(1 + wordsIn([lesson.samples[0]?.above, lesson.samples[0]?.below])),
      newLines: Math.min(8, lesson.new.length),
      kin,
      near: distanceTo(lesson.samples, start),
      occurrences: Math.log2(1 + found.length),
      behind: stepsAwayFrom(page.trail, start),
    }
    return [{ start, end, columns: null, lines: fresh, evidence: { kind: 'block', signs } as const }]
  })
}

const FAR = 10

function distanceTo(samples: readonly Run[], line: number): number {
  const distances = samples.flatMap(({ place }) => (place === null ? [] : [Math.abs(place.start - line)]))
  return distances.length === 0 ? FAR : Math.log2(1 + Math.min(...distances))
}

function wordSet(lines: readonly string[]): ReadonlySet<string> {
  return new Set(tokensOf(lines.join('\n')).filter(isWord))
}

/** Neighbours that stand together more often than this for each example are commonplace. */
const MAX_INSERTIONS = 4

/**
 * Places with the same two neighbours, or, where several examples have only one of them in common, with that one. One example
 * must be a single line and rare; two examples may be a little more.
 */
function insertions(page: Page, lesson: BlockLesson): readonly Place[] {
  const { lines, isTouchedAt } = page.trail
  const [sample] = lesson.samples
  const several = lesson.samples.length > 1
  if (sample?.above === undefined || sample.below === undefined) return []
  const above = isShared(lesson.samples.map((run) => run.above)) ? sample.above : undefined
  const below = isShared(lesson.samples.map((run) => run.below)) ? sample.below : undefined
  const anchor = wordsIn([above]) === 0 ? below : above
  if (anchor === undefined || wordsIn([anchor]) === 0 || wordsIn([above, below]) < (several ? 2 : 4)) return []
  if (lesson.new.length > (several ? 4 : 1)) return []
  const found = linesLike(page, anchor)
    .map((line) => (anchor === above ? line + 1 : line))
    .filter(
      (point) =>
        (above === undefined || isAbove(page, sample, point)) && (below === undefined || isBelow(page, sample, point)),
    )
    .filter((point) => !standsAt(page, lesson.new, point) && !standsAt(page, lesson.new, point - lesson.new.length))
  const isTelling = above !== undefined && below !== undefined
  if (found.length > (isTelling ? MAX_INSERTIONS : 1) * lesson.samples.length) return []
  return found.flatMap((point) => {
    const fresh = indented(lesson.new, anchor, lines[anchor === above ? point - 2 : point - 1])
    if (fresh === null || isTouchedAt(point) || stepsAwayFrom(page.trail, point) > 1) return []
    const evidence = { kind: 'set', confidence: several ? 0.85 : 0.65 } as const
    return [{ start: point, end: point, columns: null, lines: fresh, evidence }]
  })
}

/** Whether all read alike, white space at their ends aside. */
function isShared(neighbours: readonly (string | undefined)[]): boolean {
  return new Set(neighbours.map((line) => line?.trim())).size === 1
}

/** Whether the lines stand there already. */
function standsAt(page: Page, lines: readonly string[], start: number): boolean {
  return lines.every((line, index) => page.trail.lines[start - 1 + index]?.trim() === line.trim())
}

function isAbove(page: Page, run: Run, start: number): boolean {
  return (run.above ?? '').trim() === (page.trail.lines[start - 2] ?? '').trim()
}

function isBelow(page: Page, run: Run, end: number): boolean {
  return (run.below ?? '').trim() === (page.trail.lines[end - 1] ?? '').trim()
}

function wordsIn(lines: readonly (string | undefined)[]): number {
  return tokensOf(lines.join('\n')).filter(isWord).length
}

/** The lines with `from`'s indentation replaced by `to`'s; null when one of them stands less deep than `from`. */
function indented(
  lines: readonly string[],
  from: string | undefined,
  to: string | undefined,
): readonly string[] | null {
  const old = /^\s*/.exec(from ?? '')?.[0] ?? ''
  const fresh = /^\s*/.exec(to ?? '')?.[0] ?? ''
  if (old === fresh) return lines
  if (lines.some((line) => !isBlank(line) && !line.startsWith(old))) return null
  return lines.map((line) => (isBlank(line) ? line : fresh + line.slice(old.length)))
}
