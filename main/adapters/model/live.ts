// One attempt under way, whichever way it is sent.
import type { Party, Trouble } from './failure.ts'
import type { Step } from './protocol.ts'

export interface Live {
  readonly party: Party
  /** True when the request was handed to the connection; false when that failed. */
  readonly sent: Promise<boolean>
  /** null when the server has begun to answer. */
  readonly opened: Promise<Trouble | null>
  /** Only after `opened` answered null. `started`: text has come. */
  next(started: boolean): Promise<Step>
  /** Whether the connection had been idle before this request: that it broke may then only mean that the server had let it go. */
  reused(): boolean
  /** The reply is complete: lets the connection be used again. */
  settle(): void
  /** Stops the request if it is still running, at once; the server sees its connection closed. */
  close(): void
  /** As `Models.steer`. */
  steer(text: string): Promise<'unsupported' | 'queued'>
}

/** A deep model that has begun to answer may think this many times longer than others without a sign of life. */
export const DEEP_PATIENCE = 6
