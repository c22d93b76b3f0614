// What is cut out of a file around a place or a change.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { focusOn, focusOnChange } from '../../../main/core/index/focus.ts'

const text = fc.array(fc.constantFrom('a', 'bb', '', 'c d'), { maxLength: 12 }).map((lines) => lines.join('\n'))

describe('focusOn', () => {
  it('cuts whole lines, and counts as the file does', () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at + 1}`)
    const focus = focusOn('a.ts', lines.join('\n'), 3_000, 3_002)
    const part = focus.part.split('\n')
    expect(focus.part.length).toBeLessThan(40_000)
    expect(part[3_000 - focus.first]).toBe('line 3000')
    expect(part[0]).toBe(`line ${focus.first}`)
    expect(focus.head.startsWith('line 1\n')).toBe(true)
  })
})

describe('focusOnChange', () => {
  it('holds every line of the changed text that differs, and begins and ends with one, whatever the texts', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const focus = focusOnChange('a.ts', before, after)
        const lines = after.split('\n')
        const old = before.split('\n')
        expect(focus.first).toBe(1)
        expect(focus.part).toBe(after)
        for (let line = 1; line < focus.start; line += 1) expect(old[line - 1]).toBe(lines[line - 1])
        const behind = lines.length - focus.end + 1
        for (let line = 1; line <= behind; line += 1) expect(old.at(-line)).toBe(lines.at(-line))
      }),
    )
  })

  it('is one line for an edit within one', () => {
    const focus = focusOnChange('a.ts', 'a\nb\nc\nd\n', 'a\nb\nX\nd\n')
    expect([focus.start, focus.end]).toEqual([3, 4])
  })
})
