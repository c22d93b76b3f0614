// What a row of the bench is: what it measures, what it has to reach, and how it is run.
import type { Browser } from 'playwright-core'
import type { Target } from './statistics.ts'

/** Something that a row started and that is closed when the row is over, however it ended. */
export interface Closable {
  close(): Promise<unknown>
}

/** What a row gets from the bench. */
export interface Bench {
  /** How many samples of the product, and as many of the floor. */
  readonly repeats: number
  /** Aborts when the row has taken too long, or the bench is broken off. */
  readonly signal: AbortSignal
  /** Closes it when the row is over, the newest first. */
  own<Thing extends Closable>(thing: Thing): Thing
  /** One browser for all rows; it is started by the first that asks. */
  browser(): Promise<Browser>
}

/** Samples in the row's unit, in the order in which they were taken: product and floor in turn. */
export interface Figures {
  readonly product: readonly number[]
  readonly floor: readonly number[]
  /** One line each: where the time goes, and what else was seen. */
  readonly notes: readonly string[]
  /** What the target asks for beside the figures. */
  readonly checks?: readonly { readonly what: string; readonly met: boolean }[]
}

/** This machine lacks what a row is measured with: that is said, and is no failure. */
export class Unavailable extends Error {}

export interface Row {
  /** As in the list of targets ("S1"), and behind a slash which part of it ("S8/http"). */
  readonly id: string
  readonly what: string
  /** Of all figures; `µs` is per token. */
  readonly unit: 'ms' | 'µs' | 'MB' | '%'
  /** What the floor is. */
  readonly floor: string
  readonly target: Target
  /** Samples, unless the command line says otherwise. */
  readonly repeats: number
  /** The row is given up after this many ms a sample, and a minute for start and end. */
  readonly sampleLimitMs: number
  run(bench: Bench): Promise<Figures>
}
