// Everything that one suggestion streamed: append-only, and cheap to read the newest part of at every token.

/** The newest part is kept apart, so that reading it does not flatten (copy) the whole text each time. */
const RECENT = 4096

export class Transcript {
  private head: string
  private recent = ''

  constructor(text = '') {
    this.head = text
  }

  get length(): number {
    return this.head.length + this.recent.length
  }

  append(text: string): void {
    this.recent += text
    if (this.recent.length > RECENT) {
      this.head += this.recent
      this.recent = ''
    }
  }

  /** From an offset in UTF-16 units to the end. */
  slice(from: number): string {
    if (from >= this.head.length) return this.recent.slice(from - this.head.length)
    return this.head.slice(from) + this.recent
  }
}
