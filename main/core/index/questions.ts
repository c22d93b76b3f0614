// What can be asked about the project as a whole: the port, and the questions as they cross to its thread.
import type { Excerpt } from '../context.ts'
import type { Edited } from '../ports.ts'
import type { Focus } from './focus.ts'
import type { Elsewhere } from './indexer.ts'

export { focusOn, focusOnChange, type Focus } from './focus.ts'
export type { Elsewhere, FileEdits } from './indexer.ts'

/**
 * The project's files as names and declarations, kept up to date in the background. What it does not know yet is left out of
 * its answers. Secret files are never in it; ignored ones are not as long as nobody tells of them.
 */
export interface Index {
  /** Files that the project has: they are read when there is time. */
  seen(paths: readonly string[]): void
  /** The file is not what it was, or gone. `edited`: by the person. */
  changed(path: string, edited: boolean): void
  /** Places elsewhere that help with this one, the most helpful first; see `relatedTo`. */
  related(focus: Focus, signal: AbortSignal): Promise<readonly Excerpt[]>
  /** The same edit elsewhere; see `Indexer.elsewhere`. */
  elsewhere(change: Edited, signal: AbortSignal): Promise<Elsewhere>
}

export const NOWHERE: Elsewhere = { rename: null, files: [] }

export interface IndexQuestions {
  readonly seen: { readonly input: { readonly paths: readonly string[] }; readonly output: null }
  readonly changed: {
    readonly input: { readonly paths: readonly string[]; readonly edited: readonly string[] }
    readonly output: null
  }
  readonly related: { readonly input: Focus; readonly output: readonly Excerpt[] }
  readonly elsewhere: { readonly input: Edited; readonly output: Elsewhere }
}
