// A parsed text as plain arrays, one entry a node in the order of the text: what every analysis of syntax walks.

/** What the numbers in a tree stand for; one object for all trees of a grammar. */
export interface TreeNames {
  /** By kind: the grammar's word for it (`identifier`, `(`). */
  readonly kinds: readonly string[]
  /** By kind: whether it is a rule of the grammar, not a literal sign or word. */
  readonly named: readonly boolean[]
  /** By field number; 0 is no field. */
  readonly fields: readonly (string | null)[]
}

/** Nodes stand in preorder: a node's first child follows it. Node 0 is the root. All offsets are UTF-16 units. */
export interface SyntaxTree {
  readonly text: string
  readonly names: TreeNames
  readonly kind: Uint16Array
  readonly field: Uint16Array
  readonly start: Uint32Array
  readonly end: Uint32Array
  readonly parent: Uint32Array
  /** The first node behind this one and everything in it. */
  readonly next: Uint32Array
  /** 1: the parser put it there, nothing stands there. */
  readonly missing: Uint8Array
}

/** The kind of what the parser could make nothing of. */
export const ERROR = 'ERROR'

export function kindOf(tree: SyntaxTree, node: number): string {
  return tree.names.kinds[tree.kind[node] ?? 0] ?? ''
}

export function fieldOf(tree: SyntaxTree, node: number): string | null {
  return tree.names.fields[tree.field[node] ?? 0] ?? null
}

export function isNamed(tree: SyntaxTree, node: number): boolean {
  return tree.names.named[tree.kind[node] ?? 0] ?? false
}

export function startOf(tree: SyntaxTree, node: number): number {
  return tree.start[node] ?? 0
}

export function endOf(tree: SyntaxTree, node: number): number {
  return tree.end[node] ?? 0
}

/** Of the root: itself. */
export function parentOf(tree: SyntaxTree, node: number): number {
  return tree.parent[node] ?? 0
}

export function nextOf(tree: SyntaxTree, node: number): number {
  return tree.next[node] ?? sizeOf(tree)
}

export function sizeOf(tree: SyntaxTree): number {
  return tree.kind.length
}

export function isLeaf(tree: SyntaxTree, node: number): boolean {
  return nextOf(tree, node) === node + 1
}

export function textOf(tree: SyntaxTree, node: number): string {
  return tree.text.slice(startOf(tree, node), endOf(tree, node))
}

export function* childrenOf(tree: SyntaxTree, node: number): Generator<number> {
  const end = nextOf(tree, node)
  for (let child = node + 1; child < end; child = nextOf(tree, child)) yield child
}

/** The first child in this field, or null. */
export function childIn(tree: SyntaxTree, node: number, field: string): number | null {
  for (const child of childrenOf(tree, node)) if (fieldOf(tree, child) === field) return child
  return null
}

/** The deepest node that holds [start, end). */
export function nodeAt(tree: SyntaxTree, start: number, end: number): number {
  let found = 0
  for (let node = 1; node < nextOf(tree, found);) {
    const holds = startOf(tree, node) <= start && endOf(tree, node) >= end
    if (!holds) {
      node = nextOf(tree, node)
      continue
    }
    found = node
    node += 1
  }
  return found
}

/** Turns offsets into 1-based line numbers, for a tree's text. */
export function lineIndex(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
