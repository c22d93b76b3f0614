// Long texts on their way to a worker: whatever comes out at the other end is what went in, and it goes over once.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextReceiver, TextSender } from '../../main/adapters/texts.ts'

/** Sends an input over; answers what comes out and how many units of text crossed. */
function over(sender: TextSender, receiver: TextReceiver, input: object): { readonly output: object; units: number } {
  const packed = sender.pack(input)
  packed.sent()
  const output: Record<string, unknown> = { ...packed.input }
  for (const named of packed.texts) output[named.field] = receiver.take(named)
  return { output, units: packed.texts.reduce((sum, { text }) => sum + (text?.length ?? 0), 0) }
}

const long = (tag: number): string => `${tag}`.padEnd(20_000, 'x')

test('any inputs in any order come out as they went in', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 12 }).map(long), fc.string(), fc.integer())
  const input = fc.dictionary(fc.constantFrom('before', 'after', 'now', 'text', 'line'), value)
  fc.assert(
    fc.property(fc.array(input, { maxLength: 20 }), (inputs) => {
      const sender = new TextSender()
      const receiver = new TextReceiver()
      for (const one of inputs) expect(over(sender, receiver, one).output).toEqual({ ...one })
    }),
  )
})

test('a long text crosses once', () => {
  const sender = new TextSender()
  const receiver = new TextReceiver()
  expect(over(sender, receiver, { before: long(1), after: long(2) }).units).toBe(40_000)
  expect(over(sender, receiver, { before: long(2), after: long(3) }).units).toBe(20_000)
  expect(over(sender, receiver, { text: long(3), line: 5 }).units).toBe(0)
})

test('what could not be sent is not taken for known', () => {
  const sender = new TextSender()
  sender.pack({ text: long(1) })
  expect(over(sender, new TextReceiver(), { text: long(1) })).toEqual({ output: { text: long(1) }, units: 20_000 })
})
