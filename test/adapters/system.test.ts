// Clock, ids and hash of this machine.
import { createHash as nodeHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClock, createHash, createIds } from '../../main/adapters/system.ts'

test('ids are short, safe in URLs, never look like an option, and do not repeat', () => {
  const ids = createIds()
  const made = Array.from({ length: 5_000 }, () => ids.next())
  for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{11}$/)
  expect(new Set(made).size).toBe(made.length)
})

test('a hash is the first 16 digits of SHA-256, for every text', () => {
  const hash = createHash()
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(hash.text(text)).toBe(nodeHash('sha256').update(text).digest('hex').slice(0, 16))
    }),
  )
})

test('the hash of a long text is its own, also when others of its length were asked for meanwhile', () => {
  const hash = createHash()
  const texts = Array.from({ length: 8 }, (_, at) => 'x'.repeat(20_000) + at)
  for (const text of [...texts, ...texts, ...texts.toReversed()]) {
    expect(hash.text(text)).toBe(nodeHash('sha256').update(text).digest('hex').slice(0, 16))
  }
})

test('the monotonic clock does not go back, and the other one tells the epoch', () => {
  const clock = createClock()
  const first = clock.now()
  expect(clock.now()).toBeGreaterThanOrEqual(first)
  expect(Math.abs(clock.wall() - Date.now())).toBeLessThan(60_000)
})

test('a timer runs once', async () => {
  const clock = createClock()
  let runs = 0
  await new Promise<void>((done) => {
    clock.after(1, () => {
      runs += 1
      done()
    })
  })
  expect(runs).toBe(1)
})

test('a timer that was stopped does not run, and can be stopped again', async () => {
  const clock = createClock()
  let ran = false
  const stop = clock.after(1, () => {
    ran = true
  })
  stop()
  stop()
  await new Promise<void>((done) => {
    clock.after(20, done)
  })
  expect(ran).toBe(false)
})

test('a timer of many days waits', async () => {
  const clock = createClock()
  let ran = false
  const stop = clock.after(2 ** 40, () => {
    ran = true
  })
  await new Promise<void>((done) => {
    clock.after(20, done)
  })
  stop()
  expect(ran).toBe(false)
})

test('soon runs after this turn, in the order of the calls', async () => {
  const clock = createClock()
  const order: string[] = []
  clock.soon(() => order.push('first'))
  const second = new Promise<void>((done) => {
    clock.soon(() => {
      order.push('second')
      done()
    })
  })
  order.push('now')
  await second
  expect(order).toEqual(['now', 'first', 'second'])
})
