// What a person turned down of a renaming: those places are not proposed again, and most of them turned down end it.
import { tokensOf } from '../echo/tokens.ts'
import type { PlacedEdit } from '../patch.ts'
import type { Rejected } from '../ports.ts'
import { sameLines } from '../text.ts'

/** The rejections that put `to` for `from` and did nothing else, in whatever file. */
export function rejectedOf(
  rejected: readonly Rejected[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly Rejected[] {
  return rejected.filter(({ oldLines, lines }) => {
    const [old, fresh] = [oldLines[0], lines[0]]
    if (old === undefined || fresh === undefined || oldLines.length !== 1 || lines.length !== 1) return false
    return isReplaced(tokensOf(old), tokensOf(fresh), from, to)
  })
}

/** A name that is a key, too, may have become `from: to`. */
function isReplaced(old: readonly string[], fresh: readonly string[], from: string, to: string): boolean {
  let at = 0
  let count = 0
  for (const token of old) {
    if (token === fresh[at]) {
      at += 1
      // What was a shorthand goes on with its value.
      if (token === from && fresh[at] === ':' && fresh[at + 2] === to) {
        at += 3
        count += 1
      }
    } else if (token === from && fresh[at] === to) {
      at += 1
      count += 1
    } else return false
  }
  return at === fresh.length && count > 0
}

/** Without the edits that were turned down: for each rejection the nearest one of its file that writes the same line. */
export function withoutTurnedDown(edits: readonly PlacedEdit[], rejected: readonly Rejected[]): readonly PlacedEdit[] {
  const left = [...edits]
  for (const each of rejected) {
    const [nearest] = left
      .filter(({ path, lines }) => path === each.path && sameLines(lines, each.lines))
      .sort((a, b) => Math.abs(a.start - each.start) - Math.abs(b.start - each.start))
    if (nearest !== undefined) left.splice(left.indexOf(nearest), 1)
  }
  return left
}
