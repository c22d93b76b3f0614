// The smallest line diff inside one hunk, for the eye: lines that stay are shown once.

export interface DiffRow {
  readonly type: 'same' | 'old' | 'new'
  readonly text: string
}

/** Above this many comparisons the middle is shown as it came: all that goes, then all that comes. */
const MAX_COMPARISONS = 40_000

/**
 * Rows in the order in which they are read: in each changed stretch the old lines stand before the new ones.
 * Common ends are cut off first, the middle by the longest common subsequence (Wagner and Fischer, 1974).
 */
export function diffRows(oldLines: readonly string[], newLines: readonly string[]): readonly DiffRow[] {
  const shorter = Math.min(oldLines.length, newLines.length)
  let head = 0
  while (head < shorter && oldLines[head] === newLines[head]) head += 1
  let tail = 0
  while (tail < shorter - head && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) tail += 1
  const rows = (lines: readonly string[], type: DiffRow['type']): DiffRow[] => lines.map((text) => ({ type, text }))
  return [
    ...rows(oldLines.slice(0, head), 'same'),
    ...middle(oldLines.slice(head, oldLines.length - tail), newLines.slice(head, newLines.length - tail)),
    ...rows(oldLines.slice(oldLines.length - tail), 'same'),
  ]
}

function middle(before: readonly string[], after: readonly string[]): readonly DiffRow[] {
  const width = after.length + 1
  const comparable = before.length * after.length <= MAX_COMPARISONS
  // longest[i * width + j]: length of the longest common subsequence of before[i..] and after[j..].
  const longest = new Uint32Array(comparable ? (before.length + 1) * width : 0)
  if (comparable) {
    for (let i = before.length - 1; i >= 0; i -= 1) {
      for (let j = after.length - 1; j >= 0; j -= 1) {
        const at = i * width + j
        longest[at] =
          before[i] === after[j]
            ? (longest[at + width + 1] ?? 0) + 1
            : Math.max(longest[at + width] ?? 0, longest[at + 1] ?? 0)
      }
    }
  }
  const rows: DiffRow[] = []
  let added: DiffRow[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const old = before[i]
    const next = after[j]
    const at = i * width + j
    if (comparable && old !== undefined && old === next) {
      rows.push(...added, { type: 'same', text: old })
      added = []
      i += 1
      j += 1
    } else if (old !== undefined && (next === undefined || (longest[at + width] ?? 0) >= (longest[at + 1] ?? 0))) {
      rows.push({ type: 'old', text: old })
      i += 1
    } else if (next !== undefined) {
      added.push({ type: 'new', text: next })
      j += 1
    }
  }
  return [...rows, ...added]
}
