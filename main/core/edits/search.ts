// One SEARCH/REPLACE block: collects its lines and turns them into a hunk.
import { diffLines } from '../diff.ts'
import type { HunkLine, ParsedHunk, ReplyEvent } from './hunk.ts'
import { dividerWidth, fenceLine } from './markers.ts'
import { LARGEST_HUNK } from './section.ts'

export class SearchBlock {
  readonly path: string | null
  private readonly width: number
  private readonly section: number
  private readonly emit: (event: ReplyEvent) => void
  private lines: string[] = []
  private size = 0

  constructor(path: string | null, width: number, section: number, emit: (event: ReplyEvent) => void) {
    this.path = path
    this.width = width
    this.section = section
    this.emit = emit
  }

  body(line: string): void {
    this.size += line.length + 1
    if (this.size > LARGEST_HUNK) this.lines = []
    else this.lines.push(line)
  }

  /** `ended`: by its end marker; otherwise by the end of the reply. */
  finish(ended: boolean): void {
    if (this.size > LARGEST_HUNK) return this.problem('is too long to be read')
    const divider = this.divider()
    if (divider < 0) return this.problem('has no ======= line')
    if (this.path === null) return this.problem('names no file')
    const search = this.lines.slice(0, divider)
    const replace = this.lines.slice(divider + 1)
    if (!ended) dropFence(replace)
    const isNew = search.every((line) => line.trim() === '')
    const lines = isNew ? replace.map((text): HunkLine => ({ kind: '+', text })) : alignedLines(search, replace)
    const hunk: ParsedHunk = {
      path: this.path,
      kind: isNew ? 'add' : 'update',
      moveTo: null,
      section: this.section,
      format: 'search-replace',
      anchors: [],
      lines,
      endOfFile: false,
      line: null,
    }
    return this.emit({ type: 'hunk', hunk })
  }

  /** The next block began before this one had its end marker: where it ends cannot be known. */
  abandon(): void {
    this.problem('has no end')
  }

  /** The first `=======` as wide as the opening marks; only when there is none, the first of another width. */
  private divider(): number {
    const same = this.lines.findIndex((line) => dividerWidth(line) === this.width)
    return same >= 0 ? same : this.lines.findIndex((line) => dividerWidth(line) > 0)
  }

  private problem(what: string): void {
    const about = this.path === null ? '' : ` about ${this.path}`
    this.emit({ type: 'problem', message: `a SEARCH/REPLACE block${about} ${what}` })
  }
}

function dropFence(lines: string[]): void {
  while (lines.length > 0 && (lines.at(-1) ?? '').trim() === '') lines.pop()
  if (fenceLine(lines.at(-1) ?? '')?.info === '') lines.pop()
}

/** What both halves share is context, so that there the file's own text stays. */
function alignedLines(search: readonly string[], replace: readonly string[]): readonly HunkLine[] {
  const lines: HunkLine[] = []
  let at = 0
  const add = (kind: HunkLine['kind'], texts: readonly string[]): void => {
    for (const text of texts) lines.push({ kind, text })
  }
  for (const change of diffLines(search, replace)) {
    add(' ', search.slice(at, change.oldStart - 1))
    add('-', search.slice(change.oldStart - 1, change.oldEnd - 1))
    add('+', replace.slice(change.newStart - 1, change.newEnd - 1))
    at = change.oldEnd - 1
  }
  add(' ', search.slice(at))
  return lines
}
