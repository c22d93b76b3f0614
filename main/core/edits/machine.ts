// The state machine under the reply parser: takes one line after the other and gives events.
import { GitHeader, type GitOutcome } from './git-header.ts'
import type { ReplyEvent } from './hunk.ts'
import {
  closesFence,
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
import { SearchBlock } from './search.ts'
import { AddSection, EditSection, type SectionStart } from './section.ts'
import { endsHunk, PROSE, whiteSpaceBefore, type Pending, type State } from './state.ts'

/** Reads lines, gives events: see `createReplyParser` for what it accepts. */
export class ReplyMachine {
  private events: ReplyEvent[] = []
  private state: State = PROSE
  private pending: Pending | null = null
  private fence: (Fence & { readonly indent: string }) | null = null
  private inEnvelope = false
  /** The envelope has not named a file yet, and no complaint was made about it. */
  private nameless = false
  /** White space that stands before each line of the patch at hand. */
  private indent = ''
  private sections = 0
  /** The file of the section or block before. */
  private lastPath: string | null = null
  private readonly prose: Prose

  constructor() {
    this.prose = new Prose(this.emit)
  }

  drain(): readonly ReplyEvent[] {
    const { events } = this
    this.events = []
    return events
  }

  take(raw: string): void {
    const line = this.indent !== '' && raw.startsWith(this.indent) ? raw.slice(this.indent.length) : raw
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
    const { state } = this
    if (state.type === 'search') this.emit({ type: 'cut', path: state.block.path })
    else if (state.type === 'add') this.emit({ type: 'cut', path: state.section.start.path })
    else if (state.type === 'header') this.emit({ type: 'cut', path: state.header.outcome()?.path ?? null })
    else if (state.type === 'edit') {
      if (state.section.open) this.emit({ type: 'cut', path: state.section.start.path })
    } else if (state.type === 'prose' && !this.inEnvelope) {
      this.prose.flush()
      if (this.fence === null && /^[^*<>=@+\-`~#]/.test(rest)) this.emit({ type: 'explanation', line: rest })
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
    if (!this.inEnvelope) this.indent = ''
  }

  // ── Prose ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  private proseLine(line: string, raw: string): void {
    if (this.startsPatch(line, raw) || this.startsBlock(raw)) return
    const fence = fenceLine(raw)
    if (fence !== null && this.fenceBoundary(fence, raw)) return
    if (this.inEnvelope) this.envelopeLine(line)
    else if (this.fence !== null) this.prose.fenced(line)
    else this.prose.text(line)
  }

  /** Header lines are recognised with any indentation here; in a section an indented one is context. */
  private startsPatch(line: string, raw: string): boolean {
    const text = line.trimStart()
    const indent = whiteSpaceBefore(raw)
    const marker = patchMarker(text)
    if (marker !== null) {
      this.prose.flush()
      if (!this.inEnvelope || marker.type === 'begin') this.indent = indent
      switch (marker.type) {
        case 'begin':
          this.inEnvelope = true
          this.nameless = true
          break
        case 'end':
          this.closeEnvelope()
          break
        case 'update':
          this.open({ path: marker.path, kind: 'update', moveTo: null, format: 'patch' })
          break
        case 'add':
          this.open({ path: marker.path, kind: 'add', moveTo: null, format: 'patch' })
          break
        case 'delete':
          this.open({ path: marker.path, kind: 'delete', moveTo: null, format: 'patch' })
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
      this.indent = indent
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
    const inDiff = this.fence !== null && /^(?:diff|patch|udiff)\b/.test(this.fence.info)
    if (!this.inEnvelope && !inDiff && (place.line === null || this.prose.path === null)) return false
    const path = this.prose.path ?? this.lastPath
    if (path === null) {
      if (!this.inEnvelope || this.nameless) this.emit({ type: 'problem', message: 'a patch names no file' })
      this.nameless = false
      return true
    }
    this.prose.takePath()
    if (!this.inEnvelope) this.indent = indent
    const format = place.counts === null ? 'patch' : 'unified'
    const section = this.open({ path, kind: 'update', moveTo: null, format })
    section?.place(place)
    return true
  }

  private startsBlock(raw: string): boolean {
    const start = searchStart(raw)
    if (start === null) return false
    this.beginBlock(start.width, start.path ?? this.prose.path ?? this.lastPath)
    return true
  }

  private beginBlock(width: number, path: string | null): void {
    this.prose.takePath()
    this.indent = ''
    this.state = { type: 'search', block: new SearchBlock(path, width, this.sections, this.emit) }
    this.sections += 1
    this.nameless = false
    if (path !== null) this.lastPath = path
  }

  /** False for a line that is only content: another fence inside an open one. */
  private fenceBoundary(fence: Fence, raw: string): boolean {
    if (this.fence === null) {
      this.openFence(fence, raw)
      this.prose.path = pathInFence(fence.info) ?? this.prose.path
      return true
    }
    if (!closesFence(this.fence, fence)) return false
    this.closeFence()
    return true
  }

  private openFence(fence: Fence, raw: string): void {
    this.fence = { ...fence, indent: whiteSpaceBefore(raw) }
  }

  private closeFence(): void {
    this.fence = null
    this.prose.path = null
    this.inEnvelope = false
    this.nameless = false
    this.indent = ''
    this.prose.flush()
  }

  private closeEnvelope(): void {
    if (this.inEnvelope && this.nameless) this.emit({ type: 'problem', message: 'a patch names no file' })
    this.inEnvelope = false
    this.nameless = false
    this.indent = ''
  }

  /** Between an envelope line and the first file: nothing for people. */
  private envelopeLine(line: string): void {
    if (!this.nameless || !/^[+-]/.test(line)) return
    this.emit({ type: 'problem', message: 'a patch names no file' })
    this.nameless = false
  }

  // ── Sections ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens a file section; a deleted file is known at once. Gives the section when it takes hunks. */
  private open(start: Omit<SectionStart, 'section'>): EditSection | null {
    this.prose.flush()
    this.prose.path = null
    this.lastPath = start.path
    this.nameless = false
    const full = { ...start, section: this.sections }
    this.sections += 1
    if (start.kind === 'delete') {
      const { path, section, format } = full
      const nothing = { moveTo: null, anchors: [], lines: [], endOfFile: false, line: null }
      this.emit({ type: 'hunk', hunk: { path, kind: 'delete', section, format, ...nothing } })
      this.state = format === 'unified' ? { type: 'deleted', left: 0 } : PROSE
      return null
    }
    if (start.kind === 'add') {
      this.state = { type: 'add', section: new AddSection(full, this.emit) }
      return null
    }
    const section = new EditSection(full, this.emit)
    this.state = { type: 'edit', section }
    return section
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
    if (unmarked && section.start.format === 'unified' && this.fence === null && section.satisfied) {
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
    if (unmarked && section.paused && !this.inEnvelope && this.fence === null) return this.again(line, raw)
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
    const endsPatch = line.trimEnd() === '***' || (/^\s/.test(line) && patchMarker(line.trimStart())?.type === 'end')
    const fence = fenceLine(line)
    if (fence !== null && this.fence === null && !section.begun && !/^\s/.test(line)) {
      this.openFence(fence, raw)
      return true
    }
    const endsFence =
      fence !== null &&
      this.fence !== null &&
      closesFence(this.fence, fence) &&
      (!/^\s/.test(line) || raw.startsWith(this.fence.indent + fence.marks))
    if (endsPatch || endsFence) this.pending = { type: 'close', lines: [line] }
    return endsPatch || endsFence
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
    if (fenceLine(first) === null) this.closeEnvelope()
    else this.closeFence()
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
      this.indent = whiteSpaceBefore(raw)
      this.beginHeader(first.trimStart(), line.trimStart())
      return true
    }
    this.pending = null
    if (second !== undefined && line.startsWith('@@')) {
      this.leave()
      this.beginHeader(first, second)
      return false
    }
    for (const waiting of pending.lines) {
      if (inSection) this.bodyLine(waiting)
      else if (this.inEnvelope) this.envelopeLine(waiting)
      else if (this.fence !== null) this.prose.fenced(waiting)
      else this.prose.text(waiting)
    }
    return false
  }

  private beginHeader(old: string, fresh: string): void {
    const header = new GitHeader()
    header.take(old)
    header.take(fresh)
    this.state = { type: 'header', header }
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
