// How long a save waits before it asks, learnt from what became of earlier suggestions: rejects lengthen it, accepts and time shorten it.

/** What is remembered; plain data, so that it can be kept. */
export interface Patience {
  /** 0 to `MOST`: how unwelcome suggestions are. It was so much at `at`, and has fallen since. */
  readonly reluctance: number
  /** Epoch ms. */
  readonly at: number
  /** Suggestions rejected since the last accept. */
  readonly rejected: number
}

export const PATIENT: Patience = { reluctance: 0, at: 0, rejected: 0 }

/** After so long half of it is forgotten. */
export const HALF_LIFE_MS = 10 * 60 * 1000
const MOST = 5
/** An accept weighs as much as two rejects: one good suggestion is worth hearing the next one. */
const ACCEPT = 2
const UNIT_MS = 500
/** One reject says little. */
const FREE = 1
/** The longest wait: 500 × (2⁴ − 1). */
export const LONGEST_WAIT_MS = UNIT_MS * (2 ** (MOST - FREE) - 1)
/** Shorter waits are felt by nobody and are none. */
const SHORTEST_WAIT_MS = 100

/** A suggestion was rejected, by itself or with others at once. */
export function rejectedAt(patience: Patience, at: number): Patience {
  return {
    reluctance: Math.min(MOST, reluctanceAt(patience, at) + 1),
    at: Math.max(patience.at, at),
    rejected: patience.rejected + 1,
  }
}

export function acceptedAt(patience: Patience, at: number): Patience {
  return {
    reluctance: Math.max(0, reluctanceAt(patience, at) - ACCEPT),
    at: Math.max(patience.at, at),
    rejected: 0,
  }
}

/** ms that a save waits at this moment; 0 to `LONGEST_WAIT_MS`: none after one reject, then 0.5, 1.5, 3.5 and 7.5 s. */
export function waitAt(patience: Patience, at: number): number {
  const wait = Math.round(UNIT_MS * (2 ** Math.max(0, reluctanceAt(patience, at) - FREE) - 1))
  return wait < SHORTEST_WAIT_MS ? 0 : wait
}

/** Why it waits, for people; null when it does not. */
export function whyWaiting(patience: Patience, at: number): string | null {
  const wait = waitAt(patience, at)
  if (wait === 0) return null
  const seconds = wait < 1000 ? (wait / 1000).toFixed(1) : String(Math.round(wait / 1000))
  const { rejected } = patience
  if (rejected === 0) return `waiting ${seconds} s: you rejected several before the last one`
  return `waiting ${seconds} s: you rejected the last ${rejected === 1 ? 'one' : rejected}`
}

/** A clock that was set back makes nothing older or younger. */
function reluctanceAt({ reluctance, at }: Patience, now: number): number {
  return reluctance * 2 ** (-Math.max(0, now - at) / HALF_LIFE_MS)
}

/** Checks what was kept by an earlier run. */
export function isPatience(value: unknown): value is Patience {
  return (
    typeof value === 'object' &&
    value !== null &&
    'reluctance' in value &&
    typeof value.reluctance === 'number' &&
    value.reluctance >= 0 &&
    value.reluctance <= MOST &&
    'at' in value &&
    typeof value.at === 'number' &&
    'rejected' in value &&
    typeof value.rejected === 'number'
  )
}
