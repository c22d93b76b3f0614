// One file section of a patch or unified diff: collects its lines and gives each hunk the moment it is complete.
import { changesAnything, type HunkLine, type ParsedHunk, type ReplyEvent } from './hunk.ts'
import type { PlaceLine } from './markers.ts'

/** What a hunk may hold, in characters; a longer one is left out, so that memory stays bounded. */
export const LARGEST_HUNK = 4_000_000

export interface SectionStart {
  readonly path: string
  readonly kind: ParsedHunk['kind']
  readonly moveTo: string | null
  readonly section: number
  readonly format: 'patch' | 'unified'
}

/** A section of kind `update` or `move`: hunks with lines that stay, go and come. */
export class EditSection {
  readonly start: SectionStart
  private readonly emit: (event: ReplyEvent) => void
  private moveTo: string | null
  /** A move that was named after hunks had been given without it. */
  private lateMove = false
  private anchors: string[] = []
  private lines: HunkLine[] = []
  private line: number | null = null
  private counts: { old: number; new: number } | null = null
  private size = 0
  private given = 0
  /** Lines were seen that changed nothing: an edit that was meant but cannot be read. */
  private vain = false

  constructor(start: SectionStart, emit: (event: ReplyEvent) => void) {
    this.start = start
    this.moveTo = start.moveTo
    this.emit = emit
  }

  /** Something has begun that no marker has completed yet. */
  get open(): boolean {
    return this.given === 0 || this.lines.length > 0 || this.anchors.length > 0 || this.lateMove
  }

  /** All lines that the `@@` line of a unified diff counted have come. */
  get satisfied(): boolean {
    return this.counts !== null && this.counts.old <= 0 && this.counts.new <= 0
  }

  get begun(): boolean {
    return this.given > 0 || this.lines.length > 0 || this.anchors.length > 0
  }

  move(path: string): void {
    if (this.given > 0) this.lateMove = true
    this.moveTo = path
  }

  /** An `@@` line: ends the hunk before it, or narrows the place of the one that has not begun. */
  place(line: PlaceLine): void {
    if (this.due) this.complete(false)
    else this.keepAsAnchors()
    for (const anchor of line.anchors) this.size += anchor.length + 1
    if (this.size <= LARGEST_HUNK) this.anchors.push(...line.anchors)
    this.line = line.line
    this.counts = line.counts === null ? null : { ...line.counts }
  }

  /** A line of a hunk as it stands in the reply. */
  body(raw: string): void {
    this.size += raw.length + 1
    if (this.size > LARGEST_HUNK) {
      this.lines = []
      return
    }
    const mark = raw.charAt(0)
    if (mark === '\\' && /^\\ ?no newline/i.test(raw)) return
    const kind = mark === '+' || mark === '-' ? mark : ' '
    this.lines.push(mark === kind ? { kind, text: raw.slice(1) } : { kind, text: raw, bare: true })
    if (this.counts !== null) {
      if (kind !== '+') this.counts.old -= 1
      if (kind !== '-') this.counts.new -= 1
    }
  }

  endOfFile(): void {
    if (this.due) this.complete(true)
  }

  finish(): void {
    if (this.due) this.complete(false)
    else if (this.lines.some(hasWord)) this.vain = true
    if (this.moveTo !== null && (this.given === 0 || this.lateMove)) this.give([], false)
    else if (this.given === 0 && this.vain) {
      this.emit({ type: 'problem', message: `the part about ${this.start.path} marks no line as changed` })
    }
  }

  /** What has come so far is a hunk, or too long to be one. */
  private get due(): boolean {
    return this.size > LARGEST_HUNK || changesAnything(this.lines)
  }

  /** Context without a change says where to look: models give it when one `@@` line is not enough. */
  private keepAsAnchors(): void {
    for (const line of this.lines) {
      if (!hasWord(line)) continue
      this.vain = true
      this.anchors.push(line.text.trim())
    }
    this.lines = []
  }

  private complete(endOfFile: boolean): void {
    const { lines } = this
    if (this.size > LARGEST_HUNK) {
      this.emit({ type: 'problem', message: `a part about ${this.start.path} is too long to be read` })
      this.given += 1
    } else this.give(lines, endOfFile)
    this.lines = []
    this.anchors = []
    this.line = null
    this.counts = null
    this.size = 0
  }

  private give(lines: readonly HunkLine[], endOfFile: boolean): void {
    this.given += 1
    const { path, section, format } = this.start
    const { moveTo, anchors, line } = this
    const kind = moveTo === null ? 'update' : 'move'
    this.emit({ type: 'hunk', hunk: { path, kind, moveTo, section, format, anchors, lines, endOfFile, line } })
  }
}

function hasWord(line: HunkLine): boolean {
  return /[\p{L}\p{N}]/u.test(line.text)
}

/** A section that creates a file. */
export class AddSection {
  readonly start: SectionStart
  private readonly emit: (event: ReplyEvent) => void
  private raw: string[] = []
  private marked = 0
  private unmarked = 0
  private size = 0

  constructor(start: SectionStart, emit: (event: ReplyEvent) => void) {
    this.start = start
    this.emit = emit
  }

  get begun(): boolean {
    return this.size > 0
  }

  /** Lines with `+` were seen and a blank line without one came last: what follows may be prose. */
  get paused(): boolean {
    return this.marked > 0 && this.raw.at(-1) === ''
  }

  body(raw: string): void {
    this.size += raw.length + 1
    if (this.size > LARGEST_HUNK) {
      this.raw = []
      return
    }
    this.raw.push(raw)
    if (raw.startsWith('+')) this.marked += 1
    else if (raw.trim() !== '') this.unmarked += 1
  }

  finish(): void {
    const { path, section, format } = this.start
    if (this.size > LARGEST_HUNK) {
      this.emit({ type: 'problem', message: `the new file ${path} is too long to be read` })
      return
    }
    const lines = this.content().map((text): HunkLine => ({ kind: '+', text }))
    this.emit({
      type: 'hunk',
      hunk: { path, kind: 'add', moveTo: null, section, format, anchors: [], lines, endOfFile: false, line: null },
    })
  }

  /** Models forget the `+` on single lines, or on all of them; blank lines around the content separate it from the headers. */
  private content(): readonly string[] {
    const raw = this.raw.filter((line) => !/^@@(?:\s.*)?$/.test(line) && !/^\\ ?no newline/i.test(line))
    let from = 0
    let to = raw.length
    while (from < to && (raw[from] ?? '').trim() === '') from += 1
    while (to > from && (raw[to - 1] ?? '').trim() === '') to -= 1
    const lines = raw.slice(from, to)
    if (this.marked < this.unmarked) return lines
    return lines.map((line) => (line.startsWith('+') ? line.slice(1) : line))
  }
}
