// The smallest edits: what they leave out, what they keep together, and that they do the same.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minimalEdits, withoutIncidentalSpace } from '../../main/core/minimal.ts'
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

describe('withoutIncidentalSpace', () => {
  const tidy = (before: readonly string[], after: readonly string[], path = 'a.ts'): readonly string[] =>
    withoutIncidentalSpace(path, before, { start: 1, end: before.length + 1, lines: after }).lines

  test('blanks inside and at the end of otherwise unchanged lines stay as they were', () => {
    expect(tidy(['a  = 1  ', 'b = 2', 'c=3'], ['a = 1', 'b = 22', 'c = 3'])).toEqual(['a  = 1  ', 'b = 22', 'c=3'])
  })

  test('indentation is left to the edit: it is syntax, or follows a block', () => {
    const wrapped = ['if (x) {', '  a = 1', '}']
    expect(tidy(['a = 1'], wrapped)).toEqual(wrapped)
  })

  test('blanks in a line that holds a text count', () => {
    const after = ['log("a b")', 'y']
    expect(tidy(['log("a  b")', 'x'], after)).toEqual(after)
  })

  test('an edit that is all white space is kept', () => {
    expect(tidy(['a  = 1'], ['a = 1'])).toEqual(['a = 1'])
  })

  test('in Markdown blanks at the end of a line are a break', () => {
    expect(tidy(['a  ', 'b'], ['a', 'c'], 'README.md')).toEqual(['a', 'c'])
  })

  test('only white space ever differs from what the edit says', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(line, { maxLength: 6 }), (before, after) => {
        const kept = tidy(before, after)
        expect(kept.map((text) => text.replaceAll(/\s+/g, ''))).toEqual(
          after.map((text) => text.replaceAll(/\s+/g, '')),
        )
      }),
    )
  })
})
