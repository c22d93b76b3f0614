// At most two requests of the fast lane at once: a third takes the place of the second; a save's never of what a person has asked for.
import { expect, test } from 'vitest'
import { createWorld, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'

async function world(): Promise<World> {
  return createWorld({ contents: { 'a.js': BEFORE, 'b.js': BEFORE, 'c.js': BEFORE, 'd.js': BEFORE } })
}

async function save(on: World, name: string): Promise<void> {
  await on.save(`${name}.js`, BEFORE.replace('total(items)', `${name}Of(items)`))
}

async function ask(on: World, name: string) {
  const asked = await on.session.ask({ text: `what is ${name}?`, place: `${name}.js:2` })
  await settle()
  return asked
}

/** Which requests run, oldest first. */
function running(on: World): boolean[] {
  return on.models.replies.map((reply) => !reply.signal.aborted)
}

test('a question in words takes the place of the second that nobody asked for', async () => {
  const on = await world()
  await save(on, 'a')
  await save(on, 'b')
  expect((await ask(on, 'c')).ok).toBe(true)
  expect(running(on)).toEqual([true, false, true])
})

test('a save never takes the place of two questions: it is not asked about, and that is said', async () => {
  const on = await world()
  await ask(on, 'a')
  await ask(on, 'b')
  await save(on, 'c')
  expect(running(on)).toEqual([true, true])
  const status = await on.session.status()
  expect(status.ok && status.value.project.quiet?.text).toContain('two of your questions')
  expect(status.ok && status.value.project.when.unasked).toMatchObject({ busy: 1 })
})

test('a third question takes the place of the second, which can be continued', async () => {
  const on = await world()
  await ask(on, 'a')
  await ask(on, 'b')
  expect((await ask(on, 'c')).ok).toBe(true)
  expect(running(on)).toEqual([true, false, true])
  const states = (await on.suggestions()).map(({ words, state }) => `${words}: ${state}`)
  expect(states).toContain('what is b?: interrupted')
})

test('a marker is a question of the person, too: it takes the place of the second, and makes way for no save', async () => {
  const on = await world()
  await ask(on, 'a')
  await ask(on, 'b')
  await on.save('c.js', BEFORE.replace('total(items)', 'total(items) // guard this, ai!'))
  expect(running(on)).toEqual([true, false, true])
  await save(on, 'd')
  expect(running(on)).toEqual([true, false, true])
})

test('one that goes on is one more: the second makes way for it', async () => {
  const on = await world()
  await save(on, 'a')
  const { id } = await on.suggestion()
  on.reply().text('Well.\n')
  await settle()
  await on.session.interrupt({ suggestion: id })
  await save(on, 'b')
  await save(on, 'c')
  expect((await on.session.continue({ suggestion: id })).ok).toBe(true)
  await settle()
  expect(running(on)).toEqual([false, true, false, true])
})

test('one that was nudged is the person’s own, and makes way for nothing', async () => {
  const on = await world()
  await save(on, 'a')
  on.reply().text('Well.\n')
  await settle()
  await on.session.nudge({ suggestion: (await on.suggestion()).id, text: 'shorter' })
  await settle()
  await save(on, 'b')
  await save(on, 'c')
  expect(running(on)).toEqual([false, true, false, true])
})

test('a nudge takes the place of the newer of two questions', async () => {
  const on = await world()
  await save(on, 'a')
  const { id } = await on.suggestion()
  on.reply().text('Well.\n')
  await settle()
  await on.session.interrupt({ suggestion: id })
  await ask(on, 'b')
  await ask(on, 'c')
  expect(await on.session.nudge({ suggestion: id, text: 'shorter' })).toMatchObject({ ok: true })
  await settle()
  expect(running(on)).toEqual([false, true, false, true])
})

test('two deep requests leave the fast lane its two', async () => {
  const on = await world()
  await save(on, 'a')
  await on.session.deeper({ suggestion: (await on.suggestion()).id })
  await save(on, 'b')
  await settle()
  expect(running(on)).toEqual([true, true, true])
})
