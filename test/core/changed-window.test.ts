// The window of a change: all that differs is in it, in whole lines, with the equal lines around it that were asked for.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedWindow } from '../../main/core/changed-window.ts'

const text = fc
  .array(fc.constantFrom('a\n', 'b\n', '\n', 'a', '\r\n', 'ab\n'), { maxLength: 30 })
  .map((parts) => parts.join(''))

test('what stands outside of the window is the same in both texts, in whole lines', () => {
  fc.assert(
    fc.property(text, text, fc.nat(3), (before, after, context) => {
      const window = changedWindow(before, after, context)
      const head = before
        .split('\n')
        .slice(0, window.offset)
        .map((line) => `${line}\n`)
        .join('')
      const tail = before.slice(head.length + window.before.length)
      expect(head + window.before + tail).toBe(before)
      expect(head + window.after + tail).toBe(after)
      expect(tail === '' || (head + window.before).endsWith('\n')).toBe(true)
    }),
  )
})

test('as many equal lines are kept around what differs as were asked for', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`)
  const after = lines.with(10, 'other\n')
  const window = changedWindow(lines.join(''), after.join(''), 2)
  expect(window).toEqual({ before: lines.slice(8, 13).join(''), after: after.slice(8, 13).join(''), offset: 8 })
})

test('texts of many steps differ where one unit does', () => {
  const line = `${'x'.repeat(999)}\n`
  const before = line.repeat(1000)
  const after = `${line.repeat(500)}y${before.slice(500_001)}`
  const window = changedWindow(before, after, 0)
  expect(window).toEqual({ before: line, after: `y${line.slice(1)}`, offset: 500 })
})
