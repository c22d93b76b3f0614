// In how many places the embedded engine proposes what it learnt: its own line counts those of the first file only.
import type { Hunk } from '../review.ts'

const COUNTED = /, \d+ more places?$/

/** The line with the number of all places in code, and of their files when they are several. */
export function withPlaces(said: string, hunks: readonly Hunk[]): string {
  const shown = hunks.filter(({ byHand, replaced, beyond }) => !byHand && !replaced && beyond === null)
  if (said === '' || said.endsWith('\u2026') || shown.length === 0) return said
  const files = new Set(shown.map(({ path }) => path)).size
  const places = shown.length === 1 ? '1 more place' : `${shown.length} more places`
  return `${said.replace(COUNTED, '')}, ${places}${files === 1 ? '' : ` in ${files} files`}`
}
