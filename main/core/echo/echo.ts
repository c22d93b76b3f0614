// The embedded engine: learns the edit just made and proposes the same edit wherever else in the file it fits.
import type { LineEdit, PlacedEdit } from '../patch.ts'
import type { TextChange } from '../ports.ts'
import { blockPlaces } from './block-places.ts'
import { WORTH_SAYING } from './judge.ts'
import { learn } from './lesson.ts'
import { pageOf, type Page, type Place } from './page.ts'
import { tokenPlaces } from './token-places.ts'
import { trailOf } from './trail.ts'

/** More places than this are not an echo of one edit but a property of the file. */
const MAX_PLACES = 50

/**
 * Edits about `change.after` (lines as in text.ts), sorted, that never overlap each other nor a line that the change or the
 * history wrote. `history`: earlier steps, oldest first; what was seen twice is believed sooner. Deterministic. Empty when
 * nothing was changed, when the change is a rewrite, and when no place is likely enough to be worth saying.
 */
export function proposeEchoes(change: TextChange & { readonly history: readonly TextChange[] }): readonly PlacedEdit[] {
  const trail = trailOf(change)
  if (trail === null) return []
  const page = pageOf(trail)
  const lessons = learn(trail.runs)
  const places = lessons.flatMap((lesson) => {
    const found = lesson.kind === 'tokens' ? tokenPlaces(page, lesson, lessons) : blockPlaces(page, lesson)
    const likely = found.filter((place) => place.confidence >= WORTH_SAYING)
    return likely.length > MAX_PLACES ? [] : likely
  })
  return editsOf(page, compatible(places)).map((edit) => ({ path: change.path, ...edit }))
}

/** The most likely first; what overlaps one that was taken is left out. Places in one line get along when their columns do. */
function compatible(places: readonly Place[]): readonly Place[] {
  const taken = new Map<number, Place[]>()
  const result: Place[] = []
  for (const place of [...places].sort((a, b) => b.confidence - a.confidence)) {
    const keys = keysOf(place)
    if (keys.some((key) => taken.get(key)?.some((other) => collide(place, other)))) continue
    for (const key of keys) taken.set(key, [...(taken.get(key) ?? []), place])
    result.push(place)
  }
  return result
}

/** The lines of a place; for an insertion the point between two lines. */
function keysOf(place: Place): readonly number[] {
  if (place.start === place.end) return [place.start - 0.5]
  return Array.from({ length: place.end - place.start }, (_, index) => place.start + index)
}

function collide(a: Place, b: Place): boolean {
  if (a.columns === null || b.columns === null) return true
  // Two insertions at one column would have to be put in an order: that would be a guess.
  return a.columns.from <= b.columns.to && b.columns.from <= a.columns.to
}

function editsOf(page: Page, places: readonly Place[]): readonly LineEdit[] {
  const whole: LineEdit[] = []
  const inLine = new Map<number, Place[]>()
  for (const place of places) {
    if (place.columns === null) whole.push({ start: place.start, end: place.end, lines: place.lines })
    else inLine.set(place.start, [...(inLine.get(place.start) ?? []), place])
  }
  for (const [line, parts] of inLine) {
    let text = page.trail.lines[line - 1] ?? ''
    for (const { columns, lines } of parts.sort((a, b) => (b.columns?.from ?? 0) - (a.columns?.from ?? 0))) {
      if (columns !== null) text = text.slice(0, columns.from) + (lines[0] ?? '') + text.slice(columns.to)
    }
    whole.push({ start: line, end: line + 1, lines: [text] })
  }
  return whole.sort((a, b) => a.start - b.start || a.end - b.end)
}
