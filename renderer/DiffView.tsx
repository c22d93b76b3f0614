// One hunk as a diff: the only component that sets HTML, made by diff2html from lines and never from a textual diff.
import { html } from 'diff2html'
import { LineType, type DiffLine } from 'diff2html/lib/types'
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from 'react'
import type { HunkView } from '../preload/contract.ts'
import { colourDiff } from './colours.ts'
import { diffRows } from './lines.ts'
import { visible } from './visible.ts'

export type Layout = 'unified' | 'split'

/** Above this many changed lines the pairing of similar lines costs more than it tells. */
const MAX_MATCHED_LINES = 200
/** Lines are painted in chunks of about so many, and only those near the eye. */
const CHUNK_LINES = 60
/** A longer hunk is cut after about so many lines until the person asks for the rest: the next hunk should not be far away. */
const FIRST_LINES = 400
/** Word highlights in longer lines (minified sources) cost more than they tell. */
const MAX_HIGHLIGHTED_CHARACTERS = 1000
/** How far from the eye a chunk is made and let go, and how high its lines are as long as they do not wrap; px. */
const NEAR_PX = 800
const LINE_PX = 18

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

/** The hunk as diff2html's lines, numbered as in the file. */
function diffLines(hunk: HunkView): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let oldNumber = hunk.start - hunk.before.length
  let newNumber = oldNumber
  function push(text: string, type: 'same' | 'old' | 'new'): void {
    // Where blanks are all that changes, they are what is to be seen.
    const blanks = hunk.whitespace && type !== 'same'
    const content = blanks ? visible(text).replaceAll(' ', '\u00b7') : visible(text)
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
 * The hunk's lines in pieces to paint. A changed stretch stays whole where it can, so that its lines are compared; a longer one is cut
 * so that side by side what goes still stands beside what comes.
 */
export function diffChunks(hunk: HunkView, layout: Layout): readonly (readonly DiffLine[])[] {
  const units: (readonly DiffLine[])[] = []
  let stretch: DiffLine[] = []
  function closeStretch(): void {
    const goes = stretch.filter(({ type }) => type === LineType.DELETE)
    const comes = stretch.filter(({ type }) => type === LineType.INSERT)
    if (stretch.length <= CHUNK_LINES) units.push(stretch)
    else if (layout === 'unified') units.push(...slices(goes, CHUNK_LINES), ...slices(comes, CHUNK_LINES))
    else {
      const half = CHUNK_LINES / 2
      for (let at = 0; at < Math.max(goes.length, comes.length); at += half) {
        units.push([...goes.slice(at, at + half), ...comes.slice(at, at + half)])
      }
    }
    stretch = []
  }
  for (const line of diffLines(hunk)) {
    if (line.type !== LineType.CONTEXT) stretch.push(line)
    else {
      closeStretch()
      units.push([line])
    }
  }
  closeStretch()

  const chunks: DiffLine[][] = []
  for (const unit of units) {
    const last = chunks.at(-1)
    if (last !== undefined && last.length + unit.length <= CHUNK_LINES) last.push(...unit)
    else if (unit.length > 0) chunks.push([...unit])
  }
  return chunks
}

/** As many chunks as hold the first lines. */
function firstLines<T>(chunks: readonly (readonly T[])[]): readonly (readonly T[])[] {
  let lines = 0
  const end = chunks.findIndex((chunk) => (lines += chunk.length) >= FIRST_LINES)
  return end < 0 ? chunks : chunks.slice(0, end + 1)
}

function slices<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}

/**
 * A chunk's HTML. diff2html escapes the content of lines; it is given no name of a file, no header and no language, and
 * `isTooBig` and its message, which it does not escape, are never used. So a tab stands only in the text of a line.
 */
export function chunkHtml(lines: readonly DiffLine[], layout: Layout, words: boolean): string {
  const { oldNumber, newNumber } = lines[0] ?? {}
  const file = {
    oldName: 'file',
    newName: 'file',
    addedLines: 0,
    deletedLines: 0,
    isCombined: false,
    isGitDiff: false,
    language: '',
    blocks: [{ oldStartLine: oldNumber ?? 0, newStartLine: newNumber ?? 0, header: '', lines: [...lines] }],
  }
  const made = html([file], {
    drawFileList: false,
    outputFormat: layout === 'split' ? 'side-by-side' : 'line-by-line',
    matching: words ? 'words' : 'none',
    maxLineLengthHighlight: MAX_HIGHLIGHTED_CHARACTERS,
  })
  return made.replaceAll('\t', '<span class="tab">\t</span>')
}

interface DiffProps {
  readonly hunk: HunkView
  /** Two columns when there is room for them. */
  readonly wide: boolean
}

export const DiffView = memo(function DiffView({ hunk, wide }: DiffProps) {
  const [whole, setWhole] = useState(false)
  // A new or a deleted file has one side only.
  const layout: Layout = wide && hunk.oldLines.length > 0 && hunk.newLines.length > 0 ? 'split' : 'unified'
  const chunks = useMemo(() => diffChunks(hunk, layout), [hunk, layout])
  const total = chunks.reduce((sum, lines) => sum + lines.length, 0)
  const changed = chunks.flat().filter(({ type }) => type !== LineType.CONTEXT).length
  const digits = String(hunk.start + hunk.before.length + Math.max(hunk.oldLines.length, hunk.newLines.length)).length
  const shown = whole ? chunks : firstLines(chunks)
  const style: CSSProperties & Record<'--digits', number> = { '--digits': digits }
  return (
    <div className={`diff diff-${layout}`} style={style}>
      {shown.map((lines, index) => (
        <Chunk
          // A chunk has no identity but its place.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          lines={lines}
          layout={layout}
          words={changed < MAX_MATCHED_LINES}
          path={hunk.path}
          first={index === 0}
        />
      ))}
      {shown.length < chunks.length ? (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          Show all {total} lines
        </button>
      ) : null}
    </div>
  )
})

interface ChunkProps {
  readonly lines: readonly DiffLine[]
  readonly layout: Layout
  readonly words: boolean
  readonly path: string
  /** It is painted at once; the others when they come near. */
  readonly first: boolean
}

const Chunk = memo(function Chunk({ lines, layout, words, path, first }: ChunkProps) {
  const place = useRef<HTMLDivElement>(null)
  const estimate = (layout === 'split' ? Math.ceil(lines.length / 2) : lines.length) * LINE_PX
  /** How much room it leaves while it is far away, in px; null: it is near. */
  const [room, setRoom] = useState(first ? null : estimate)
  const near = room === null
  const made = useMemo(() => (near ? chunkHtml(lines, layout, words) : ''), [near, lines, layout, words])
  const markup = useMemo(() => ({ __html: made }), [made])

  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const watcher = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1)
        if (entry === undefined) return
        const { height } = entry.boundingClientRect
        // What goes leaves as much room as it took; what has no box at all (a hidden card) stays as it is.
        if (entry.isIntersecting) setRoom(null)
        else if (height > 0) setRoom(height)
      },
      { root: element.closest('main'), rootMargin: `${NEAR_PX}px 0px` },
    )
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [])

  useEffect(() => {
    const element = place.current
    return made === '' || element === null ? undefined : colourDiff(element, path)
  }, [made, path])

  const style = near ? undefined : { blockSize: room }
  return <div ref={place} className="diff-chunk" style={style} dangerouslySetInnerHTML={markup} />
})
