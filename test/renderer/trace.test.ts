// One line about whose time it was.
import { describe, expect, it } from 'vitest'
import { duration, percentile, traceLine, waterfall } from '../../renderer/trace.ts'
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

  it('counts a stream that was nudged on from the word that made it go on', () => {
    const trace = { ...NO_TRACE, saved: 1000, asked: 89_990, context: 89_998, sent: 90_000, firstToken: 90_120 }
    expect(traceLine({ ...trace, painted: 5 })).toBe('asked → first token 135 ms · model 120 ms · ours 15 ms')
  })

  it('takes the first hunk for a first token where there is no text', () => {
    expect(traceLine({ ...NO_TRACE, saved: 0, region: 1, firstHunk: 8 })).toBe(
      'save → first token 8 ms · model 0 ms · ours 8 ms',
    )
  })
})

describe('duration', () => {
  it('is exact for short times and short for long ones', () => {
    expect([0, 0.0123, 0.94, 3, 212.4, 31_000].map(duration)).toEqual([
      '0 ms',
      '12 µs',
      '0.9 ms',
      '3 ms',
      '212 ms',
      '31.0 s',
    ])
  })
})

describe('percentile', () => {
  it('is the nearest rank, and null of nothing', () => {
    expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
    expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5)
    expect(percentile([], 0.5)).toBeNull()
  })
})

describe('waterfall', () => {
  const whole = {
    ...NO_TRACE,
    saved: 1000,
    stable: 1005,
    policyWait: 100,
    region: 1107,
    context: 1110,
    sent: 1112,
    warm: true,
    headers: 1150,
    firstToken: 1160,
    painted: 4,
    firstHunk: 1300,
    done: 1500,
    accepted: 9000,
    durable: 9008,
  }

  it('lays every stretch of the way end to end, with whose time it was', () => {
    const [first] = waterfall(whole)
    expect(first?.length).toBe(164)
    expect(first?.steps.map(({ name, from, to, whose }) => [name, from, to, whose])).toEqual([
      ['content stable', 0, 5, 'ours'],
      ['waited on purpose', 5, 105, 'policy'],
      ['region', 105, 107, 'ours'],
      ['context', 107, 110, 'ours'],
      ['request sent', 110, 112, 'ours'],
      ['headers, warm connection', 112, 150, 'model'],
      ['first token', 150, 160, 'model'],
      ['painted', 160, 164, 'ours'],
    ])
  })

  it('gives the reply and the write scales of their own', () => {
    expect(waterfall(whole).map(({ name, length }) => [name, length])).toEqual([
      ['From the write to the screen', 164],
      ['From the first token on', 340],
      ['From accept to disk', 8],
    ])
  })

  it('leaves out what did not happen', () => {
    expect(waterfall(NO_TRACE)).toEqual([])
    const [only, ...others] = waterfall({ ...NO_TRACE, saved: 0, region: 3, context: 4 })
    expect(only?.steps.map(({ name }) => name)).toEqual(['region', 'context'])
    expect(others).toEqual([])
  })

  it('is all ours where the embedded engine answers', () => {
    const [only] = waterfall({ ...NO_TRACE, saved: 0, stable: 1, region: 2, firstHunk: 9, painted: 3 })
    expect(only?.steps.at(-2)).toMatchObject({ name: 'first hunk', from: 2, to: 9, whose: 'ours' })
    expect(only?.length).toBe(12)
  })

  it('counts a stream that was nudged on from its own request', () => {
    const [first] = waterfall({ ...NO_TRACE, saved: 1000, sent: 90_000, headers: 90_020, firstToken: 90_120 })
    expect(first).toMatchObject({ name: 'From the request to the screen', length: 120 })
  })

  it('counts it from the word that made it go on, where that is known', () => {
    const [first] = waterfall({ ...NO_TRACE, saved: 0, asked: 9000, context: 9003, sent: 9004, firstToken: 9010 })
    expect(first?.name).toBe('From your word to the screen')
    expect(first?.steps.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['context', 0, 3],
      ['request sent', 3, 4],
      ['first token', 4, 10],
    ])
  })
})
