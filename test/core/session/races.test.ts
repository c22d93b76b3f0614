// Races of steering, with the reply held by the test: each is a plain sequence.
import { describe, expect, test } from 'vitest'
import { createWorld, patchReply, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')
const PATCH = patchReply('a.js', '  return sum / items.length', '  return 0')

async function streaming(): Promise<World> {
  const world = await createWorld({ contents: { 'a.js': BEFORE, 'b.js': BEFORE } })
  await world.save('a.js', NOW)
  world.reply().text('Guard it.\n')
  await settle()
  return world
}

async function id(world: World): Promise<string> {
  return (await world.suggestion()).id
}

function said(world: World): string {
  return world
    .reply()
    .request.prompt.messages.map((message) => message.text)
    .join('\n')
}

describe('interrupt', () => {
  test('against done: a reply that is done stays done', async () => {
    const world = await streaming()
    world.reply().text(PATCH)
    world.reply().finish()
    await settle()
    expect(await world.session.interrupt({ suggestion: await id(world) })).toEqual({ ok: true, value: { stopped: [] } })
    expect(await world.suggestion()).toMatchObject({ state: 'ready', hunks: [{ state: 'pending' }] })
  })

  test('in the same moment as done: one of both, never half of each', async () => {
    const world = await streaming()
    world.reply().text(PATCH)
    world.reply().finish()
    await world.session.interrupt({ suggestion: await id(world) })
    await settle()
    const suggestion = await world.suggestion()
    expect(['ready', 'interrupted']).toContain(suggestion.state)
    expect(suggestion.hunks.filter(({ state }) => state === 'pending').length).toBeLessThanOrEqual(1)
    if (suggestion.state === 'ready') expect(suggestion.hunks).toHaveLength(1)
  })

  test('against an error: the failure that came first is what is shown', async () => {
    const world = await streaming()
    world.reply().send({ type: 'failed', failure: { code: 'reset', message: 'reset' } })
    await settle()
    await world.session.interrupt({ suggestion: await id(world) })
    expect(await world.suggestion()).toMatchObject({ state: 'failed', failure: { code: 'reset' } })
  })

  test('before the headers: the request is closed, and the card says interrupted', async () => {
    const world = await createWorld({ contents: { 'a.js': BEFORE } })
    await world.save('a.js', NOW)
    await world.session.interrupt({ suggestion: await id(world) })
    await settle()
    expect(world.reply().signal.aborted).toBe(true)
    expect(await world.suggestion()).toMatchObject({ state: 'interrupted' })
  })

  test('against the next: one that was meant for the former does not stop it', async () => {
    const world = await streaming()
    const first = await id(world)
    world.reply().finish()
    await world.clock.advance(50)
    await world.save('b.js', NOW)
    await world.session.interrupt({ suggestion: first })
    expect(world.reply().signal.aborted).toBe(false)
  })

  test('three within 300 ms each stop their own', async () => {
    const world = await streaming()
    for (let at = 0; at < 3; at += 1) {
      await world.session.interrupt({ suggestion: await id(world) })
      expect(world.reply().signal.aborted).toBe(true)
      await world.session.nudge({ suggestion: await id(world), text: `again ${at}` })
      await world.clock.advance(90)
    }
    expect(world.models.replies).toHaveLength(4)
    expect(world.reply().signal.aborted).toBe(false)
  })
})

describe('steer', () => {
  async function queued(): Promise<World> {
    const world = await streaming()
    world.models.steering = 'queued'
    await world.session.nudge({ suggestion: await id(world), text: 'throw instead' })
    return world
  }

  test('a nudge that the model takes in mid-reply stops nothing, and is shown as queued', async () => {
    const world = await queued()
    expect(world.models.steers).toEqual([[await id(world), 'throw instead']])
    expect(world.models.replies).toHaveLength(1)
    expect(world.reply().signal.aborted).toBe(false)
    expect(await world.suggestion()).toMatchObject({ state: 'streaming', queued: ['throw instead'], nudges: [] })
  })

  test('when it is taken up, what follows is a new reply in the same card', async () => {
    const world = await queued()
    world.reply().text('*** Begin Patch\n*** Update File: a.js\n@@\n-  return sum')
    world.reply().send({ type: 'steered', state: 'committed', text: 'throw instead', message: null })
    world.reply().text(patchReply('a.js', '  return sum / items.length', '  throw 1', 'Throws.'))
    world.reply().finish()
    await settle()
    expect(await world.suggestion()).toMatchObject({
      state: 'ready',
      queued: [],
      returned: [],
      nudges: ['throw instead'],
      explanation: 'Throws.',
      hunks: [{ state: 'pending', newLines: ['  throw 1'] }],
    })
  })

  test('an interrupt before it is taken up gives the words back', async () => {
    const world = await queued()
    await world.session.interrupt({ suggestion: await id(world) })
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'interrupted', queued: [], returned: ['throw instead'] })
  })

  test('an interrupt after it was taken up stops the reply that heeds it', async () => {
    const world = await queued()
    world.reply().send({ type: 'steered', state: 'committed', text: 'throw instead', message: null })
    await settle()
    await world.session.interrupt({ suggestion: await id(world) })
    expect(await world.suggestion()).toMatchObject({ state: 'interrupted', returned: [], nudges: ['throw instead'] })
  })

  test('one that fails gives the words back, and the reply goes on', async () => {
    const world = await queued()
    world.reply().send({ type: 'steered', state: 'failed', text: 'throw instead', message: 'too late' })
    world.reply().text(PATCH)
    world.reply().finish()
    await settle()
    expect(await world.suggestion()).toMatchObject({
      state: 'ready',
      returned: ['throw instead'],
      notes: ['too late'],
      hunks: [{ state: 'pending' }],
    })
  })

  test('a reply that ends without a word of it gives the words back', async () => {
    const world = await queued()
    world.reply().text(PATCH)
    world.reply().finish()
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'ready', queued: [], returned: ['throw instead'] })
  })
})

