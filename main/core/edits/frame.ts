// What stands around the sections of a reply: the patch envelope, the code fence, and the indentation of both.
import type { ReplyEvent } from './hunk.ts'
import { closesFence, fenceLine, patchMarker, type Fence } from './markers.ts'
import type { Prose } from './prose.ts'
import { whiteSpaceBefore } from './state.ts'

export class Frame {
  inEnvelope = false
  /** White space that stands before each line of the patch at hand. */
  indent = ''
  /** The envelope has not named a file yet, and no complaint was made about it. */
  private nameless = false
  private open: (Fence & { readonly indent: string }) | null = null
  private readonly prose: Prose
  private readonly emit: (event: ReplyEvent) => void

  constructor(prose: Prose, emit: (event: ReplyEvent) => void) {
    this.prose = prose
    this.emit = emit
  }

  /** The code fence that is open, null outside of any. */
  get fence(): Fence | null {
    return this.open
  }

  /** The line without the indentation of the patch that it stands in. */
  stripped(raw: string): string {
    return this.indent !== '' && raw.startsWith(this.indent) ? raw.slice(this.indent.length) : raw
  }

  openFence(fence: Fence, raw: string): void {
    this.open = { ...fence, indent: whiteSpaceBefore(raw) }
  }

  /** Whatever was open in it ends with it. */
  closeFence(): void {
    this.open = null
    this.prose.path = null
    this.forgetEnvelope()
    this.prose.flush()
  }

  openEnvelope(): void {
    this.inEnvelope = true
    this.nameless = true
  }

  closeEnvelope(): void {
    if (this.inEnvelope) this.complain()
    this.forgetEnvelope()
  }

  /** The envelope has named its first file. */
  named(): void {
    this.nameless = false
  }

  /** An `@@` line that no file was named for. */
  unnamedPlace(): void {
    if (this.inEnvelope) this.complain()
    else this.emit(NAMELESS)
  }

  /** A line that belongs to no section. Between an envelope line and the first file there is nothing for people. */
  outside(line: string): void {
    if (this.inEnvelope) {
      if (/^[+-]/.test(line)) this.complain()
    } else if (this.open !== null) this.prose.fenced(line)
    else this.prose.text(line)
  }

  /** Whether a line inside a section looks like the end of the patch or of the fence around it. */
  seemsToEnd(line: string, raw: string): boolean {
    if (line.trimEnd() === '***') return true
    if (/^\s/.test(line) && patchMarker(line.trimStart())?.type === 'end') return true
    const fence = fenceLine(line)
    if (fence === null || this.open === null || !closesFence(this.open, fence)) return false
    return !/^\s/.test(line) || raw.startsWith(this.open.indent + fence.marks)
  }

  private complain(): void {
    if (this.nameless) this.emit(NAMELESS)
    this.nameless = false
  }

  private forgetEnvelope(): void {
    this.inEnvelope = false
    this.nameless = false
    this.indent = ''
  }
}

const NAMELESS: ReplyEvent = { type: 'problem', message: 'a patch names no file' }
