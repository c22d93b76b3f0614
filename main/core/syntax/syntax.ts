// What can be asked about a text's syntax: the port, and the questions as they cross to its thread.
import type { Restyled, RestyleInput } from '../conventions/restyle.ts'
import type { SyntaxProblems } from './problems.ts'
import type { Outline } from './outline.ts'
import type { Occurrences, Target } from './occurrences.ts'
import type { Ignorable, SyntaxToken } from './tokens.ts'

/**
 * Every answer is null when the file's language has no grammar here, or the text is too long or takes too long to parse: then
 * nothing is known, and whoever asked goes on without. `path` tells the language, nothing is read from disk. Each rejects with
 * the signal's reason when it aborts.
 */
export interface Syntax {
  outline(path: string, text: string, signal: AbortSignal): Promise<Outline | null>
  problems(path: string, text: string, signal: AbortSignal): Promise<SyntaxProblems | null>
  tokens(path: string, text: string, signal: AbortSignal): Promise<readonly SyntaxToken[] | null>
  /** Whether both texts are the same program but for white space and what is ignored; see `sameTokens`. */
  same(
    path: string,
    texts: { readonly before: string; readonly after: string },
    ignore: readonly Ignorable[],
    signal: AbortSignal,
  ): Promise<boolean | null>
  /** The lines that an edit brings, in these styles; see `restyle`. Null also where nothing is changed. */
  restyle(input: RestyleInput, signal: AbortSignal): Promise<Restyled | null>
  /** Where the name stands, and which of these places mean the same thing. */
  occurrences(path: string, text: string, target: Target, signal: AbortSignal): Promise<Occurrences | null>
}

interface About {
  readonly path: string
  readonly text: string
}

/** The questions of `Syntax`, as plain data. */
export interface SyntaxQuestions {
  readonly outline: { readonly input: About; readonly output: Outline | null }
  readonly problems: { readonly input: About; readonly output: SyntaxProblems | null }
  readonly tokens: { readonly input: About; readonly output: readonly SyntaxToken[] | null }
  readonly same: {
    readonly input: {
      readonly path: string
      readonly before: string
      readonly after: string
      readonly ignore: readonly Ignorable[]
    }
    readonly output: boolean | null
  }
  readonly restyle: { readonly input: RestyleInput; readonly output: Restyled | null }
  readonly occurrences: { readonly input: About & { readonly target: Target }; readonly output: Occurrences | null }
}