describe('nudge', () => {
  test('against done: it takes effect on the reply that is there', async () => {
    const world = await streaming()
    world.reply().text(PATCH)
    world.reply().finish()
    const nudged = world.session.nudge({ suggestion: await id(world), text: 'throw instead' })
    await settle()
    expect((await nudged).ok).toBe(true)
    expect(world.models.replies).toHaveLength(2)
    expect(said(world)).toContain('throw instead')
  })

  test('accepted hunks are part of the next request, as the file that now stands', async () => {
    const world = await streaming()
    world.reply().text(PATCH)
    world.reply().finish()
    await settle()
    const suggestion = await world.suggestion()
    const [hunk] = suggestion.hunks
    if (hunk === undefined) throw new Error('no hunk')
    await world.session.accept({ hunks: [{ suggestion: suggestion.id, hunk: hunk.id, hash: hunk.hash }] })
    await world.session.nudge({ suggestion: suggestion.id, text: 'and a test' })
    await settle()
    expect(said(world)).toContain('  return 0')
    expect(said(world)).toMatch(/already|now stands/)
  })

  test('words are never lost: one that comes while the former is prepared is in the request that is sent', async () => {
    const world = await streaming()
    const suggestion = await id(world)
    await Promise.all(['one', 'two', 'three'].map((text) => world.session.nudge({ suggestion, text })))
    await settle()
    for (const text of ['one', 'two', 'three']) expect(said(world)).toContain(text)
    expect(world.models.replies.filter((reply) => !reply.signal.aborted)).toHaveLength(1)
  })
})

describe('save', () => {
  test('against done: a hunk that is placed on the old text moves onto the new one', async () => {
    const world = await streaming()
    world.reply().text(PATCH)
    world.reply().finish()
    await world.save('a.js', `// head\n${NOW}`)
    await settle()
    const all = (await world.suggestions()).flatMap(({ hunks }) => hunks)
    expect(all).toMatchObject([{ state: 'pending', start: 4 }])
  })

  test('of what the reply was about to say keeps it running, and drops that hunk', async () => {
    const world = await streaming()
    world.reply().text(`${PATCH.slice(PATCH.indexOf('***'), PATCH.indexOf('*** End'))}@@ more\n`)
    await settle()
    expect((await world.suggestion()).hunks).toMatchObject([{ state: 'pending' }])
    await world.clock.advance(3000)
    await world.save('a.js', NOW.replace('return sum / items.length', 'return 0'))
    await world.clock.advance(3000)
    expect(world.reply(0).signal.aborted).toBe(false)
    expect((await world.suggestion()).hunks.filter(({ state }) => state === 'pending')).toEqual([])
  })
})

test('a nudge of a suggestion that a save has superseded meanwhile is refused, not swallowed', async () => {
  const world = await streaming()
  const suggestion = await id(world)
  const { models } = world
  models.steer = async () => {
    await world.clock.advance(3000)
    await world.save('a.js', NOW.replace('totalOf(items)', 'totalOf(items, 2)'))
    return 'unsupported'
  }
  const result = await world.session.nudge({ suggestion, text: 'throw instead' })
  expect(result).toMatchObject({ ok: false, failure: { code: 'over' } })
})
