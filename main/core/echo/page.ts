// The present text as one string with the offset of each line, so that occurrences are found fast, and what is found in it.
import type { Lesson } from './lesson.ts'
import type { Evidence } from './signs.ts'
import { isWholeTokens } from './tokens.ts'
import type { Trail } from './trail.ts'

export interface Page {
  readonly text: string
  readonly trail: Trail
  /** Offset of the first character of each line. */
  readonly offsets: readonly number[]
}

/** A place where a lesson fits. */
export interface Place {
  /** 1-based, end exclusive; equal for an insertion. */
  readonly start: number
  readonly end: number
  /** In a single line: which columns (0-based UTF-16 units, end exclusive) become `lines[0]`. null: whole lines become `lines`. */
  readonly columns: { readonly from: number; readonly to: number } | null
  readonly lines: readonly string[]
  readonly evidence: Evidence
}

/** A lesson, and where it fits, whatever the confidence. */
export interface Fit {
  readonly lesson: Lesson
  readonly places: readonly (Place & { readonly confidence: number })[]
}

/** Longer lines are generated: nothing is learnt from them and nothing proposed in them. */
export const MAX_COLUMNS = 1_000

/** Occurrences looked at before a text is given up as too common. */
const MAX_LOOKS = 500

export function pageOf(trail: Trail): Page {
  const offsets: number[] = []
  let at = 0
  for (const line of trail.lines) {
    offsets.push(at)
    at += line.length + 1
  }
  return { text: trail.lines.join('\n'), trail, offsets }
}

/** Offsets from the top down; empty when there are too many to be looked at. */
export function occurrences(page: Page, needle: string): readonly number[] {
  const found: number[] = []
  if (needle === '') return found
  for (let at = page.text.indexOf(needle); at >= 0; at = page.text.indexOf(needle, at + needle.length)) {
    if (found.length === MAX_LOOKS) return []
    found.push(at)
  }
  return found
}

/**
 * As `occurrences`, but only those that begin and end where tokens do, outside the lines that steps at most so old edited: all
 * of them, unless `oldest` says less.
 */
export function untouchedOccurrences(
  page: Page,
  needle: string,
  oldest?: number,
): readonly { offset: number; line: number }[] {
  return occurrences(page, needle).flatMap((offset) => {
    if (!isWholeTokens(page.text, offset, offset + needle.length)) return []
    const line = lineAt(page, offset)
    return page.trail.isTouched(line, oldest) ? [] : [{ offset, line }]
  })
}

/** 1-based line that holds this offset. */
export function lineAt(page: Page, offset: number): number {
  let low = 0
  let high = page.offsets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((page.offsets[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Lines (1-based) that read like this one, white space at its ends aside. */
export function linesLike(page: Page, line: string): readonly number[] {
  const needle = line.trim()
  const lines = new Set(occurrences(page, needle).map((offset) => lineAt(page, offset)))
  return [...lines].filter((at) => page.trail.lines[at - 1]?.trim() === needle)
}
