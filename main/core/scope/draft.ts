// A hunk while it is judged: its lines without what nobody asked for, in runs, and the parts that come of it.
import type { BeyondKind, HunkKind } from '../../../preload/contract.ts'
import type { LineEdit } from '../patch.ts'
import type { Run } from './names.ts'
import type { Block } from './plain.ts'
import type { Rename } from './renaming.ts'

export interface Beyond {
  readonly kind: BeyondKind
  /** One line for people. */
  readonly why: string
}

export interface ScopeHunk {
  readonly id: string
  readonly path: string
  readonly kind: HunkKind
  readonly moveTo: string | null
  /** In lines of the text of its file, as it is in `texts`. */
  readonly edit: LineEdit
}

/** A part of a hunk that can be decided by itself. */
export interface Piece {
  readonly edit: LineEdit
  /** `text`: the edit is about the file's text. `rest`: about the text that `Parted.plain` makes of it. */
  readonly on: 'text' | 'rest'
  /** null: it belongs to what was asked. */
  readonly beyond: Beyond | null
}

export interface Parted {
  readonly id: string
  readonly pieces: readonly Piece[]
  /** The whole hunk without what nobody asked for: with it, the text becomes what pieces on `rest` are about. */
  readonly plain: LineEdit
  /** Changed lines that were left out because only their formatting was another. */
  readonly left: number
}

/** A run of changed lines of one hunk, in lines of its file. */
export interface DraftRun {
  readonly run: Run
  readonly start: number
  readonly end: number
  /** In lines of the draft's block: 0-based. */
  readonly from: number
  readonly to: number
  readonly fresh: readonly string[]
}

/** A hunk, and its lines without what nobody asked for. */
export interface Draft {
  readonly hunk: ScopeHunk
  readonly block: Block
  readonly plain: readonly string[]
  readonly renames: readonly Rename[]
  readonly runs: readonly DraftRun[]
}
