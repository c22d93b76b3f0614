// What part of a reply the parser is in, and the lines that wait for the next one.
import type { GitHeader } from './git-header.ts'
import { isReplaceEnd, patchMarker } from './markers.ts'
import type { SearchBlock } from './search.ts'
import type { AddSection, EditSection } from './section.ts'

export type State =
  | { readonly type: 'prose' }
  | { readonly type: 'header'; readonly header: GitHeader }
  | { readonly type: 'edit'; readonly section: EditSection }
  | { readonly type: 'add'; readonly section: AddSection }
  /** The body of a deleted file in a unified diff: says nothing new. */
  | { readonly type: 'deleted'; left: number }
  | { readonly type: 'search'; readonly block: SearchBlock }

/** Lines whose meaning the next line decides. */
export interface Pending {
  /**
   * `close`: a fence end, or an end line that is indented or cut short: it may be context. `header`: `---` and `+++`, which may be a
   * deleted and an added line. `tail`: blank lines after all counted lines of a unified hunk.
   */
  readonly type: 'close' | 'header' | 'tail'
  readonly lines: string[]
}

export function whiteSpaceBefore(line: string): string {
  return line.slice(0, line.length - line.trimStart().length)
}

export const PROSE: State = { type: 'prose' }

/** The cut came right after the last character of an end marker: nothing of the hunk is missing. */
export function endsHunk(state: State, rest: string): boolean {
  if (state.type === 'search') return isReplaceEnd(rest)
  const marker = patchMarker(rest)?.type
  return (
    (marker === 'end' && (state.type === 'edit' || state.type === 'add')) ||
    (marker === 'end-of-file' && state.type === 'edit')
  )
}

/** The file of the hunk in hand, null where it is not named; undefined when no hunk is in hand. */
export function unfinishedFile(state: State): string | null | undefined {
  switch (state.type) {
    case 'search':
      return state.block.path
    case 'add':
      return state.section.start.path
    case 'header':
      return state.header.outcome()?.path ?? null
    case 'edit':
      return state.section.open ? state.section.start.path : undefined
    case 'prose':
    case 'deleted':
      return undefined
    default:
      return state satisfies never
  }
}
