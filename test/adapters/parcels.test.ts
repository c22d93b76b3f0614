// Messages with long texts between threads: what arrives is what was sent, in order, and a text that is there is not sent again.
import { setImmediate as turn } from 'node:timers/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createInbox, createOutbox, packed, unpacked, type Parcel } from '../../main/adapters/parcels.ts'

const LONG = 256 * 1024
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    fc.integer(),
    fc.constant(null),
    fc.string(),
    fc.constantFrom('a'.repeat(LONG + 1), 'é'.repeat(LONG * 2), `${'x'.repeat(LONG)}\uD800`),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('text', 'more'), tie('any'), { maxKeys: 2, noNullPrototype: true }),
  ),
})).any

/** Both ends, with the structured clone between them; `crossed` counts the messages on the way. */
function connect(kept: number) {
  const arrived: object[] = []
  const crossed: unknown[] = []
  const open = createInbox<object>()
  const outbox = createOutbox((message) => {
    const clone: Parcel<object> = structuredClone(Object(message))
    crossed.push(clone)
    const whole = open(clone)
    if (whole !== null) arrived.push(whole)
  }, kept)
  return { arrived, crossed, outbox }
}

function stringOfBigint(_key: string, item: unknown): unknown {
  return typeof item === 'bigint' ? String(item) : item
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}

test('messages arrive as they were sent and in their order, long texts or not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 5 }), fc.constantFrom(0, LONG * 3), async (values, kept) => {
      const { arrived, outbox } = connect(kept)
      for (const held of values) outbox.send({ held }, () => undefined)
      await until(() => arrived.length === values.length)
      expect(arrived).toEqual(values.map((held) => ({ held })))
    }),
    { numRuns: 30 },
  )
})

test('a text that the other end has kept is only named', async () => {
  const { arrived, crossed, outbox } = connect(LONG * 4)
  const text = 'long '.repeat(LONG / 4)
  outbox.send({ text }, () => undefined)
  await until(() => arrived.length === 1)
  const before = crossed.length
  outbox.send({ again: text }, () => undefined)
  await until(() => arrived.length === 2)
  expect(crossed.length - before).toBe(1)
  expect(arrived[1]).toEqual({ again: text })
})

test('where texts are kept, one of medium length is only named as well', async () => {
  const { arrived, crossed, outbox } = connect(LONG)
  const text = 'medium '.repeat(4_000)
  for (const message of [{ text }, { text, also: [text] }]) outbox.send(message, () => undefined)
  await until(() => arrived.length === 2)
  expect(arrived).toEqual([{ text }, { text, also: [text] }])
  // The text, and two messages.
  expect(crossed).toHaveLength(3)
})

test('of many texts only the last ones are kept', async () => {
  const { arrived, crossed, outbox } = connect(LONG * 100)
  const texts = Array.from({ length: 40 }, (_, index) => `${index} `.repeat(10_000))
  for (const text of [...texts, texts[39], texts[0]]) outbox.send({ text }, () => undefined)
  await until(() => arrived.length === 42)
  const forgotten = crossed.filter((message) => JSON.stringify(message, stringOfBigint).includes('forget'))
  expect([arrived.at(-1), forgotten.length]).toEqual([{ text: texts[0] }, 17])
})

test('a text that was forgotten for others crosses again', async () => {
  const { arrived, outbox } = connect(LONG * 2)
  const texts = ['a', 'b', 'a'].map((letter) => letter.repeat(LONG * 2 - 1))
  for (const text of texts) outbox.send({ text }, () => undefined)
  await until(() => arrived.length === 3)
  expect(arrived).toEqual(texts.map((text) => ({ text })))
})

test('a long text leaves the sender free between its pieces', async () => {
  const { arrived, outbox } = connect(0)
  outbox.send({ text: 'x'.repeat(LONG * 16) }, () => undefined)
  let turns = 0
  while (arrived.length === 0) {
    turns += 1
    await turn()
  }
  expect(turns).toBeGreaterThanOrEqual(7)
})

test('a message that cannot be cloned is refused, and those behind it go on', async () => {
  const { arrived, outbox } = connect(0)
  const refused: unknown[] = []
  const text = 'x'.repeat(LONG + 1)
  outbox.send({ text, bad: () => null }, (error) => refused.push(error))
  outbox.send({ good: 1 }, () => undefined)
  await until(() => arrived.length === 1)
  expect([arrived, refused.length]).toEqual([[{ good: 1 }], 1])
})

test('an answer comes out of its moved bytes as it went in', () => {
  fc.assert(
    fc.property(value, (held) => {
      const { value: light, texts, moves } = packed(held)
      const crossed = structuredClone({ value: light, texts }, { transfer: [...moves] })
      expect(unpacked(crossed)).toEqual(held)
    }),
    { numRuns: 30 },
  )
})
