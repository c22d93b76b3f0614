// What a reply is made of once it is parsed: hunks that name their place by text, and the events of a parse.
import type { HunkKind } from '../../../preload/contract.ts'

export interface HunkLine {
  /** ` ` stays, `-` goes, `+` comes. */
  readonly kind: ' ' | '-' | '+'
  /** Without the marker and without terminator. */
  readonly text: string
  /** True for a line that had no marker at all: it may be context without its space, or part of the run around it. */
  readonly bare?: boolean
}

/** One hunk of a reply, not yet placed. */
export interface ParsedHunk {
  /** As the reply names it, see `formatPath`; whether it stays inside the project is the writer's question. */
  readonly path: string
  /** `add`: all lines are `+`. `delete`: no lines. `move`: with lines it also edits. */
  readonly kind: HunkKind
  /** The new path of a `move`, otherwise null. */
  readonly moveTo: string | null
  /** Counts the file sections of a reply from 0; hunks of one section stand in the order of the file. */
  readonly section: number
  readonly format: 'patch' | 'search-replace' | 'unified'
  /** Texts of the `@@` lines above it, outermost first. */
  readonly anchors: readonly string[]
  readonly lines: readonly HunkLine[]
  /** The reply says that its last line is the last one of the file. */
  readonly endOfFile: boolean
  /** The old start line that a unified diff names, 1-based; models miscount, so it is only a hint. */
  readonly line: number | null
}

export type ReplyEvent =
  /** One complete line of prose outside patches and code fences, as it stands. */
  | { readonly type: 'explanation'; readonly line: string }
  /** A hunk, given the moment the line that ends it was seen. */
  | { readonly type: 'hunk'; readonly hunk: ParsedHunk }
  /** The reply was cut inside a hunk; `path` is null when its file was not known yet. */
  | { readonly type: 'cut'; readonly path: string | null }
  /** A malformed part that was left out, one line for people. */
  | { readonly type: 'problem'; readonly message: string }

export function changesAnything(lines: readonly HunkLine[]): boolean {
  return lines.some((line) => line.kind !== ' ')
}
