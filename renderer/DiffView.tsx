// One hunk as a diff: the only component that sets HTML, made by diff2html from lines and never from a textual diff.
import { html } from 'diff2html'
import { LineType, type DiffLine } from 'diff2html/lib/types'
import { memo, useMemo, useState } from 'react'
import type { HunkView } from '../preload/contract.ts'
import { diffRows } from './lines.ts'
import { visible } from './visible.ts'

/** Above this many changed lines the pairing of similar lines costs more than it tells. */
const MAX_MATCHED_LINES = 200
/** A longer hunk is cut until the person asks for the rest: painting must not hold up the window. */
const MAX_SHOWN_LINES = 400
/** Word highlights in longer lines (minified sources) cost more than they tell. */
const MAX_HIGHLIGHTED_CHARACTERS = 1000

interface Counts {
  readonly added: number
  readonly removed: number
}

/** How many lines a hunk really adds and removes; lines that it repeats unchanged do not count. */
export function countLines(hunk: HunkView): Counts {
  const rows = diffRows(hunk.oldLines, hunk.newLines)
  return {
    added: rows.filter((row) => row.type === 'new').length,
    removed: rows.filter((row) => row.type === 'old').length,
  }
}

/** The hunk as diff2html's lines, numbered as in the file; its whole name for `html` to escape. */
function diffLines(hunk: HunkView): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let oldNumber = hunk.start - hunk.before.length
  let newNumber = oldNumber
  function push(text: string, type: 'same' | 'old' | 'new'): void {
    const content = visible(text)
    if (type === 'old') {
      lines.push({ type: LineType.DELETE, oldNumber, newNumber: undefined, content: `-${content}` })
      oldNumber += 1
    } else if (type === 'new') {
      lines.push({ type: LineType.INSERT, oldNumber: undefined, newNumber, content: `+${content}` })
      newNumber += 1
    } else {
      lines.push({ type: LineType.CONTEXT, oldNumber, newNumber, content: ` ${content}` })
      oldNumber += 1
      newNumber += 1
    }
  }
  for (const line of hunk.before) push(line, 'same')
  for (const row of diffRows(hunk.oldLines, hunk.newLines)) push(row.text, row.type)
  for (const line of hunk.after) push(line, 'same')
  return lines
}

/**
 * The hunk's HTML. diff2html escapes the content of lines and names; `isTooBig` and its message, which it does not
 * escape, are never used, and it is given no header and no language.
 */
export function diffHtml(hunk: HunkView, layout: 'unified' | 'split', limit: number): string {
  const lines = diffLines(hunk).slice(0, limit)
  const changed = lines.filter((line) => line.type !== LineType.CONTEXT).length
  const start = hunk.start - hunk.before.length
  const file = {
    oldName: visible(hunk.path),
    newName: visible(hunk.moveTo ?? hunk.path),
    addedLines: 0,
    deletedLines: 0,
    isCombined: false,
    isGitDiff: false,
    language: '',
    blocks: [{ oldStartLine: start, newStartLine: start, header: '', lines: [...lines] }],
  }
  return html([file], {
    drawFileList: false,
    outputFormat: layout === 'split' ? 'side-by-side' : 'line-by-line',
    matching: changed < MAX_MATCHED_LINES ? 'words' : 'none',
    maxLineLengthHighlight: MAX_HIGHLIGHTED_CHARACTERS,
  })
}

interface DiffProps {
  readonly hunk: HunkView
  /** Two columns when there is room for them. */
  readonly wide: boolean
}

export const DiffView = memo(function DiffView({ hunk, wide }: DiffProps) {
  const [whole, setWhole] = useState(false)
  const total = hunk.before.length + hunk.oldLines.length + hunk.newLines.length + hunk.after.length
  // A new or a deleted file has one side only.
  const split = wide && hunk.oldLines.length > 0 && hunk.newLines.length > 0
  const markup = useMemo(
    () => ({ __html: diffHtml(hunk, split ? 'split' : 'unified', whole ? Infinity : MAX_SHOWN_LINES) }),
    [hunk, split, whole],
  )
  return (
    <div className="diff">
      <div className={split ? 'diff-split' : 'diff-unified'} dangerouslySetInnerHTML={markup} />
      {total > MAX_SHOWN_LINES && !whole ? (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          Show all {total} lines
        </button>
      ) : null}
    </div>
  )
})
