// An answer over the wire: what was asked for, or why not.

/** An expected failure: a stable code for programs, one line for people. */
export interface Failure {
  readonly code: string
  readonly message: string
  /** What stands in the way, as a unified diff: of an undo that was refused. */
  readonly diff?: string
}

/** Expected outcomes are values, never exceptions. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }
