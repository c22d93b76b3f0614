// What a reply says between its patches: gives it as explanation, and remembers the file that a line names.
import type { ReplyEvent } from './hunk.ts'
import { pathInProse, pathOfLine } from './path.ts'

/** Blank lines that may stand between a path and the block it is about. */
const MOST_BLANK = 3
/** The shell's words around a patch that was meant for a command line. */
const SHELL = /^(?:EOF|PATCH)$|^\s*(?:\$ )?apply_?patch\b.*<</

export class Prose {
  /** The path that the last line named, for a block or hunk that comes right after it. */
  path: string | null = null
  private readonly emit: (event: ReplyEvent) => void
  /** A line that is nothing but a path, with blank lines after it: a block may follow, or it is prose after all. */
  private held: string[] = []

  constructor(emit: (event: ReplyEvent) => void) {
    this.emit = emit
  }

  /** A line outside of code fences. */
  text(line: string): void {
    if (line.trim() === '') {
      if (this.held.length > 0 && this.held.length <= MOST_BLANK) this.held.push(line)
      else this.say(line)
      return
    }
    if (SHELL.test(line)) return
    this.flush()
    const path = pathOfLine(line)
    this.path = path ?? pathInProse(line)
    if (path === null) this.say(line)
    else this.held = [line]
  }

  /** A line inside a code fence: no explanation, but it may name the file. */
  fenced(line: string): void {
    if (line.trim() === '') return
    this.flush()
    this.path = pathOfLine(line)
  }

  /** What begins now is about `path`: the line that named it is no explanation. */
  takePath(): void {
    if (this.path === null) this.flush()
    this.held = []
    this.path = null
  }

  /** Nothing that needs a path follows the held lines. */
  flush(): void {
    const { held } = this
    this.held = []
    for (const line of held) this.emit({ type: 'explanation', line })
  }

  private say(line: string): void {
    this.flush()
    this.emit({ type: 'explanation', line })
  }
}
