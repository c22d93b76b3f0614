// What is not offered unasked: rejected hunks at the same place, and the undoing of what the person has just done.
import { expect, test } from 'vitest'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'

const BEFORE =
  '// one\n// two\n// three\n\nfunction mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')
const PATCH = patchReply('a.js', '  return sum / items.length', '  return 0')

async function answer(world: World, text: string): Promise<void> {
  world.reply().text(text)
  world.reply().finish()
  await settle()
}

async function rejected(world: World): Promise<World> {
  await world.save('a.js', NOW)
  await answer(world, PATCH)
  const suggestion = await world.suggestion()
  await world.session.reject({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
  await world.clock.advance(5000)
  return world
}

test('a rejected hunk is not offered again for the same place, also after a restart', async () => {
  const store = createFakeStore()
  const first = await rejected(await createWorld({ contents: { 'a.js': BEFORE }, store }))
  await first.save('a.js', `// head\n${NOW}`)
  await answer(first, PATCH)
  expect(await first.suggestion()).toMatchObject({ state: 'empty', hunks: [] })
  await first.session.close()
  const second = await createWorld({ files: first.files, store })
  await second.save('a.js', `// other\n${NOW}`)
  await answer(second, PATCH)
  expect((await second.suggestion()).hunks).toEqual([])
})

test('once its surroundings change, it is another place', async () => {
  const world = await rejected(await createWorld({ contents: { 'a.js': BEFORE } }))
  await world.save('a.js', NOW.replace('totalOf(items)', 'totalOf(items, 2)'))
  await answer(world, PATCH)
  expect((await world.suggestion()).hunks).toMatchObject([{ state: 'pending' }])
})

test('asked for in words, it is shown', async () => {
  const world = await rejected(await createWorld({ contents: { 'a.js': BEFORE } }))
  await world.session.ask({ text: 'guard it', place: 'a.js:7' })
  await settle()
  await answer(world, PATCH)
  expect((await world.suggestion()).hunks).toMatchObject([{ state: 'pending' }])
})

test("a hunk that would undo the person's own change is not shown unless asked", async () => {
  const undoing = patchReply('a.js', '  const sum = totalOf(items)', '  const sum = total(items)')
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  await answer(world, undoing)
  const suggestion = await world.suggestion()
  expect(suggestion.hunks).toEqual([])
  expect(suggestion.notes.join()).toContain('just changed')
  await world.session.ask({ text: 'go back', place: 'a.js:6' })
  await settle()
  await answer(world, undoing)
  expect((await world.suggestion()).hunks).toMatchObject([{ state: 'pending' }])
})
