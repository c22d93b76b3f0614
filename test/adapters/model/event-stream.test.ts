// The reader of server-sent events: the standard's rules, and that it does not matter how the bytes are cut.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventStream } from '../../../main/adapters/model/event-stream.ts'

const encoder = new TextEncoder()

function read(...chunks: readonly Uint8Array[]): string[] {
  const stream = createEventStream()
  return chunks.flatMap((chunk) => [...stream.push(chunk)])
}

test.each([
  ['one event', 'data: a\n\n', ['a']],
  ['without a blank after the colon', 'data:a\n\n', ['a']],
  ['with lines that end in CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['with a name before its data', 'event: x\ndata: a\n\n', ['a']],
  ['with data of two lines', 'data: a\ndata: b\n\n', ['a\nb']],
  ['with empty data', 'data\n\n', ['']],
  ['a comment alone is none', ': hello\n\n', []],
  ['a name alone is none', 'event: x\n\n', []],
  ['a field whose name begins alike is none', 'database: x\n\n', []],
  ['one whose blank line never comes is none', 'data: a\n', []],
  ['only one blank is taken away', 'data:  a\n\n', [' a']],
])('%s', (_name, text, events) => {
  expect(read(encoder.encode(text))).toEqual(events)
})

test('any cutting of the bytes gives the same events', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text))
  const body = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 8 })
  fc.assert(
    fc.property(body, fc.array(fc.nat(400), { maxLength: 12 }), (events, cuts) => {
      const bytes = encoder.encode(events.map(([data, end]) => `data: ${data}${end}${end}`).join(''))
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length]
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index] ?? 0, end))
      expect(read(...chunks)).toEqual(events.map(([data]) => data))
    }),
  )
})
