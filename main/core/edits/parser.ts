// The incremental reply parser: prose, apply_patch sections, SEARCH/REPLACE blocks and unified diffs, in any mixture and chunking.
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
import { pathInFence, pathInProse, pathOfLine } from './path.ts'
import { SearchBlock } from './search.ts'
import { AddSection, EditSection, LARGEST_HUNK, type SectionStart } from './section.ts'
import { createLineSplitter } from './splitter.ts'

export type { HunkLine, ParsedHunk, ReplyEvent } from './hunk.ts'

export interface ReplyParser {
  /** The next piece of the reply. Gives what is complete by now; any chunking gives the same events in the same order. */
  push(text: string): readonly ReplyEvent[]
  /**
   * The reply is over. `cut: false`: the model stopped by itself, so a last hunk without its end marker counts.
   * `cut: true`: the stream broke off, so an unfinished hunk is given as `cut` instead.
   */
  end(options: { readonly cut: boolean }): readonly ReplyEvent[]
}

/**
 * Parses one reply. Accepted are the published apply_patch format (grammar: openai/codex, `codex-rs/apply-patch`),
 * SEARCH/REPLACE blocks as Aider made them common, and unified diffs, with the damage that models do: lines without their
 * marker, stray or empty `@@` lines, missing envelope lines, wrong counts, code fences and indentation around a patch.
 * Works line by line, so what has been given never changes when more text comes. Never throws; memory is bounded by the
 * hunk in hand.
 */
export function createReplyParser(): ReplyParser {
  const machine = new ReplyMachine()
  const splitter = createLineSplitter(LARGEST_HUNK)
  return {
    push(text) {
      splitter.push(text, (line) => machine.take(line))
      return machine.drain()
    },
    end({ cut }) {
      const rest = splitter.rest()
      if (cut) machine.cut(rest)
      else {
        if (rest !== '') machine.take(rest)
        machine.stop()
      }
      return machine.drain()
    },
  }
}

type State =
  | { readonly type: 'prose' }
  | { readonly type: 'header'; readonly header: GitHeader }
  | { readonly type: 'edit'; readonly section: EditSection }
  | { readonly type: 'add'; readonly section: AddSection }
  /** The body of a deleted file in a unified diff: says nothing new. */
  | { readonly type: 'deleted'; left: number }
  | { readonly type: 'search'; readonly block: SearchBlock }

/** Lines whose meaning the next line decides. */
interface Pending {
  /**
   * `close`: a fence end or an indented `*** End Patch`, which may be context. `header`: `---` and `+++`, which may be a
   * deleted and an added line. `tail`: blank lines after all counted lines of a unified hunk.
   */
  readonly type: 'close' | 'header' | 'tail'
  readonly lines: string[]
}

function whiteSpaceBefore(line: string): string {
  return line.slice(0, line.length - line.trimStart().length)
}

const PROSE: State = { type: 'prose' }

/** The cut came right after the last character of an end marker: nothing of the hunk is missing. */
function endsHunk(state: State, rest: string): boolean {
  if (state.type === 'search') return isReplaceEnd(rest)
  const marker = patchMarker(rest)?.type
  return (marker === 'end' && (state.type === 'edit' || state.type === 'add')) || (marker === 'end-of-file' && state.type === 'edit')
}

class ReplyMachine {
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
  /** The path that the lines just above name, and the file of the section or block before. */
  private candidate: string | null = null
  private lastPath: string | null = null
  /** A line that is nothing but a path (with blank lines after it): a block may follow, or it is prose. */
  private held: string[] = []

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
    this.flush()
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
      this.flush()
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
    else if (this.fence !== null) this.fencedLine(line)
    else this.textLine(line)
  }

  /** Header lines are recognised with any indentation here; in a section an indented one is context. */
  private startsPatch(line: string, raw: string): boolean {
    const text = line.trimStart()
    const indent = whiteSpaceBefore(raw)
    const marker = patchMarker(text)
    if (marker !== null) {
      this.flush()
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
      this.flush()
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
    if (!this.inEnvelope && !inDiff && (place.line === null || this.candidate === null)) return false
    const path = this.candidate ?? this.lastPath
    if (path === null) {
      if (!this.inEnvelope || this.nameless) this.emit({ type: 'problem', message: 'a patch names no file' })
      this.nameless = false
      return true
    }
    this.useCandidate()
    if (!this.inEnvelope) this.indent = indent
    const format = place.counts === null ? 'patch' : 'unified'
    const section = this.open({ path, kind: 'update', moveTo: null, format })
    section?.place(place)
    return true
  }

  private startsBlock(raw: string): boolean {
    const start = searchStart(raw)
    if (start === null) return false
    this.beginBlock(start.width, start.path ?? this.candidate ?? this.lastPath)
    return true
  }

  private beginBlock(width: number, path: string | null): void {
    this.useCandidate()
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
      this.candidate = pathInFence(fence.info) ?? this.candidate
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
    this.candidate = null
    this.inEnvelope = false
    this.nameless = false
    this.indent = ''
    this.flush()
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

  private fencedLine(line: string): void {
    if (line.trim() === '') return
    this.flush()
    this.candidate = pathOfLine(line)
  }

  private textLine(line: string): void {
    if (line.trim() === '') {
      if (this.held.length > 0 && this.held.length < 4) this.held.push(line)
      else this.say(line)
      return
    }
    // The shell's words around a patch that was meant for a command line.
    if (/^(?:EOF|PATCH)$|^\s*(?:\$ )?apply_?patch\b.*<</.test(line)) return
    const path = pathOfLine(line)
    this.flush()
    this.candidate = path ?? pathInProse(line)
    if (path === null) this.say(line)
    else this.held = [line]
  }

  private say(line: string): void {
    this.flush()
    this.emit({ type: 'explanation', line })
  }

  private flush(): void {
    const { held } = this
    this.held = []
    for (const line of held) this.emit({ type: 'explanation', line })
  }

  /** The line above was the path of what begins now: no prose. */
  private useCandidate(): void {
    if (this.candidate === null) this.flush()
    this.held = []
    this.candidate = null
  }

  // ── Sections ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens a file section; a deleted file is known at once. Gives the section when it takes hunks. */
  private open(start: Omit<SectionStart, 'section'>): EditSection | null {
    this.flush()
    this.candidate = null
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

  /** A line that ends the section, unless the next one goes on with it; or a fence around its content. */
  private closesOrOpens(section: EditSection | AddSection, line: string, raw: string): boolean {
    const endsPatch = /^\s/.test(line) && patchMarker(line.trimStart())?.type === 'end'
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
      this.flush()
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
      else if (this.fence !== null) this.fencedLine(waiting)
      else this.textLine(waiting)
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
      for (const waiting of pending.lines) this.textLine(waiting)
    }
    return false
  }

  private bodyLine(line: string): void {
    if (this.state.type === 'edit' || this.state.type === 'add') this.state.section.body(line)
    else this.textLine(line)
  }
}
