// The file sections and blocks of one reply: numbers them, makes them, and remembers the file of the last one.
import type { ReplyEvent } from './hunk.ts'
import { SearchBlock } from './search.ts'
import { AddSection, EditSection, type SectionStart } from './section.ts'
import { PROSE, type State } from './state.ts'

export class Sections {
  /** The file of the section or block before. */
  lastPath: string | null = null
  private count = 0
  private readonly emit: (event: ReplyEvent) => void

  constructor(emit: (event: ReplyEvent) => void) {
    this.emit = emit
  }

  /** A file section, as the state that it is read in; a deleted file is known at once. */
  begin(start: Omit<SectionStart, 'section'>): State {
    const full = { ...start, section: this.count }
    this.count += 1
    this.lastPath = start.path
    switch (start.kind) {
      case 'delete': {
        const { path, section, format } = full
        const nothing = { moveTo: null, anchors: [], lines: [], endOfFile: false, line: null }
        this.emit({ type: 'hunk', hunk: { path, kind: 'delete', section, format, ...nothing } })
        return format === 'unified' ? { type: 'deleted', left: 0 } : PROSE
      }
      case 'add':
        return { type: 'add', section: new AddSection(full, this.emit) }
      case 'update':
      case 'move':
        return { type: 'edit', section: new EditSection(full, this.emit) }
      default:
        return start.kind satisfies never
    }
  }

  /** A SEARCH/REPLACE block; null when nothing says which file it is about. */
  beginBlock(path: string | null, width: number): State {
    const block = new SearchBlock(path, width, this.count, this.emit)
    this.count += 1
    if (path !== null) this.lastPath = path
    return { type: 'search', block }
  }
}
