// 5,000 tokens a second into a window that takes nothing (hidden, or busy): what is kept, what waits on the wire, what it gets afterwards.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import type { EventBatch } from '../../../preload/contract.ts'
import { connect } from '../../../preload/wire/client.ts'
import { serve } from '../../../preload/wire/server.ts'
import { checkFrame } from '../../../main/host/guard.ts'
import { createHandlers } from '../../fakes/handlers.ts'
import { createPortPair, type PortPair } from '../../fakes/port-pair.ts'
import { createWorld, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'one\ntwo\nthree\n'
/** Twelve seconds of it, in lines. */
const TOKENS = 60_000
const TEXT = Array.from({ length: TOKENS }, (_, at) => (at % 20 === 19 ? 'done\n' : 'word ')).join('')
const TOKEN = 5
const CREDIT = 8

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

interface Watched {
  readonly world: World
  /** The wire to the window: nothing arrives there before `pump`. */
  readonly wire: PortPair
  readonly batches: EventBatch[]
}

/** A suggestion streams, and its window has taken everything so far. */
async function watched(): Promise<Watched> {
  const world = await createWorld({ contents: { 'a.txt': BEFORE } })
  const wire = createPortPair({ manual: true })
  const handlers = createHandlers({ streams: { events: (_values, signal) => world.session.events(signal) } })
  closers.push(serve(wire.engine, handlers, { check: checkFrame }))
  const batches: EventBatch[] = []
  connect(wire.client).open('events', {}, (batch) => void batches.push(batch), { credit: CREDIT })
  await world.save('a.txt', BEFORE.replace('two', 'TWO'))
  world.reply().text('Well.\n')
  for (let turn = 0; turn < 10; turn += 1) {
    wire.pump()
    await settle(5)
  }
  batches.length = 0
  return { world, wire, batches }
}

async function flood(world: World): Promise<void> {
  for (let token = 0; token < TOKENS; token += 1) {
    world.reply().text(TEXT.slice(token * TOKEN, (token + 1) * TOKEN))
    // As they come: some in one turn of the loop, and time in between for whatever would be sent.
    if (token % 50 === 0) await settle(1)
  }
  await settle(200)
}

test('no more than its credit waits on the wire, and what it missed comes as one message', async () => {
  const { world, wire, batches } = await watched()
  const { id: suggestion } = await world.suggestion()
  await flood(world)
  expect(wire.waiting()).toBeLessThanOrEqual(CREDIT)
  wire.pump()
  await settle(5)
  const before = batches.length
  wire.pump()
  await settle(5)
  expect(batches.length).toBeLessThanOrEqual(CREDIT + 1)
  const texts = batches.flatMap(({ text }) => text)
  expect(batches.length - before).toBe(1)
  const all = `Well.\n${TEXT}`
  const last = texts.at(-1)
  // A message has its bound, too: of what is longer the end comes.
  expect(last).toEqual({ suggestion, from: all.length - 200_000, text: all.slice(-200_000) })
})

test('what is kept for it is the text itself, and little more', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const { world } = await watched()
  collect()
  const before = process.memoryUsage().heapUsed
  await flood(world)
  // The test itself holds no token any more: its model has handed all of them over.
  collect()
  const kept = process.memoryUsage().heapUsed - before
  // Text, its lines and the pieces they were put together from. Messages kept for the window would be twice that.
  expect(kept).toBeLessThan(16 * TEXT.length)
})

test('an interrupt breaks the connection at once, whatever has come and is not read yet, and nothing of that is taken', async () => {
  const { world } = await watched()
  const { id } = await world.suggestion()
  for (let token = 0; token < TOKENS; token += 1) world.reply().text(TEXT.slice(token * TOKEN, (token + 1) * TOKEN))
  const interrupted = world.session.interrupt({ suggestion: id })
  expect(world.reply().signal.aborted).toBe(true)
  expect(await interrupted).toEqual({ ok: true, value: { stopped: [id] } })
  await settle(50)
  expect(await world.suggestion()).toMatchObject({ state: 'interrupted', explanation: 'Well.' })
})

test('a long answer in words is not explained anew with each of its lines, nor stored; at its end it is whole', async () => {
  const { world, wire, batches } = await watched()
  const { id } = await world.suggestion()
  let stored = 0
  const { commit } = world.store
  world.store.commit = (operations) => {
    stored += 1
    return commit(operations)
  }
  for (let line = 0; line < 400; line += 1) {
    world.reply().text(`And line ${line} of it, too.\n`)
    await settle(1)
    wire.pump()
  }
  await settle(20)
  wire.pump()
  expect(stored).toBe(0)
  expect(batches.filter(({ suggestions }) => suggestions.length > 0).length).toBeLessThanOrEqual(40)
  await world.session.interrupt({ suggestion: id })
  await settle(20)
  expect(stored).toBeGreaterThan(0)
  expect((await world.suggestion()).explanationRest).toContain('line 399')
})

test('a reply without end is cut, and its connection closed', async () => {
  const { world } = await watched()
  for (let parts = 0; parts < 300; parts += 1) world.reply().text(`${'again and '.repeat(500)}\n`)
  await settle(400)
  const suggestion = await world.suggestion()
  expect(suggestion).toMatchObject({ state: 'interrupted' })
  expect(suggestion.notes.join()).toContain('length limit')
})
