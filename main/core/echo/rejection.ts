// What a person turned down, as counter-examples.
import type { PlacedEdit } from '../patch.ts'
import type { Fit, Page, Place } from './page.ts'

/**
 * A place that would write what was rejected is left out: the nearest one for each rejection, because lines may have moved
 * since. A lesson that was rejected as often as it was shown is not believed at all.
 */
export function withoutRejected(page: Page, fits: readonly Fit[], rejected: readonly PlacedEdit[]): readonly Fit[] {
  if (rejected.length === 0) return fits
  return fits.flatMap((fit) => {
    const refused = new Set<Place>()
    let count = 0
    for (const edit of rejected) {
      const [nearest] = fit.places
        .filter((place) => linesAfter(page, place) === edit.lines.join('\n'))
        .sort((a, b) => Math.abs(a.start - edit.start) - Math.abs(b.start - edit.start))
      if (nearest === undefined) continue
      refused.add(nearest)
      count += 1
    }
    if (count >= fit.lesson.samples.length) return []
    return [{ ...fit, places: fit.places.filter((place) => !refused.has(place)) }]
  })
}

function linesAfter(page: Page, { start, columns, lines }: Place): string {
  if (columns === null) return lines.join('\n')
  const text = page.trail.lines[start - 1] ?? ''
  return text.slice(0, columns.from) + (lines[0] ?? '') + text.slice(columns.to)
}
