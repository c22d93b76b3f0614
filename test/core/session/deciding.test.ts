// Accepting: what is known of a file is not read again, and what is not known is never written over.
import { expect, test } from 'vitest'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = '// one\n// two\n// three\n\nfunction mean(items) {\n  const sum = total(items)\n  return sum\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')

async function proposed(): Promise<World> {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  world.reply().text(patchReply('a.js', '  return sum', '  return sum / items.length'))
  world.reply().finish()
  await settle()
  return world
}

async function accept(world: World): Promise<boolean> {
  const suggestion = await world.suggestion()
  const hunks = suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk))
  return (await world.session.accept({ hunks })).ok
}

test('a file that is known is not read before it is written', async () => {
  const world = await proposed()
  const happened: string[] = []
  const { read, write } = world.files
  world.files.read = (...given) => (happened.push('read'), read(...given))
  world.files.write = (...given) => (happened.push('write'), write(...given))
  expect(await accept(world)).toBe(true)
  expect(happened[0]).toBe('write')
})

test('a save that nobody has noticed yet is kept, and the hunk is applied to it', async () => {
  const world = await proposed()
  world.files.contents.set('a.js', NOW.replace('// one', '// uno'))
  expect(await accept(world)).toBe(true)
  expect(world.files.contents.get('a.js')).toBe(
    NOW.replace('// one', '// uno').replace('return sum', 'return sum / items.length'),
  )
  expect(world.files.writes).toHaveLength(1)
})

test('where such a save has taken the lines, the hunk is stale and nothing is written', async () => {
  const world = await proposed()
  const theirs = NOW.replace('return sum', 'return sum || 0')
  world.files.contents.set('a.js', theirs)
  expect(await accept(world)).toBe(false)
  expect(world.files.contents.get('a.js')).toBe(theirs)
  expect((await world.suggestion()).hunks).toMatchObject([{ state: 'stale' }])
})

test('where the file has gone unnoticed, the hunk is stale and nothing is written', async () => {
  const world = await proposed()
  world.files.contents.delete('a.js')
  expect(await accept(world)).toBe(false)
  expect(world.files.writes).toEqual([])
  expect((await world.suggestion()).hunks).toMatchObject([{ state: 'stale', reason: 'file gone' }])
})
