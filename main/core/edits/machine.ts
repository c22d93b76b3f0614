// The state machine under the reply parser: takes one line after the other and gives events.
import { Frame } from './frame.ts'
import { GitHeader, type GitOutcome } from './git-header.ts'
import type { ReplyEvent } from './hunk.ts'
import {
  closesFence,
  escapedPatch,
  fenceLine,
  isReplaceEnd,
  patchMarker,
  placeLine,
  searchStart,
  sidePath,
  type Fence,
} from './markers.ts'
import { pathInFence } from './path.ts'
import { Prose } from './prose.ts'
import type { SearchBlock } from './search.ts'
import type { AddSection, EditSection, SectionStart } from './section.ts'
import { Sections } from './sections.ts'
import { endsHunk, PROSE, unfinishedFile, whiteSpaceBefore, type Pending, type State } from './state.ts'

/** Reads lines, gives events: see `createReplyParser` for what it accepts. */
export class ReplyMachine {
  private events: ReplyEvent[] = []
  private state: State = PROSE
  private pending: Pending | null = null
  private readonly sections: Sections
  private readonly prose: Prose
  private readonly frame: Frame

  constructor() {
    this.sections = new Sections(this.emit)
    this.prose = new Prose(this.emit)
    this.frame = new Frame(this.prose, this.emit)
  }

  drain(): readonly ReplyEvent[] {
    const { events } = this
    this.events = []
    return events
  }

  take(raw: string): void {
    const line = this.frame.stripped(raw)
    if (this.pending !== null && this.settle(this.pending, line, raw)) return
    this.step(line, raw)
  }

  /** The model stopped: what is complete but for its end marker counts. */
  stop(): void {
    const { pending } = this
    this.pending = null
    if (pending?.type === 'header') for (const line of pending.lines) this.bodyLine(line)
    if (this.state.type === 'search') this.state.block.finish(false)
    else this.leave()
    this.prose.flush()
  }

