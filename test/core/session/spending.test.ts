// What requests took, whoever counted it, and the budget that pauses what asks by itself.
import { describe, expect, test } from 'vitest'
import { createWorld, patchReply, type World, type WorldOptions } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')
const HOUR_MS = 60 * 60 * 1000

async function asked(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({ contents: { 'a.js': BEFORE, 'b.js': BEFORE }, ...options })
  await world.save('a.js', NOW)
  world.reply().send({ type: 'sent', model: 'm', warm: true })
  await settle()
  return world
}

async function spending(world: World) {
  const status = await world.session.status()
  if (!status.ok) throw new Error('a status is always known')
  return status.value.project.spending
}

describe('a reply', () => {
  test('takes what its endpoint says', async () => {
    const world = await asked()
    world.reply().send({ type: 'headers' }, { type: 'text', text: 'Well.' })
    world.reply().send({ type: 'done', finish: 'stop', usage: { input: 90, output: 20, cached: 64 } })
    await settle()
    expect((await world.suggestion()).usage).toMatchObject({ input: 90, output: 20, cached: 64, estimated: false })
    expect(await spending(world)).toMatchObject({ tokens: 110, estimated: false })
  })

  test('that is stopped is counted about: by what was asked, and what had come', async () => {
    const world = await asked()
    const { instructions, messages } = world.reply().request.prompt
    world.reply().send({ type: 'headers' }, { type: 'text', text: 'x'.repeat(400) })
    await settle()
    await world.session.interrupt({ suggestion: null })
    await settle()
    const input = Math.ceil((instructions.length + messages.reduce((sum, { text }) => sum + text.length, 0)) / 4)
    expect((await world.suggestion()).usage).toMatchObject({ input, output: 100, estimated: true })
    expect(await spending(world)).toMatchObject({ tokens: input + 100, estimated: true })
  })

  test('whose endpoint counts nothing is counted about, too', async () => {
    const world = await asked()
    world.reply().send({ type: 'headers' }, { type: 'text', text: patchReply('a.js', '  return sum', '  return 0') })
    world.reply().finish()
    await settle()
    expect((await world.suggestion()).usage?.estimated).toBe(true)
  })

  test('that was refused, or stopped before the endpoint answered, takes nothing', async () => {
    const world = await asked()
    world.reply().send({ type: 'failed', failure: { code: 'rate', message: 'too many' } })
    await settle()
    expect((await world.suggestion()).usage).toBeNull()
    expect(await spending(world)).toMatchObject({ tokens: 0 })
  })

  test('and the one that goes on from it are counted together', async () => {
    const world = await asked()
    world.reply().send({ type: 'headers' }, { type: 'text', text: 'xxxx' })
    await settle()
    const { id } = await world.suggestion()
    await world.session.interrupt({ suggestion: id })
    await settle()
    const stopped = (await world.suggestion()).usage?.input ?? 0
    await world.session.nudge({ suggestion: id, text: 'shorter' })
    await settle()
    world.reply().send({ type: 'headers' }, { type: 'done', finish: 'stop', usage: { input: 1000, output: 7 } })
    await settle()
    expect((await world.suggestion()).usage).toMatchObject({ input: stopped + 1000, output: 8, estimated: true })
  })
})

describe('a budget', () => {
  async function exhausted(): Promise<World> {
    const world = await asked({ hourlyTokens: 100 })
    world.reply().send({ type: 'headers' }, { type: 'done', finish: 'stop', usage: { input: 90, output: 20 } })
    await settle()
    return world
  }

  test('that is used up by interrupted replies alone pauses saves, and says so', async () => {
    const world = await asked({ hourlyTokens: 100 })
    world.reply().send({ type: 'headers' }, { type: 'text', text: 'x' })
    await settle()
    await world.session.interrupt({ suggestion: null })
    await world.clock.advance(5000)
    await world.save('b.js', BEFORE.replace('items.length', 'items.size'))
    expect(world.models.replies).toHaveLength(1)
    const status = await world.session.status()
    expect(status.ok && status.value.project.spending.exhausted).toBe(true)
    expect(status.ok && status.value.project.quiet?.text).toContain('budget')
  })

  test('lets what a person asks in words through', async () => {
    const world = await exhausted()
    expect((await world.session.ask({ text: 'add a test', place: 'a.js:2' })).ok).toBe(true)
    await settle()
    expect(world.models.replies).toHaveLength(2)
  })

  test('that has room again by nothing but time is told to the window', async () => {
    const world = await exhausted()
    const { signal } = new AbortController()
    const batches = world.session.events(signal)
    expect((await batches.next()).value?.project?.spending.exhausted).toBe(true)
    const next = batches.next()
    await world.clock.advance(HOUR_MS + 1)
    expect((await next).value?.project?.spending).toMatchObject({ exhausted: false, tokens: 0 })
  })
})
