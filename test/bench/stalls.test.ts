// What holds a thread up, as the bench sees it.
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { watchStalls } from './stalls.ts'

const watch = watchStalls()
afterEach(() => watch.reset())

/** A tick before, so that there is one to be late after. */
async function held(ms: number, hold: () => void): Promise<void> {
  await delay(5)
  watch.reset()
  hold()
  await delay(ms)
}

test('work on the thread is a stall in which it was busy', async () => {
  await held(5, () => {
    for (const end = performance.now() + 60; performance.now() < end;);
  })
  expect(watch.read().longest).toBeGreaterThan(50)
  expect(watch.read().busiest).toBeGreaterThan(0)
})

test('waiting on the thread is a stall in which it was not busy all the time', async () => {
  await held(5, () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60))
  const { longest, busiest } = watch.read()
  expect(longest).toBeGreaterThan(50)
  expect(busiest).toBeLessThan(longest)
})

test('what was is forgotten by a reset', async () => {
  await held(5, () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60))
  watch.reset()
  expect(watch.read()).toEqual({ longest: 0, busiest: 0 })
})
