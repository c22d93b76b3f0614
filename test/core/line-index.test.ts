// Lines by their number, without cutting a text into lines.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesIn } from '../../main/core/line-index.ts'
import { linesOf } from '../../main/core/text.ts'

const part = fc.constantFrom('a', '\r', '\n', '\r\n', '\uFEFF', ' ', 'é')
const ends = fc.array(part).map((parts) => parts.join(''))
const LONG = 'a line of the middle\n'.repeat(2_000)

test('a long text has the lines of its split, whatever stands at its ends', () => {
  fc.assert(
    fc.property(ends, ends, (head, tail) => {
      const text = head + LONG + tail
      const lines = linesIn(text)
      expect(lines.slice(0, lines.length)).toEqual(linesOf(text))
    }),
    { numRuns: 50 },
  )
})

test('some of the lines are those of the split, in short texts and in long ones', () => {
  fc.assert(
    fc.property(ends, fc.boolean(), fc.nat(2_100), fc.nat(2_100), (head, isLong, start, end) => {
      const text = head + (isLong ? LONG : '')
      expect(linesIn(text).slice(start, end)).toEqual(linesOf(text).slice(start, end))
      expect(linesIn(text).at(start)).toBe(linesOf(text).at(start))
    }),
  )
})

test('a text that is all line ends, and one without any, have the lines of their split', () => {
  for (const text of ['\n'.repeat(40_000), '\r\n'.repeat(40_000), 'a'.repeat(40_000)]) {
    expect(linesIn(text).length).toBe(linesOf(text).length)
    expect(linesIn(text).at(0)).toBe(linesOf(text).at(0))
  }
})

test('several texts in turn keep their own lines', () => {
  const texts = ['one', 'two', 'three', 'four', 'five'].map((word) => `${word}\n${LONG}`)
  for (const text of [...texts, ...texts]) expect(linesIn(text).at(0)).toBe(text.slice(0, text.indexOf('\n')))
})
