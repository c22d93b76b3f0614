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

/** Pending hunks that stay behind when all are accepted. */
export function closedIn(suggestions: readonly SuggestionView[]): readonly HunkView[] {
  return suggestions.flatMap(({ hunks }) => hunks.filter((hunk) => hunk.state === 'pending' && isClosed(hunk)))
}

/** The line that says so; null when none stays. */
export function leftOutLine(closed: readonly HunkView[]): string | null {
  const count = closed.length
  if (count === 0) return null
  const isText = closed.every(({ beyond }) => beyond?.kind === 'text')
  if (isText) return count === 1 ? '1 in a string or comment stays' : `${count} in strings and comments stay`
  return count === 1 ? '1 goes beyond what you asked: it stays' : `${count} go beyond what you asked: they stay`
}