  /** The stream broke off; `rest` is the line it broke off in. */
  cut(rest: string): void {
    if (endsHunk(this.state, rest)) {
      this.take(rest)
      this.stop()
      return
    }
    const path = unfinishedFile(this.state)
    if (path !== undefined) this.emit({ type: 'cut', path })
    else if (this.state.type === 'prose' && !this.frame.inEnvelope) {
      this.prose.flush()
      if (this.frame.fence === null && /^[^*<>=@+\-`~#]/.test(rest)) this.emit({ type: 'explanation', line: rest })
    }
  }

  private readonly emit = (event: ReplyEvent): void => {
    this.events.push(event)
  }

  private step(line: string, raw: string): void {
    switch (this.state.type) {
      case 'prose':
        this.proseLine(line, raw)
        break
      case 'header':
        this.headerLine(this.state.header, line, raw)
        break
      case 'edit':
        this.editLine(this.state.section, line, raw)
        break
      case 'add':
        this.addLine(this.state.section, line, raw)
        break
      case 'deleted':
        this.deletedLine(this.state, line, raw)
        break
      case 'search':
        this.searchLine(this.state.block, raw)
        break
      default:
        this.state satisfies never
    }
  }

  /** Ends the section at hand and reads the line as the first one after it. */
  private again(line: string, raw: string): void {
    this.leave()
    this.proseLine(line, raw)
  }

  /** Ends whatever section is open; its last hunk is complete. */
  private leave(): void {
    const { state } = this
    this.state = PROSE
    if (state.type === 'edit' || state.type === 'add') state.section.finish()
    else if (state.type === 'header') this.beginBody(state.header)
    const now = this.state
    if (now.type === 'edit' || now.type === 'add') now.section.finish()
    this.state = PROSE
    if (!this.frame.inEnvelope) this.frame.indent = ''
  }

  // ── Prose ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  private proseLine(line: string, raw: string): void {
    const escaped = escapedPatch(raw)
    if (escaped !== null) return escaped.forEach((inner) => this.take(inner))
    if (this.startsPatch(line, raw) || this.startsBlock(raw)) return
    const fence = fenceLine(raw)
    if (fence !== null && this.fenceBoundary(fence, raw)) return
    this.frame.outside(line)
  }

  /** Header lines are recognised with any indentation here; in a section an indented one is context. */
  private startsPatch(line: string, raw: string): boolean {
    const text = line.trimStart()
    const indent = whiteSpaceBefore(raw)
    const marker = patchMarker(text)
    if (marker !== null) {
      this.prose.flush()
      if (!this.frame.inEnvelope || marker.type === 'begin') this.frame.indent = indent
      switch (marker.type) {
        case 'begin':
          this.frame.openEnvelope()
          break
        case 'end':
          this.frame.closeEnvelope()
          break
        case 'update':
        case 'add':
        case 'delete':
          this.open({ path: marker.path, kind: marker.type, moveTo: null, format: 'patch' })
          break
        case 'move':
        case 'end-of-file':
          break
        default:
          marker satisfies never
      }
      return true
    }
    if (text.startsWith('diff --git ')) {
      const header = new GitHeader()
      if (!header.take(text)) return false
      this.prose.flush()
      this.frame.indent = indent
      this.state = { type: 'header', header }
      return true
    }
    if (sidePath(text, '---') !== null) {
      this.pending = { type: 'header', lines: [raw] }
      return true
    }
    return text.startsWith('@@') && this.startsNameless(text, indent)
  }

  /** An `@@` line without a file header: belongs to the file that the lines above name, if they do. */
  private startsNameless(text: string, indent: string): boolean {
    const place = placeLine(text)
    if (place === null) return false
    const inDiff = this.frame.fence !== null && /^(?:diff|patch|udiff)\b/.test(this.frame.fence.info)
    if (!this.frame.inEnvelope && !inDiff && (place.line === null || this.prose.path === null)) return false
    const path = this.prose.path ?? this.sections.lastPath
    if (path === null) {
      this.frame.unnamedPlace()
      return true
    }
    this.prose.takePath()
    if (!this.frame.inEnvelope) this.frame.indent = indent
    const format = place.counts === null ? 'patch' : 'unified'
    this.open({ path, kind: 'update', moveTo: null, format })
    if (this.state.type === 'edit') this.state.section.place(place)
    return true
  }

  private startsBlock(raw: string): boolean {
    const start = searchStart(raw)
    if (start === null) return false
    this.beginBlock(start.width, start.path ?? this.prose.path ?? this.sections.lastPath)
    return true
  }

  private beginBlock(width: number, path: string | null): void {
    this.prose.takePath()
    this.frame.indent = ''
    this.state = this.sections.beginBlock(path, width)
    this.frame.named()
  }

  /** False for a line that is only content: another fence inside an open one. */
  private fenceBoundary(fence: Fence, raw: string): boolean {
    const { frame } = this
    if (frame.fence === null) {
      frame.openFence(fence, raw)
      this.prose.path = pathInFence(fence.info) ?? this.prose.path
      return true
    }
    if (!closesFence(frame.fence, fence)) return false
    frame.closeFence()
    return true
  }

  // ── Sections ───────────────────────────────────────────────────────────────────────────────────────────────────────

  private open(start: Omit<SectionStart, 'section'>): void {
    this.prose.flush()
    this.prose.path = null
    this.frame.named()
    this.state = this.sections.begin(start)
  }

  private headerLine(header: GitHeader, line: string, raw: string): void {
    if (line.trim() === '') return
    const begins = line.startsWith('@@') || (header.complete && /^[ +-]/.test(line) && sidePath(line, '---') === null)
    if (begins) {
      if (this.beginBody(header)) this.step(line, raw)
    } else if (header.complete || line.startsWith('diff --git ') || !header.take(line)) this.again(line, raw)
  }

  /** The header is complete: opens what it says. False when it says nothing that can be read. */
  private beginBody(header: GitHeader): boolean {
    const outcome: GitOutcome | null = header.outcome()
    this.state = PROSE
    if (outcome === null || outcome.binary) {
      const about = outcome === null ? 'a file without a name' : outcome.path
      this.emit({ type: 'problem', message: `the diff of ${about} is not one of text lines` })
      return false
    }
    const { path, kind, moveTo } = outcome
    this.open({ path, kind, moveTo, format: 'unified' })
    return true
  }

  private editLine(section: EditSection, line: string, raw: string): void {
    const marker = patchMarker(line)
    if (marker?.type === 'move') return section.move(marker.path)
    if (marker?.type === 'end-of-file') return section.endOfFile()
    if (marker !== null || line.startsWith('diff --git ')) return this.again(line, raw)
    if (this.closesOrOpens(section, line, raw)) return undefined
    const search = /^[<-]/.test(line) ? searchStart(line) : null
    if (search !== null) {
      this.leave()
      return this.beginBlock(search.width, search.path ?? section.start.path)
    }
    if (sidePath(line, '---') !== null) {
      this.pending = { type: 'header', lines: [line] }
      return undefined
    }
    const place = placeLine(line)
    if (place !== null) return section.place(place)
    const unmarked = !/^[ +\-\\]/.test(line)
    if (unmarked && section.start.format === 'unified' && this.frame.fence === null && section.satisfied) {
      if (line !== '') return this.again(line, raw)
      this.pending = { type: 'tail', lines: [line] }
      return undefined
    }
    return section.body(line)
  }

  private addLine(section: AddSection, line: string, raw: string): void {
    const marker = patchMarker(line)
    const fromDiff = section.start.format === 'unified'
    if ((marker !== null && marker.type !== 'end-of-file') || (fromDiff && line.startsWith('diff --git '))) {
      return this.again(line, raw)
    }
    if (marker !== null) return undefined
    if (this.closesOrOpens(section, line, raw)) return undefined
    if (fromDiff && sidePath(line, '---') !== null) {
      this.pending = { type: 'header', lines: [line] }
      return undefined
    }
    const unmarked = line !== '' && !line.startsWith('+')
    if (unmarked && section.paused && !this.frame.inEnvelope && this.frame.fence === null) return this.again(line, raw)
    return section.body(line)
  }

  /** `left` counts the deleted lines that are still to come, so that `--- x` among them is not taken for a header. */
  private deletedLine(state: { left: number }, line: string, raw: string): void {
    const place = placeLine(line)
    if (place !== null) state.left = place.counts?.old ?? 0
    else if (line.startsWith('-') && state.left > 0) state.left -= 1
    else if (sidePath(line, '---') !== null || !/^[-+ \\]/.test(line)) this.again(line, raw)
  }

  private searchLine(block: SearchBlock, raw: string): void {
    if (isReplaceEnd(raw)) {
      block.finish(true)
      this.state = PROSE
      return
    }
    const next = searchStart(raw)
    if (next === null) return block.body(raw)
    block.abandon()
    this.state = PROSE
    this.beginBlock(next.width, next.path ?? block.path)
  }

  /**
   * A line that ends the section unless the next one goes on with it (an end line that is indented or cut short, the end of
   * a fence), or that opens a fence around its content.
   */
  private closesOrOpens(section: EditSection | AddSection, line: string, raw: string): boolean {
    const fence = fenceLine(line)
    if (fence !== null && this.frame.fence === null && !section.begun && !/^\s/.test(line)) {
      this.frame.openFence(fence, raw)
      return true
    }
    if (!this.frame.seemsToEnd(line, raw)) return false
    this.pending = { type: 'close', lines: [line] }
    return true
  }

  // ── Lines that wait for the next one ───────────────────────────────────────────────────────────────────────────────

  /** Decides what the pending lines are. True when the new line was taken with them. */
  private settle(pending: Pending, line: string, raw: string): boolean {
    switch (pending.type) {
      case 'close':
        return this.settleClose(pending, line)
      case 'header':
        return this.settleHeader(pending, line, raw)
      case 'tail':
        return this.settleTail(pending, line)
      default:
        return pending.type satisfies never
    }
  }

  private settleClose(pending: Pending, line: string): boolean {
    this.pending = null
    const goesOn = this.state.type === 'add' ? /^\+/ : /^(?:[-+ ]|@@)/
    if (goesOn.test(line)) {
      for (const waiting of pending.lines) this.bodyLine(waiting)
      return false
    }
    const [first = ''] = pending.lines
    this.leave()
    if (fenceLine(first) === null) this.frame.closeEnvelope()
    else this.frame.closeFence()
    return false
  }

  private settleHeader(pending: Pending, line: string, raw: string): boolean {
    const [first = '', second] = pending.lines
    const inSection = this.state.type === 'edit' || this.state.type === 'add'
    if (second === undefined && sidePath(line.trimStart(), '+++') !== null) {
      pending.lines.push(inSection ? line : raw)
      // Inside a hunk both could be changed lines: only an `@@` line after them makes them a header.
      if (inSection) return true
      this.pending = null
      this.prose.flush()
      this.frame.indent = whiteSpaceBefore(raw)
      this.state = { type: 'header', header: GitHeader.of(first.trimStart(), line.trimStart()) }
      return true
    }
    this.pending = null
    if (second !== undefined && line.startsWith('@@')) {
      this.leave()
      this.state = { type: 'header', header: GitHeader.of(first, second) }
      return false
    }
    for (const waiting of pending.lines) {
      if (inSection) this.bodyLine(waiting)
      else this.frame.outside(waiting)
    }
    return false
  }

  private settleTail(pending: Pending, line: string): boolean {
    if (line === '') {
      if (pending.lines.length < 8) pending.lines.push(line)
      return true
    }
    this.pending = null
    // A bullet of prose begins with `- `; a changed line right after a blank one that lost its space rarely does.
    if (/^(?:[ \t]|[+-](?! ))/.test(line)) for (const waiting of pending.lines) this.bodyLine(waiting)
    else if (!line.startsWith('@@')) {
      this.leave()
      for (const waiting of pending.lines) this.prose.text(waiting)
    }
    return false
  }

  private bodyLine(line: string): void {
    if (this.state.type === 'edit' || this.state.type === 'add') this.state.section.body(line)
    else this.prose.text(line)
  }
}
