// What a person turned down, as counter-examples.
import type { PlacedEdit } from '../patch.ts'
import type { Rejected } from '../ports.ts'
import { sameLines } from '../text.ts'
import { compatible, editsOf } from './choice.ts'
import { isSameLesson, learn } from './lesson.ts'
import type { Fit, Page } from './page.ts'
import { blockMatch } from './block-template.ts'
import { matchesIn } from './template.ts'

/**
 * A place that would write what was rejected is left out: in the file `path` the nearest one for each rejection, because
 * lines may have moved since. A lesson that was rejected as often as it was shown, in whatever file, is not believed at all.
 */
export function withoutRejected(
  page: Page,
  path: string,
  fits: readonly Fit[],
  rejected: readonly Rejected[],
): readonly Fit[] {
  if (rejected.length === 0) return fits
  return fits.flatMap((fit) => {
    // As they were shown: places in one line are one edit.
    const left = [...editsOf(page, compatible(fit.places))]
    let count = 0
    for (const edit of rejected) {
      const nearest = edit.path === path ? nearestTo(edit, left) : undefined
      if (nearest !== undefined) left.splice(left.indexOf(nearest), 1)
      count += Number(nearest !== undefined || isOf(fit, edit))
    }
    if (count === 0) return [fit]
    if (count >= fit.lesson.samples.length) return []
    const places = fit.places.filter((place) =>
      left.some(({ start, end }) => start === place.start && end === place.end),
    )
    return [{ ...fit, places }]
  })
}

function nearestTo<Edit extends Omit<PlacedEdit, 'path'>>(edit: PlacedEdit, among: readonly Edit[]): Edit | undefined {
  return among
    .filter(({ lines }) => sameLines(lines, edit.lines))
    .sort((a, b) => Math.abs(a.start - edit.start) - Math.abs(b.start - edit.start))[0]
}

/** Whether the edit is what the lesson proposes for such lines. */
function isOf({ lesson }: Fit, { oldLines, lines }: Rejected): boolean {
  const [old, fresh] = [oldLines[0] ?? '', lines[0] ?? '']
  if (lesson.kind === 'counting') return false
  if (lesson.kind === 'frame') return sameLines(blockMatch(lesson.template, oldLines) ?? [], lines)
  if (lesson.kind === 'template') {
    return matchesIn(lesson.template, old).some(
      ({ from, to, fresh: text }) => old.slice(0, from) + text + old.slice(to) === fresh,
    )
  }
  const run = { age: 0, old: oldLines, new: lines, above: undefined, below: undefined, place: null }
  return learn([run]).some((each) => isSameLesson(each, lesson))
}
