// Lines and terminators of texts of every kind.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinText, linesOf, splitText, terminatorNear } from '../../main/core/text.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r', '\r\n', '\uFEFF', 'é', '😀') })

test('joining what was split gives the same text, for every text', () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(joinText(splitText(given))).toBe(given)
    }),
  )
})

test('the lines alone are those of the split, for every text', () => {
  const text = fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', '\uFEFF', ' ')).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (any) => {
      expect(linesOf(any)).toEqual(splitText(any).lines)
    }),
  )
})

test('no line holds a newline, and a text that ends in one has no empty last line', () => {
  fc.assert(
    fc.property(text, (given) => {
      for (const line of linesOf(given)) expect(line).not.toContain('\n')
    }),
  )
  expect(linesOf('a\nb\n')).toEqual(['a', 'b'])
  expect(linesOf('')).toEqual([])
  expect(linesOf('\n')).toEqual([''])
})

test('a BOM belongs to no line', () => {
  expect(splitText('\uFEFFa\r\nb')).toEqual({ bom: '\uFEFF', lines: ['a', 'b'], terminators: ['\r\n', ''] })
})

test('an inserted line takes the terminator of the line before it, else of any, else a newline', () => {
  expect(terminatorNear(splitText('a\r\nb\n'), 1)).toBe('\r\n')
  expect(terminatorNear(splitText('a\r\nb\n'), 2)).toBe('\n')
  expect(terminatorNear(splitText('a\r\nb'), 2)).toBe('\r\n')
  expect(terminatorNear(splitText('a'), 1)).toBe('\n')
  expect(terminatorNear(splitText(''), 0)).toBe('\n')
})
