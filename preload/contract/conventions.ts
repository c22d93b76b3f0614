// The team's conventions with what proves them.

/** One decision of the person that speaks for a proposed rule. */
export interface ConventionCase {
  readonly path: string
  /** 1-based. */
  readonly line: number
  /** One line: what was done. */
  readonly what: string
}

/** One convention of the team, with what proves it. */
export interface ConventionView {
  readonly key: string
  /**
   * `proposed`: shown by decisions, waits for the person's word. `approved`: stands in the project's own file. `written`: stands
   * in another file of the team. `mined`: counted over the project's files.
   */
  readonly kind: 'proposed' | 'approved' | 'written' | 'mined'
  readonly text: string
  /** null: not of one language. */
  readonly language: string | null
  /** Counts, cases or the file that says it; never empty. */
  readonly evidence: string
  readonly cases: readonly ConventionCase[]
}

export interface ConventionsView {
  readonly conventions: readonly ConventionView[]
  /** Files that were counted. */
  readonly counted: number
}
