// The smallest edits: what they leave out, what they keep together, and that they do the same.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minimalEdits } from '../../main/core/minimal.ts'
import { applyEdits } from '../../main/core/patch.ts'

const NUMBERS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

describe('minimalEdits', () => {
  test('leaves out lines that do not change', () => {
    expect(minimalEdits(NUMBERS, { start: 3, end: 6, lines: ['3', 'x', '5'] })).toEqual([
      { start: 4, end: 5, lines: ['x'] },
    ])
  })

  test('keeps changes together that three unchanged lines separate', () => {
    expect(minimalEdits(NUMBERS, { start: 1, end: 6, lines: ['x', '2', '3', '4', 'y'] })).toEqual([
      { start: 1, end: 6, lines: ['x', '2', '3', '4', 'y'] },
    ])
  })

  test('splits changes that four unchanged lines separate', () => {
    expect(minimalEdits(NUMBERS, { start: 1, end: 7, lines: ['x', '2', '3', '4', '5', 'y'] })).toEqual([
      { start: 1, end: 2, lines: ['x'] },
      { start: 6, end: 7, lines: ['y'] },
    ])
  })

  test('is empty for an edit that changes nothing', () => {
    expect(minimalEdits(NUMBERS, { start: 2, end: 4, lines: ['2', '3'] })).toEqual([])
  })

  test('places an insertion between its neighbours', () => {
    expect(minimalEdits(NUMBERS, { start: 2, end: 4, lines: ['2', 'new', '3'] })).toEqual([
      { start: 3, end: 3, lines: ['new'] },
    ])
  })

  test('does the same as the edit', () => {
    const some = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 25 })
    fc.assert(
      fc.property(some, some, fc.nat(), fc.nat(), (file, lines, from, length) => {
        const start = 1 + (from % (file.length + 1))
        const end = start + (length % (file.length + 2 - start))
        const text = file.map((line) => `${line}\n`).join('')
        const edit = { start, end, lines }
        expect(applyEdits(text, minimalEdits(file, edit))).toBe(applyEdits(text, [edit]))
      }),
    )
  })
})
