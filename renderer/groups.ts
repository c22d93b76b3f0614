// How the hunks of a card stand together: by file, and strings and comments apart from code.
import type { HunkReference, HunkView, SuggestionView } from '../preload/contract.ts'
import { isClosed } from './beyond.ts'

/** Neighbours in one file together, its strings and comments apart. The order stays as it is: it is that of the keys. */
export function byFile(hunks: readonly HunkView[]): readonly (readonly HunkView[])[] {
  const groups: HunkView[][] = []
  for (const hunk of hunks) {
    const last = groups.at(-1)
    if (last?.[0]?.path === hunk.path && isTextual(last[0]) === isTextual(hunk)) last.push(hunk)
    else groups.push([hunk])
  }
  return groups
}

/** A place in a string or comment that names what was renamed in the code. */
export function isTextual(hunk: HunkView | undefined): boolean {
  return hunk?.beyond?.kind === 'text'
}

/** What accepting a whole group (`file`), or the whole card, would write: what can be accepted as it stands. */
export function wholeOf(view: SuggestionView, hunk: string, what: 'file' | 'card'): readonly HunkReference[] {
  const group = what === 'card' ? view.hunks : byFile(view.hunks).find((each) => each.some(({ id }) => id === hunk))
  return (group ?? []).flatMap((each) =>
    each.state === 'pending' && !isClosed(each) ? [{ suggestion: view.id, hunk: each.id, hash: each.hash }] : [],
  )
}
