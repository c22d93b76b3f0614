// The line diff inside a hunk.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffRows } from '../../renderer/lines.ts'

describe('diffRows', () => {
  it('shows lines that stay once', () => {
    expect(diffRows(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
      { type: 'same', text: 'a' },
      { type: 'old', text: 'b' },
      { type: 'new', text: 'x' },
      { type: 'same', text: 'c' },
    ])
  })

  it('finds an unchanged line between two changes', () => {
    expect(diffRows(['a', 'stays', 'b'], ['x', 'stays', 'y']).map(({ type }) => type)).toEqual([
      'old',
      'new',
      'same',
      'old',
      'new',
    ])
  })

  it('shows a middle that is too large to compare as it came', () => {
    const before = Array.from({ length: 300 }, (_, index) => `old ${index}`)
    const after = [...Array.from({ length: 299 }, (_, index) => `new ${index}`), 'old 0']
    const rows = diffRows(before, [...after, 'end'])
    expect(rows.slice(0, 300).every(({ type }) => type === 'old')).toBe(true)
    expect(rows.slice(300).every(({ type }) => type === 'new')).toBe(true)
  })

  it('holds both sides whole, and the old lines of a stretch before its new ones', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const rows = diffRows(before, after)
        expect(rows.filter(({ type }) => type !== 'new').map(({ text }) => text)).toEqual(before)
        expect(rows.filter(({ type }) => type !== 'old').map(({ text }) => text)).toEqual(after)
        expect(rows.some((row, index) => row.type === 'new' && rows[index + 1]?.type === 'old')).toBe(false)
      }),
    )
  })
})
