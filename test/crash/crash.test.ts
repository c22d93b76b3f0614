// The loops of `npm run crash`, short: real kills, real files, real encodings.
import { expect, test } from 'vitest'
import { keepBytes } from './bytes.ts'
import { holdOpen } from './held.ts'
import { killAtRandom } from './kill.ts'
import { randomFrom } from './outcome.ts'

test('30 kills amidst accept, undo, redo and start leave files wholly old or new, and the queue agrees', async () => {
  expect((await killAtRandom(30, randomFrom(5))).failures).toEqual([])
}, 120_000)

test('200 editors that save into a file that they hold open while it is replaced lose nothing', async () => {
  expect((await holdOpen(200, randomFrom(5))).failures).toEqual([])
}, 60_000)

test('500 random files keep the bytes outside of random edits, and saves of others', async () => {
  expect((await keepBytes(500, randomFrom(5))).failures).toEqual([])
}, 60_000)
