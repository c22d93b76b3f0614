// What `slipstream suggest --provider local` answers to one change, purely.
import { proposeWithLesson } from './echo/echo.ts'
import type { PlacedEdit } from './patch.ts'
import type { Edited } from './ports.ts'
import { splitText, terminatorNear } from './text.ts'

export interface LocalSuggestion {
  /**
   * About the text `after` split at `\n` only: on CRLF texts the lines carry their `\r`, and a first line its BOM. 1-based,
   * end exclusive, `start === end` inserts.
   */
  readonly hunks: readonly PlacedEdit[]
  /** One sentence; empty when there is nothing to propose. */
  readonly explanation: string
}

export function suggestLocally(input: Edited): LocalSuggestion {
  const { edits, lesson } = proposeWithLesson(input)
  return { hunks: withReturns(input.after, edits), explanation: lesson === null ? '' : `${lesson}.` }
}

/** As `applyEdits` would write them: each line with the `\r` of the line it replaces, else of its neighbour. */
function withReturns(text: string, hunks: readonly PlacedEdit[]): readonly PlacedEdit[] {
  const source = splitText(text)
  if (source.bom === '' && !source.terminators.includes('\r\n')) return hunks
  return hunks.map((hunk) => {
    const lines = hunk.lines.map((line, index) => {
      const at = hunk.start - 1 + index
      // The last line of a text has no `\r` when it has no `\n`.
      const isLast = hunk.end > source.lines.length && index === hunk.lines.length - 1
      const own = at < hunk.end - 1 ? source.terminators[at] : undefined
      const ending = own || (isLast && source.terminators.at(-1) === '' ? '' : terminatorNear(source, hunk.end - 1))
      const bom = at === 0 && hunk.start < hunk.end ? source.bom : ''
      return bom + line + (ending === '\r\n' ? '\r' : '')
    })
    return { ...hunk, lines }
  })
}
