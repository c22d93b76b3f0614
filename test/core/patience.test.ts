// How long saves wait after rejects and accepts: laws over any sequence of decisions.
import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import {
  acceptedAt,
  HALF_LIFE_MS,
  isPatience,
  LONGEST_WAIT_MS,
  PATIENT,
  rejectedAt,
  waitAt,
  whyWaiting,
  type Patience,
} from '../../main/core/patience.ts'

const step = fc.record({ accept: fc.boolean(), after: fc.integer({ min: 0, max: 3_600_000 }) })

/** Any past, and the moment after it. */
const past = fc.array(step, { maxLength: 30 }).map((steps) => {
  let patience: Patience = PATIENT
  let now = 1_000_000
  for (const { accept, after } of steps) {
    now += after
    patience = (accept ? acceptedAt : rejectedAt)(patience, now)
  }
  return { patience, now }
})

describe('laws', () => {
  test('the wait is never less than none and never more than the bound', () => {
    fc.assert(
      fc.property(past, ({ patience, now }) => {
        const wait = waitAt(patience, now)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(LONGEST_WAIT_MS)
      }),
    )
  })

  test('a reject never shortens it, an accept never lengthens it', () => {
    fc.assert(
      fc.property(past, ({ patience, now }) => {
        const wait = waitAt(patience, now)
        expect(waitAt(rejectedAt(patience, now), now)).toBeGreaterThanOrEqual(wait)
        expect(waitAt(acceptedAt(patience, now), now)).toBeLessThanOrEqual(wait)
      }),
    )
  })

  test('time never lengthens it, and ends it', () => {
    fc.assert(
      fc.property(past, fc.integer({ min: 0, max: 10_000_000 }), ({ patience, now }, later) => {
        expect(waitAt(patience, now + later)).toBeLessThanOrEqual(waitAt(patience, now))
        expect(waitAt(patience, now + 4 * HALF_LIFE_MS)).toBe(0)
      }),
    )
  })

  test('it says why exactly when it waits', () => {
    fc.assert(
      fc.property(past, ({ patience, now }) => {
        expect(whyWaiting(patience, now) === null).toBe(waitAt(patience, now) === 0)
      }),
    )
  })

  test('what is kept and read back is the same', () => {
    fc.assert(
      fc.property(past, ({ patience }) => {
        const kept: unknown = JSON.parse(JSON.stringify(patience))
        expect(isPatience(kept)).toBe(true)
        expect(kept).toEqual(patience)
      }),
    )
  })
})

test('one reject costs nothing, three in a row 1.5 s, and it says so', () => {
  let patience = rejectedAt(PATIENT, 0)
  expect(waitAt(patience, 0)).toBe(0)
  patience = rejectedAt(rejectedAt(patience, 0), 0)
  expect(waitAt(patience, 0)).toBe(1500)
  expect(whyWaiting(patience, 0)).toBe('waiting 2 s: you rejected the last 3')
})

test('a clock that is set back neither forgets nor adds', () => {
  const patience = rejectedAt(rejectedAt(PATIENT, 5000), 5000)
  expect(waitAt(patience, 0)).toBe(waitAt(patience, 5000))
})

test('what another program wrote is not taken for patience', () => {
  expect(isPatience({ reluctance: 1e9, at: 0, rejected: 0 })).toBe(false)
  expect(isPatience(null)).toBe(false)
})
