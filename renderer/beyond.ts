// Hunks that go beyond what was asked: which they are, and what is left out of "all".
import type { HunkReference, HunkView, SuggestionView } from '../preload/contract.ts'

/** It cannot be accepted before a person has unfolded it. */
export function isClosed({ beyond }: Pick<HunkView, 'beyond'>): boolean {
  return beyond !== null && !beyond.open
}

/** What accepting all of these hunks is about: those that can be accepted as they stand. */
export function acceptable(hunks: readonly HunkView[], references: readonly HunkReference[]): readonly HunkReference[] {
  const closed = new Set(hunks.filter(isClosed).map(({ id }) => id))
  return references.filter(({ hunk }) => !closed.has(hunk))
}

/** How many pending hunks stay behind when all are accepted. */
export function countClosed(suggestions: readonly SuggestionView[]): number {
  return suggestions.reduce(
    (sum, { hunks }) => sum + hunks.filter((hunk) => hunk.state === 'pending' && isClosed(hunk)).length,
    0,
  )
}

/** The line that says so; null when none stays. */
export function leftOutLine(count: number): string | null {
  if (count === 0) return null
  return count === 1 ? '1 goes beyond what you asked: it stays' : `${count} go beyond what you asked: they stay`
}
