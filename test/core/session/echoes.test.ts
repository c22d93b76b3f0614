// The embedded engine beside a model: what confirms, what stands beneath as an alternative, and what a rejection teaches.
import { expect, test } from 'vitest'
import { settle } from '../../fakes/clock.ts'
import { createFakeIndex } from '../../fakes/index.ts'
import { LOCAL } from '../../fakes/models.ts'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'

const BEFORE = ['a.oldName(1)', 'x()', 'y()', 'b.oldName(2)', 'z()', 'w()', 'c.oldName(3)', ''].join('\n')
const NOW = BEFORE.replace('a.oldName(1)', 'a.newName(1)')

async function answer(world: World, text: string): Promise<void> {
  world.reply().text(text)
  world.reply().finish()
  await settle()
}

async function lanes(world: World) {
  const views = await world.suggestions()
  return { local: views.find(({ lane }) => lane === 'local'), fast: views.find(({ lane }) => lane === 'fast') }
}

test('what the model proposes too is confirmed on the hunk that stands there', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  expect((await lanes(world)).local?.hunks).toMatchObject([{ remark: null }, { remark: null }])
  await answer(world, patchReply('a.js', 'b.oldName(2)', 'b.newName(2)'))
  const { local, fast } = await lanes(world)
  expect(local?.hunks).toMatchObject([
    { start: 4, remark: 'confirmed by fast-model' },
    { start: 7, remark: null },
  ])
  expect(fast).toMatchObject({ hunks: [], notes: ['it confirms what the embedded engine proposes'] })
})

test('a confirmation does not change what a decision hits', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  const seen = (await lanes(world)).local
  await answer(world, patchReply('a.js', 'b.oldName(2)', 'b.newName(2)'))
  const [hunk] = seen?.hunks ?? []
  if (seen === undefined || hunk === undefined) throw new Error('nothing was proposed')
  expect(await world.session.accept({ hunks: [referenceTo(seen, hunk)] })).toMatchObject({ ok: true })
})

test('what the model proposes otherwise stands beneath as an alternative, and takes nothing away', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  await answer(world, patchReply('a.js', 'b.oldName(2)', 'b.otherName(2)'))
  const views = await world.suggestions()
  expect(views.map(({ lane }) => lane)).toEqual(['local', 'fast'])
  expect(views[0]?.hunks).toMatchObject([{ state: 'pending' }, { state: 'pending' }])
  expect(views[1]?.hunks).toMatchObject([{ state: 'pending', remark: 'another way than the embedded engine’s' }])
})

test('an accepted local hunk stays as it is when the model proposes the same or something else', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  const local = (await lanes(world)).local
  const [hunk] = local?.hunks ?? []
  if (local === undefined || hunk === undefined) throw new Error('nothing was proposed')
  await world.session.accept({ hunks: [referenceTo(local, hunk)] })
  await answer(world, patchReply('a.js', 'b.oldName(2)', 'b.newName(2)'))
  expect(world.files.contents.get('a.js')).toContain('b.newName(2)')
  expect((await lanes(world)).local?.hunks[0]).toMatchObject({ state: 'accepted' })
  expect((await lanes(world)).fast?.hunks).toEqual([])
})

test('a rejected echo teaches: the same lesson is not offered again, in any file', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE, 'b.js': BEFORE }, provider: LOCAL })
  await world.save('a.js', NOW)
  const local = await world.suggestion()
  await world.session.reject({ hunks: local.hunks.slice(0, 1).map((hunk) => referenceTo(local, hunk)) })
  await world.clock.advance(5000)
  await world.save('b.js', NOW)
  expect((await world.suggestions()).map(({ path }) => path)).toEqual(['a.js'])
})

test('the model confirms a place in another file as well', async () => {
  const cart = 'export function total() {\n  return 1\n}\n'
  const page = "import { total } from './cart'\n\nrender(total())\n"
  const world = await createWorld({ contents: { 'cart.ts': cart, 'page.ts': page }, index: createFakeIndex })
  await settle()
  await world.save('cart.ts', cart.replace('total', 'sumOf'))
  await settle()
  expect((await lanes(world)).local?.hunks).toMatchObject([
    { path: 'page.ts', start: 1, remark: null },
    { path: 'page.ts', start: 3, remark: null },
  ])
  await answer(world, patchReply('page.ts', 'render(total())', 'render(sumOf())'))
  const { local, fast } = await lanes(world)
  expect(local?.hunks).toMatchObject([{ remark: null }, { remark: 'confirmed by fast-model' }])
  expect(fast?.hunks).toEqual([])
})

test('a local hunk in hand stays as it was painted, whatever the model says of its lines', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  const local = (await lanes(world)).local
  const [hunk] = local?.hunks ?? []
  if (local === undefined || hunk === undefined) throw new Error('nothing was proposed')
  const reference = referenceTo(local, hunk)
  await world.session.setHand({ hunk: reference, suggestion: local.id, focused: true })
  await answer(world, patchReply('a.js', 'b.oldName(2)', 'b.otherName(2)'))
  const [first, second] = await world.suggestions()
  expect(first?.hunks[0]).toEqual(hunk)
  expect(second).toMatchObject({ lane: 'fast', hunks: [{ state: 'pending' }] })
  expect(await world.session.accept({ hunks: [reference] })).toMatchObject({ ok: true })
  expect(world.files.contents.get('a.js')).toContain('b.newName(2)')
})

test('a local hunk that was turned down does not come back as the model’s', async () => {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  const local = (await lanes(world)).local
  const [hunk] = local?.hunks ?? []
  if (local === undefined || hunk === undefined) throw new Error('nothing was proposed')
  await world.session.reject({ hunks: [referenceTo(local, hunk)] })
  await answer(world, patchReply('a.js', 'b.oldName(2)', 'b.newName(2)'))
  const { local: later, fast } = await lanes(world)
  expect(later?.hunks[0]).toMatchObject({ state: 'rejected' })
  expect(fast?.hunks ?? []).toEqual([])
})
