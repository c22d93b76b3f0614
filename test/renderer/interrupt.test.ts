// Esc hits the stream that the person saw, and never the next one.
import { describe, expect, it } from 'vitest'
import { aimInterrupt, type Press } from '../../renderer/interrupt.ts'

const press: Press = { now: 10_000, previousAt: null, paintedLast: 'a', endedAt: null, running: ['b', 'a'] }

describe('aimInterrupt', () => {
  it('stops the one painted last', () => {
    expect(aimInterrupt(press)).toEqual({ suggestion: 'a' })
  })

  it('does nothing within 300 ms of the end of the one painted last', () => {
    expect(aimInterrupt({ ...press, endedAt: 9_701, running: ['b'] })).toBeNull()
  })

  it('stops the newest running one when the one painted last ended long ago', () => {
    expect(aimInterrupt({ ...press, endedAt: 9_700, running: ['c', 'b'] })).toEqual({ suggestion: 'c' })
  })

  it('stops all at a second press within a second', () => {
    expect(aimInterrupt({ ...press, previousAt: 9_000 })).toBe('all')
    expect(aimInterrupt({ ...press, previousAt: 8_999 })).toEqual({ suggestion: 'a' })
  })

  it('does nothing when nothing runs', () => {
    expect(aimInterrupt({ ...press, previousAt: 9_900, running: [] })).toBeNull()
  })
})
