// What a person sends for without deciding: copy, open in the editor, take a write back, write it again.
import type { CallName, Calls, Failure, HunkReference, HunkView, Place, Result } from '../preload/contract.ts'
import { createCell, type Cell } from './cell.ts'
import { whereabouts } from './decisions.ts'
import type { Store } from './store.ts'

export interface Errands {
  /** The undo or redo that was refused last with a diff of what stands in its way; null when none stands to be read. */
  readonly conflict: Cell<Failure | null>
  undo(): void
  /** Takes the named write back. */
  takeBack(apply: string): void
  /** Writes again: the named write, or (null) the one undone last. */
  redo(apply: string | null): void
  /** The new lines of a hunk, into the clipboard. */
  copy(hunk: HunkReference): void
  /** Any text, into the clipboard. */
  copyText(text: string): Promise<void>
  /** Shows the hunk's file in the person's editor, at its line. */
  open(hunk: HunkReference): void
}

interface Needs {
  readonly store: Store
  call<N extends CallName>(name: N, values: Calls[N]['arguments']): Promise<Result<Calls[N]['value']>>
  /** False when the clipboard cannot be reached. */
  copy(text: string): Promise<boolean>
  say(text: string): void
  refuse(failure: Failure): void
}

export function createErrands({ store, call, copy, say, refuse }: Needs): Errands {
  function viewOf({ suggestion, hunk }: HunkReference): HunkView | undefined {
    return store.suggestion(suggestion)?.hunks.find(({ id }) => id === hunk)
  }

  const conflict = createCell<Failure | null>(null)

  async function rewrite(answer: Promise<Result<{ readonly places: readonly Place[] }>>, done: string): Promise<void> {
    const result = await answer
    conflict.set(!result.ok && result.failure.diff !== undefined ? result.failure : null)
    if (!result.ok) refuse(result.failure)
    else say(`${done} ${whereabouts(result.value.places)}`.trim())
  }

  async function copyLines(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) say('Nothing to copy: this hunk only takes lines out.')
    else if (!(await copy(lines.join('\n')))) say('The clipboard cannot be reached: select the lines instead.')
    else say(lines.length === 1 ? 'Copied one line.' : `Copied ${lines.length} lines.`)
  }

  async function openAt(path: string, line: number): Promise<void> {
    const result = await call('open', { path, line: Math.max(1, line) })
    if (!result.ok) refuse(result.failure)
  }

  return {
    conflict,
    undo: () => void rewrite(call('undo', {}), 'Took back'),
    takeBack: (apply) => void rewrite(call('takeBack', { apply }), 'Took back'),
    redo: (apply) => void rewrite(call('redo', { apply }), 'Wrote again'),
    copy: (hunk) => void copyLines(viewOf(hunk)?.newLines ?? []),
    async copyText(text) {
      say((await copy(text)) ? 'Copied.' : 'The clipboard cannot be reached: select the text instead.')
    },
    open(hunk) {
      const view = viewOf(hunk)
      if (view !== undefined) void openAt(view.path, view.start)
    },
  }
}
