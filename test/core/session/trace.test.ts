// Every moment of a suggestion's way is noted, from the write to the disk, and they stand in their order.
import { expect, test } from 'vitest'
import type { Trace } from '../../../preload/contract.ts'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')

/** A world in which each look at the clock is a ms later than the last: no two moments can be mixed up. */
async function ticking(): Promise<World> {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  const { now } = world.clock
  let looks = 0
  world.clock.now = () => now() + (looks += 1)
  return world
}

async function trace(world: World): Promise<Trace> {
  return (await world.suggestion()).trace
}

/** The moments that are noted, in the order in which they are passed. */
function moments(of: Trace): [string, number | null][] {
  const { saved, asked, stable, region, context, sent, headers, firstToken, firstHunk, done, accepted, durable } = of
  return Object.entries({
    saved,
    stable,
    region,
    asked,
    context,
    sent,
    headers,
    firstToken,
    firstHunk,
    done,
    accepted,
    durable,
  })
}

async function streamed(world: World): Promise<void> {
  world.reply().send({ type: 'sent', model: 'm', warm: true }, { type: 'headers' })
  world.reply().text('Guard it.\n')
  await settle()
  await world.session.painted({ suggestion: (await world.suggestion()).id, lag: 7 })
  world.reply().text(patchReply('a.js', '  return sum / items.length', '  return 0', ''))
  await settle()
  world.reply().send({ type: 'done', finish: 'stop', usage: { input: 9, output: 33 } })
  await settle()
}

test('from the write to the disk, each after the one before it', async () => {
  const world = await ticking()
  await world.save('a.js', NOW)
  await streamed(world)
  const suggestion = await world.suggestion()
  const [hunk] = suggestion.hunks
  if (hunk === undefined) throw new Error('no hunk')
  await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })
  const whole = await trace(world)
  const passed = moments(whole).filter(([name]) => name !== 'asked')
  expect(passed.filter(([, at]) => at === null)).toEqual([])
  const times = passed.map(([, at]) => at ?? 0)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(new Set(times.slice(0, -2)).size).toBe(times.length - 2)
  expect(whole).toMatchObject({ asked: null, warm: true, painted: 7, output: 33, policyWait: 0 })
  expect(whole.overhead).toBeGreaterThan(0)
})

test('from the word that made it go on', async () => {
  const world = await ticking()
  await world.save('a.js', NOW)
  world.reply().text('Well.\n')
  await settle()
  await world.session.nudge({ suggestion: (await world.suggestion()).id, text: 'return 0' })
  await settle()
  await streamed(world)
  const passed = moments(await trace(world)).filter(([, at]) => at !== null)
  expect(passed.map(([name]) => name)).toEqual([
    'saved',
    'asked',
    'context',
    'sent',
    'headers',
    'firstToken',
    'firstHunk',
    'done',
  ])
  const times = passed.map(([, at]) => at ?? 0)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
})

test('what was stopped tells its own tokens, not those of the reply that follows it', async () => {
  const world = await ticking()
  await world.save('a.js', NOW)
  world.reply().send({ type: 'sent', model: 'm', warm: true }, { type: 'headers' })
  world.reply().text('x'.repeat(40))
  await settle()
  const { id } = await world.suggestion()
  await world.session.nudge({ suggestion: id, text: 'return 0' })
  await settle()
  expect((await trace(world)).output).toBeNull()
  await streamed(world)
  expect((await trace(world)).output).toBe(33)
  expect((await world.suggestion()).usage?.output).toBe(43)
})
