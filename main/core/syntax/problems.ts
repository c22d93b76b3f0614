// Where a text does not parse.
import { ERROR, endOf, fieldOf, kindOf, lineIndex, nextOf, sizeOf, startOf, type SyntaxTree } from './tree.ts'

/** A place at which the grammar does not fit. Offsets are UTF-16 units; `line` is 1-based. */
export interface SyntaxProblem {
  readonly kind: 'error' | 'missing'
  readonly line: number
  readonly start: number
  readonly end: number
  /** What is missing (`)`), as the grammar calls it; null for an error. */
  readonly missing: string | null
}

/** How many places are told; the count is always of all. */
const MOST = 50

export interface SyntaxProblems {
  readonly count: number
  /** In the order of the text, the first 50; an error within an error is not told again. */
  readonly places: readonly SyntaxProblem[]
}

export function problemsOf(tree: SyntaxTree): SyntaxProblems {
  const places: SyntaxProblem[] = []
  let count = 0
  let lineAt: ((offset: number) => number) | null = null
  for (let node = 0; node < sizeOf(tree);) {
    const missing = tree.missing[node] === 1
    if (!missing && kindOf(tree, node) !== ERROR) {
      node += 1
      continue
    }
    count += 1
    if (places.length < MOST) {
      lineAt ??= lineIndex(tree.text)
      const start = startOf(tree, node)
      const kind = missing ? 'missing' : 'error'
      const what = missing ? (fieldOf(tree, node) ?? kindOf(tree, node)) : null
      places.push({ kind, line: lineAt(start), start, end: endOf(tree, node), missing: what })
    }
    node = nextOf(tree, node)
  }
  return { count, places }
}
