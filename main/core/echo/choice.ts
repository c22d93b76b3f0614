// Which of the likely places are taken when they collide, and the edits that they make.
import type { LineEdit } from '../patch.ts'
import type { Page, Place } from './page.ts'

/** The most likely first; what overlaps one that was taken is left out. Places in one line get along when their columns do. */
export function compatible<Judged extends Place & { readonly confidence: number }>(
  places: readonly Judged[],
): readonly Judged[] {
  const taken = new Map<number, Judged[]>()
  const result: Judged[] = []
  for (const place of places.toSorted((a, b) => b.confidence - a.confidence)) {
    const keys = keysOf(place)
    if (keys.some((key) => taken.get(key)?.some((other) => collide(place, other)))) continue
    for (const key of keys) {
      const known = taken.get(key)
      if (known === undefined) taken.set(key, [place])
      else known.push(place)
    }
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

/** The places as edits of whole lines, sorted. */
export function editsOf(page: Page, places: readonly Place[]): readonly LineEdit[] {
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
