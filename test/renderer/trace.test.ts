// One line about whose time it was.
import { describe, expect, it } from 'vitest'
import { duration, percentile, traceLine } from '../../renderer/trace.ts'
import { NO_TRACE } from './views.ts'

describe('traceLine', () => {
  it('says nothing before the first token', () => {
    expect(traceLine({ ...NO_TRACE, saved: 0, region: 2, sent: 5 })).toBeNull()
  })

  it("tells the model's time, ours with the paint, and a wait on purpose apart", () => {
    const trace = { ...NO_TRACE, saved: 1000, region: 1004, sent: 1112, firstToken: 1200, painted: 5, policyWait: 100 }
    expect(traceLine(trace)).toBe('save → first token 205 ms · model 88 ms · ours 17 ms · waited 100 ms on purpose')
  })

  it('counts a stream that was nudged on from its own request, not from the old save', () => {
    expect(traceLine({ ...NO_TRACE, saved: 1000, sent: 90_000, firstToken: 90_120, painted: 5 })).toBe(
      'asked → first token 125 ms · model 120 ms · ours 5 ms',
    )
  })

  it('takes the first hunk for a first token where there is no text', () => {
    expect(traceLine({ ...NO_TRACE, saved: 0, region: 1, firstHunk: 8 })).toBe(
      'save → first token 8 ms · model 0 ms · ours 8 ms',
    )
  })
})

describe('duration', () => {
  it('is exact for short times and short for long ones', () => {
    expect([0.94, 3, 212.4, 31_000].map(duration)).toEqual(['0.9 ms', '3 ms', '212 ms', '31.0 s'])
  })
})

describe('percentile', () => {
  it('is the nearest rank, and null of nothing', () => {
    expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
    expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5)
    expect(percentile([], 0.5)).toBeNull()
  })
})
