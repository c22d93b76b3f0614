// A short run of `npm run fuzz`.
import { expect, test } from 'vitest'
import { randomFrom } from '../crash/outcome.ts'
import { fuzz } from './fuzz.ts'

test('20,000 hostile replies throw nothing and change nothing outside of their hunks', async () => {
  const { runs, failures, notes } = await fuzz(20_000, randomFrom(11))
  expect(failures).toEqual([])
  expect(runs).toBe(20_000)
  // They are not all refused: else nothing was tried.
  expect(Number(/(\d+) files changed/.exec(notes)?.[1])).toBeGreaterThan(1000)
}, 60_000)
