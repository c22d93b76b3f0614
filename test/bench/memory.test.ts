// What a process holds grows by what it takes.
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readMemory } from './memory.ts'
import { Unavailable } from './row.ts'

const told = existsSync('/proc/self/smaps_rollup')

describe('memory', () => {
  it('of a process that holds 50 MB more is about 50 MB more, where the system tells it', () => {
    if (!told) {
      expect(() => readMemory([process.pid])).toThrow(Unavailable)
      return
    }
    const before = readMemory([process.pid])
    const held = Buffer.alloc(50_000_000, 1)
    const more = readMemory([process.pid]) - before
    expect(held.length).toBe(50_000_000)
    expect(more).toBeGreaterThan(40)
    expect(more).toBeLessThan(80)
  })

  it('of no process cannot be told', () => {
    expect(() => readMemory([])).toThrow(Unavailable)
  })
})
