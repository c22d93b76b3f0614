// Picking some changed lines of a hunk: the rows to pick from, and which hunks the picked lines became.
import type { HunkView } from '../preload/contract.ts'
import { diffRows, type DiffRow } from './lines.ts'

export interface PickRow extends DiffRow {
  /** As `split` counts: the lines that go first, then the lines that come; null for a line that stays. */
  readonly index: number | null
}

/** The hunk's rows as they are painted, each changed one with its index. */
export function pickRows({ oldLines, newLines }: Pick<HunkView, 'oldLines' | 'newLines'>): readonly PickRow[] {
  let goes = 0
  let comes = oldLines.length
  return diffRows(oldLines, newLines).map((row) => {
    if (row.type === 'old') {
      goes += 1
      return { ...row, index: goes - 1 }
    }
    if (row.type === 'new') {
      comes += 1
      return { ...row, index: comes - 1 }
    }
    goes += 1
    comes += 1
    return { ...row, index: null }
  })
}

/**
 * The hunks that hold exactly the picked lines and nothing else: the first ones of `made`, in order. Null when there are none such:
 * then what came of it is not what the person saw, and has to be looked at.
 */
export function hunksOfPicked(
  hunk: HunkView,
  picked: ReadonlySet<number>,
  made: readonly HunkView[],
): readonly HunkView[] | null {
  const rows = pickRows(hunk).filter(({ index }) => index !== null && picked.has(index))
  const wanted = changes(rows)
  let taken: readonly DiffRow[] = []
  for (const [at, one] of made.entries()) {
    taken = [...taken, ...diffRows(one.oldLines, one.newLines)]
    if (changes(taken) === wanted) return made.slice(0, at + 1)
  }
  return null
}

/** What goes and what comes, in order, as one text to compare. */
function changes(rows: readonly DiffRow[]): string {
  const texts = (type: DiffRow['type']): readonly string[] =>
    rows.flatMap((row) => (row.type === type ? [row.text] : []))
  return JSON.stringify([texts('old'), texts('new')])
}
