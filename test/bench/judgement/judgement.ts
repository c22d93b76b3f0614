// What a measure of judgement is: a golden set or a recorded session that is judged, and what it has to reach.

export interface Judgement {
  /** As in the list of targets ("J4"). */
  readonly id: string
  readonly what: string
  run(signal: AbortSignal): Promise<JudgementReport>
}

export interface JudgementReport {
  /** One line each: what is asked for, what came out, and whether that is enough. */
  readonly checks: readonly { readonly what: string; readonly value: string; readonly met: boolean }[]
  /** One line each: what else was seen. */
  readonly notes: readonly string[]
}
