// Applying placed edits: every byte outside the edited lines stays.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEdits, type LineEdit } from '../../main/core/patch.ts'
import { linesOf, splitText } from '../../main/core/text.ts'

const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', 'é'), maxLength: 6 })
const file = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 }),
    fc.option(
      line.filter((last) => last !== ''),
      { nil: null },
    ),
  )
  .map(([bom, lines, last]) => bom + lines.map(([text, ending]) => text + ending).join('') + (last ?? ''))

/** A file and one edit on it. */
const fileAndEdit = file.chain((text) => {
  const count = linesOf(text).length
  return fc
    .tuple(fc.integer({ min: 1, max: count + 1 }), fc.integer({ min: 0, max: 3 }), fc.array(line, { maxLength: 3 }))
    .map(([start, length, lines]): [string, LineEdit] => [
      text,
      { start, end: Math.min(start + length, count + 1), lines },
    ])
})

describe('applyEdits', () => {
  test('bytes outside the edited lines never change', () => {
    fc.assert(
      fc.property(fileAndEdit, ([text, edit]) => {
        const before = splitText(text)
        const after = splitText(applyEdits(text, [edit]))
        const tail = before.lines.length - (edit.end - 1)
        expect(after.bom).toBe(before.bom)
        expect(after.lines.slice(0, edit.start - 1)).toEqual(before.lines.slice(0, edit.start - 1))
        expect(after.lines.slice(edit.start - 1, edit.start - 1 + edit.lines.length)).toEqual(edit.lines)
        expect(after.lines.slice(after.lines.length - tail)).toEqual(before.lines.slice(before.lines.length - tail))
        // Terminators too; only where the text's end moved does the one before it come or go.
        const kept = edit.start - 2
        expect(after.terminators.slice(0, Math.max(0, kept))).toEqual(before.terminators.slice(0, Math.max(0, kept)))
        if (tail > 0) expect(after.terminators.slice(-tail)).toEqual(before.terminators.slice(-tail))
      }),
      { numRuns: 2000 },
    )
  })

  test('putting the former lines back gives the former bytes', () => {
    fc.assert(
      fc.property(fileAndEdit, ([text, edit]) => {
        const uniform = text.replaceAll('\r\n', '\n')
        const former = linesOf(uniform).slice(edit.start - 1, edit.end - 1)
        const back = { start: edit.start, end: edit.start + edit.lines.length, lines: former }
        const there = applyEdits(uniform, [edit])
        // An empty text, and an empty last line, remember no missing newline.
        fc.pre(there.endsWith('\n') === uniform.endsWith('\n'))
        fc.pre(linesOf(there).length > 0 && linesOf(uniform).length > 0)
        expect(applyEdits(there, [back])).toBe(uniform)
      }),
      { numRuns: 2000 },
    )
  })

  test('several edits in any order give the same as one after the other from the bottom up', () => {
    fc.assert(
      fc.property(file, fc.array(line, { minLength: 1, maxLength: 2 }), (text, fresh) => {
        const count = linesOf(text).length
        fc.pre(count >= 4)
        const edits = [
          { start: 1, end: 2, lines: fresh },
          { start: 3, end: 3, lines: fresh },
          { start: 4, end: count + 1, lines: [] },
        ]
        const one = edits.toReversed().reduce((now, edit) => applyEdits(now, [edit]), text)
        expect(applyEdits(text, edits)).toBe(one)
        expect(applyEdits(text, edits.toReversed())).toBe(one)
      }),
    )
  })

  test('inserted lines take the line ending of their neighbours', () => {
    expect(applyEdits('a\r\nb\r\n', [{ start: 2, end: 2, lines: ['x'] }])).toBe('a\r\nx\r\nb\r\n')
    expect(applyEdits('a\r\nb\n', [{ start: 3, end: 3, lines: ['x'] }])).toBe('a\r\nb\nx\n')
  })

  test('a missing final newline stays missing', () => {
    expect(applyEdits('a\nb', [{ start: 2, end: 3, lines: ['x', 'y'] }])).toBe('a\nx\ny')
    expect(applyEdits('a\nb', [{ start: 3, end: 3, lines: ['x'] }])).toBe('a\nb\nx')
    expect(applyEdits('a\nb', [{ start: 2, end: 3, lines: [] }])).toBe('a')
    // But for an empty last line, which would not be there without.
    expect(applyEdits('a\nb', [{ start: 2, end: 3, lines: [''] }])).toBe('a\n\n')
  })

  test('a carriage return at the end of a text without a newline belongs to its line', () => {
    expect(applyEdits('a\rb\r', [{ start: 2, end: 2, lines: ['x'] }])).toBe('a\rb\r\nx')
    expect(applyEdits('a\nb\r', [{ start: 1, end: 2, lines: ['x'] }])).toBe('x\nb\r')
  })

  test('a new text ends in a newline', () => {
    expect(applyEdits('', [{ start: 1, end: 1, lines: ['a', 'b'] }])).toBe('a\nb\n')
  })

  test('an overlap or a place outside the text is a bug and throws', () => {
    const edit = { start: 1, end: 3, lines: [] }
    expect(() => applyEdits('a\nb\n', [edit, { start: 2, end: 2, lines: ['x'] }])).toThrow(RangeError)
    expect(() => applyEdits('a\n', [{ start: 3, end: 3, lines: ['x'] }])).toThrow(RangeError)
    expect(() => applyEdits('a\n', [{ start: 2, end: 1, lines: [] }])).toThrow(RangeError)
  })
})
