// The tokens around an edit and around a place, and how much of them agrees.
import { commonLength, contextOf } from './tokens.ts'

/** Tokens that are compared on each side. */
const REACH = 4

/** Nearest first. */
export interface Context {
  readonly left: readonly string[]
  readonly right: readonly string[]
}

export function contextAround(left: string, right: string): Context {
  return { left: contextOf(left, 'left', REACH), right: contextOf(right, 'right', REACH) }
}

/** What all have in common next to the edit. */
export function sharedContext([first, ...others]: readonly Context[]): Context {
  if (first === undefined) return { left: [], right: [] }
  const left = Math.min(first.left.length, ...others.map((other) => commonLength(first.left, other.left)))
  const right = Math.min(first.right.length, ...others.map((other) => commonLength(first.right, other.right)))
  return { left: first.left.slice(0, left), right: first.right.slice(0, right) }
}

/** Tokens that agree with the most similar of `contexts`. */
export function bestMatch(
  contexts: readonly Context[],
  here: Context,
): { readonly left: number; readonly right: number } {
  let best = { left: 0, right: 0 }
  for (const context of contexts) {
    const left = matching(context.left, here.left)
    const right = matching(context.right, here.right)
    if (left + right > best.left + best.right) best = { left, right }
  }
  return best
}

/** Where both lines end, the end counts as one more token that matches. */
function matching(a: readonly string[], b: readonly string[]): number {
  const count = commonLength(a, b)
  return count === a.length && count === b.length ? Math.min(REACH, count + 1) : count
}

/** Good enough for a guess: what is left of the place begins a comment, or opens a quote that it does not close. */
export function isTextual(left: string): boolean {
  return /^\s*(?:[/#*]|--)|\/\//.test(left) || (left.match(/["'`]/g)?.length ?? 0) % 2 === 1
}
