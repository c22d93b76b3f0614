// How close the models' suggestions keep to what was asked: what was written against what is shown, and what was folded.
import type { JudgementView } from '../../../preload/contract.ts'
import { changedLines } from '../minimal.ts'
import type { Suggestion } from '../review.ts'

const KEEP = 100

interface Measure {
  /** null: nothing of it is shown unfolded. */
  readonly ratio: number | null
  readonly folded: number
  readonly suppressed: number
}

export class Measures {
  private measures: readonly Measure[] = []

  /** `written`: lines that the model's reply takes away or brings. `suppressed`: lines and hunks that were not shown. */
  add(suggestion: Suggestion, written: number, suppressed: number): void {
    const shown = suggestion.hunks.filter(({ beyond, replaced }) => beyond === null && !replaced)
    const lines = shown.reduce((sum, { oldLines, edit }) => sum + changedLines(oldLines, edit.lines), 0)
    const folded = suggestion.hunks.filter(({ beyond }) => beyond !== null).length
    const ratio = lines === 0 ? null : Math.max(1, written / lines)
    this.measures = [...this.measures, { ratio, folded, suppressed }].slice(-KEEP)
  }

  view(): JudgementView {
    const ratios = this.measures.flatMap(({ ratio }) => ratio ?? []).sort((a, b) => a - b)
    const sum = (of: (measure: Measure) => number): number => this.measures.reduce((total, one) => total + of(one), 0)
    return {
      suggestions: this.measures.length,
      ratio: ratios[ratios.length >> 1] ?? null,
      folded: sum(({ folded }) => folded),
      suppressed: sum(({ suppressed }) => suppressed),
    }
  }
}
