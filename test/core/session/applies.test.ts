// The log of writes by itself: what it keeps, for how long, and in which order it gives it back.
import { expect, test } from 'vitest'
import { Applies } from '../../../main/core/session/applies.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { hashOf } from '../../fakes/files.ts'
import { createFakeStore, type FakeStore } from '../../fakes/store.ts'

function createApplies(store: FakeStore): Applies {
  let id = 0
  return new Applies({
    store,
    clock: createFakeClock(),
    hash: { text: (text) => hashOf(text).slice(0, 16) },
    ids: { next: () => `apply${(id += 1)}` },
  })
}

async function written(applies: Applies, before: string, after: string): Promise<string> {
  const { apply, stored } = applies.begin([{ path: 'a.txt', before, after }], [], [1])
  expect(await stored).toMatchObject({ ok: true })
  await applies.mark(apply.id, 'done')
  return apply.id
}

test('what is kept is bounded in bytes: the oldest goes first, from the store too', async () => {
  const store = createFakeStore()
  const applies = createApplies(store)
  const large = 'x'.repeat(10_000_000)
  for (let round = 0; round < 5; round += 1) await written(applies, `${large}${round}`, `${large}${round}!`)
  expect(applies.all.map(({ id }) => id)).toEqual(['apply3', 'apply4', 'apply5'])
  expect([...(store.tables.get('apply')?.keys() ?? [])]).toEqual(['apply3', 'apply4', 'apply5'])
  expect(applies.size).toBe(60_000_009)
})

test('the newest write stays, however large it is', async () => {
  const applies = createApplies(createFakeStore())
  await written(applies, 'x'.repeat(70_000_000), 'small')
  expect(applies.undoableCount).toBe(1)
})

test('the texts of an undo that is under way are referred to as well', async () => {
  const store = createFakeStore()
  const applies = createApplies(store)
  const id = await written(applies, 'before', 'after')
  await applies.turn(id, 'undoing', [{ path: 'a.txt', before: 'after and mine', after: 'before and mine' }])
  const texts = [...applies.referencedHashes()].map((hash) => store.blobs.get(hash))
  expect(texts.toSorted()).toEqual(['after', 'after and mine', 'before', 'before and mine'])
})

test('a text that edits make of another one is not kept beside it, and is made when it is wanted', async () => {
  const store = createFakeStore()
  const applies = createApplies(store)
  const edits = [{ start: 2, end: 3, lines: ['TWO'] }]
  const texts = { path: 'a.txt', before: 'one\ntwo\nthree\n', after: 'one\nTWO\nthree\n' }
  const { apply, stored } = applies.begin([{ ...texts, edits }], [], [2])
  await stored
  expect([...store.blobs.values()]).toEqual([texts.before])
  expect(applies.size).toBe(texts.before.length + 'TWO'.length)
  expect(await applies.text(apply.files[0]?.after ?? null)).toBe(texts.after)
})

test('a text that an older apply has made is kept by itself as the former text of the next one', async () => {
  const store = createFakeStore()
  const applies = createApplies(store)
  const edits = [{ start: 1, end: 2, lines: ['two'] }]
  applies.begin([{ path: 'a.txt', before: 'one\n', after: 'two\n', edits }], [], [1])
  applies.begin([{ path: 'a.txt', before: 'two\n', after: 'three\n' }], [], [1])
  expect([...store.blobs.values()]).toEqual(['one\n', 'two\n', 'three\n'])
})

test('what the store refuses has not begun', async () => {
  const store = createFakeStore()
  const applies = createApplies(store)
  const id = await written(applies, 'before', 'after')
  store.failure = { code: 'full', message: 'no room' }
  const full = { ok: false, failure: { code: 'full' } }
  expect(await applies.begin([], [], []).stored).toMatchObject(full)
  expect(await applies.turn(id, 'undoing', [])).toMatchObject(full)
  expect(applies.all.map(({ state }) => state)).toEqual(['done'])
})
