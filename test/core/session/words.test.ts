// No word of a nudge is lost: said into a reply, by interrupt and continuation, by both in turn, and when any of them comes to nothing.
import { describe, expect, test } from 'vitest'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')
const PATCH = patchReply('a.js', '  return sum / items.length', '  return 0')

async function streaming(): Promise<World> {
  const world = await createWorld({ contents: { 'a.js': BEFORE } })
  await world.save('a.js', NOW)
  world.reply().text('Guard it.\n')
  await settle()
  return world
}

async function id(world: World): Promise<string> {
  return (await world.suggestion()).id
}

/** What the newest request says after what was asked first. */
function said(world: World): string {
  return world
    .reply()
    .request.prompt.messages.slice(1)
    .map((message) => message.text)
    .join('\n')
}

/** The model's answer to each nudge, held by the test. */
function heldSteers(world: World): ((answer: 'queued' | 'unsupported') => void)[] {
  const answers: ((answer: 'queued' | 'unsupported') => void)[] = []
  world.models.steer = () => new Promise((resolve) => answers.push(resolve))
  return answers
}

describe('said into a reply that runs', () => {
  test('they are shown as queued at once, before the model has answered', async () => {
    const world = await streaming()
    heldSteers(world)
    void world.session.nudge({ suggestion: await id(world), text: 'throw instead' })
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'streaming', queued: ['throw instead'], nudges: [] })
  })

  test('the same words twice are two nudges: one that is taken up does not take the other along', async () => {
    const world = await streaming()
    world.models.steering = 'queued'
    const suggestion = await id(world)
    await world.session.nudge({ suggestion, text: 'shorter' })
    await world.session.nudge({ suggestion, text: 'shorter' })
    world.reply().send({ type: 'steered', state: 'committed', text: 'shorter', message: null })
    await settle()
    expect(await world.suggestion()).toMatchObject({ nudges: ['shorter'], queued: ['shorter'] })
    await world.session.interrupt({ suggestion })
    expect(await world.suggestion()).toMatchObject({ nudges: ['shorter'], queued: [], returned: ['shorter'] })
  })

  test('words of several lines are one nudge', async () => {
    const world = await streaming()
    world.models.steering = 'queued'
    const suggestion = await id(world)
    await world.session.nudge({ suggestion, text: 'a Map\nno class' })
    await world.session.nudge({ suggestion, text: 'no class' })
    world.reply().send({ type: 'steered', state: 'committed', text: 'a Map\nno class', message: null })
    await settle()
    expect(await world.suggestion()).toMatchObject({ nudges: ['a Map\nno class'], queued: ['no class'] })
  })

  test('an interrupt before the model has answered gives them back, and nothing is asked', async () => {
    const world = await streaming()
    const answers = heldSteers(world)
    const suggestion = await id(world)
    const nudged = world.session.nudge({ suggestion, text: 'throw instead' })
    await settle()
    await world.session.interrupt({ suggestion })
    answers[0]?.('unsupported')
    expect(await nudged).toMatchObject({ ok: false, failure: { code: 'stopped' } })
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'interrupted', queued: [], returned: ['throw instead'] })
    expect(world.models.replies).toHaveLength(1)
  })

  test('when the reply is done before the model has answered, they are the next request', async () => {
    const world = await streaming()
    const answers = heldSteers(world)
    const nudged = world.session.nudge({ suggestion: await id(world), text: 'throw instead' })
    await settle()
    world.reply().text(PATCH)
    world.reply().finish()
    await settle()
    answers[0]?.('unsupported')
    expect((await nudged).ok).toBe(true)
    await settle()
    expect(await world.suggestion()).toMatchObject({ nudges: ['throw instead'], queued: [], returned: [] })
    expect(said(world)).toContain('throw instead')
  })

  test('a save that supersedes the suggestion leaves them on its card', async () => {
    const world = await streaming()
    world.models.steering = 'queued'
    const suggestion = await id(world)
    await world.session.nudge({ suggestion, text: 'throw instead' })
    await world.clock.advance(3000)
    await world.save('a.js', NOW.replace('totalOf(items)', 'totalOf(items, 2)'))
    await world.clock.advance(3000)
    const card = (await world.suggestions()).find((one) => one.id === suggestion)
    expect(card).toMatchObject({ state: 'superseded', queued: [], returned: ['throw instead'] })
  })
})

describe('said into a reply, then by interrupt and continuation', () => {
  test('what the model had queued goes along, in its order', async () => {
    const world = await streaming()
    world.models.steering = 'queued'
    const suggestion = await id(world)
    await world.session.nudge({ suggestion, text: 'first a Map' })
    await world.session.nudge({ suggestion, text: 'then a test' })
    world.models.steering = 'unsupported'
    await world.session.nudge({ suggestion, text: 'and throw' })
    await settle()
    expect(await world.suggestion()).toMatchObject({
      nudges: ['first a Map', 'then a test', 'and throw'],
      queued: [],
      returned: [],
    })
    expect(said(world)).toMatch(/first a Map[^]*then a test[^]*and throw/)
    expect(world.models.replies.map((reply) => reply.signal.aborted)).toEqual([true, false])
  })

  test('several that are refused together make one request with all of them, in their order', async () => {
    const world = await streaming()
    const answers = heldSteers(world)
    const suggestion = await id(world)
    const texts = ['one', 'one', 'two']
    const nudged = Promise.all(texts.map((text) => world.session.nudge({ suggestion, text })))
    await settle()
    for (const answer of answers) answer('unsupported')
    expect((await nudged).every(({ ok }) => ok)).toBe(true)
    await settle()
    expect(await world.suggestion()).toMatchObject({ nudges: texts, queued: [], returned: [] })
    expect(world.models.replies).toHaveLength(2)
    expect(said(world)).toMatch(/one[^]*one[^]*two/)
  })

  test('one that is taken up, one that is queued and one that is refused: each once, in their order', async () => {
    const world = await streaming()
    world.models.steering = 'queued'
    const suggestion = await id(world)
    await world.session.nudge({ suggestion, text: 'one' })
    await world.session.nudge({ suggestion, text: 'two' })
    world.reply().send({ type: 'steered', state: 'committed', text: 'one', message: null })
    world.reply().text('Heeds one.\n')
    await settle()
    world.models.steering = 'unsupported'
    await world.session.nudge({ suggestion, text: 'three' })
    await settle()
    expect((await world.suggestion()).nudges).toEqual(['one', 'two', 'three'])
    expect(said(world)).toMatch(/Heeds one[^]*- one\n- two[^]*three/)
  })
})

test('after a hunk was accepted they go by a new request, which says so: the reply that runs does not know it', async () => {
  const world = await streaming()
  world.models.steering = 'queued'
  world.reply().text(`${PATCH.slice(0, PATCH.indexOf('*** End'))}@@ more\n`)
  await settle()
  const suggestion = await world.suggestion()
  const [hunk] = suggestion.hunks
  if (hunk === undefined) throw new Error('no hunk')
  await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })
  await world.session.nudge({ suggestion: suggestion.id, text: 'and a test' })
  await settle()
  expect(world.models.steers).toEqual([])
  expect(said(world)).toMatch(/in the file already[^]*return 0[^]*and a test/)
})

describe('when the request that carries them comes to nothing', () => {
  const nudge = async (world: World): Promise<string> => {
    const suggestion = await id(world)
    await world.session.nudge({ suggestion, text: 'throw instead' })
    await settle()
    return suggestion
  }

  test('interrupted before its first token: Continue says them again, and what they spoke of', async () => {
    const world = await streaming()
    const suggestion = await nudge(world)
    await world.session.interrupt({ suggestion })
    await world.session.continue({ suggestion })
    await settle()
    expect(said(world)).toMatch(/Guard it\.[^]*interrupted and says: throw instead/)
    world.reply().text(patchReply('a.js', '  return sum / items.length', '  throw 1', 'Throws.'))
    world.reply().finish()
    await settle()
    expect(await world.suggestion()).toMatchObject({ state: 'ready', hunks: [{ newLines: ['  throw 1'] }] })
  })

  test('failed before its first token: Retry says them again, and what they spoke of', async () => {
    const world = await streaming()
    const suggestion = await nudge(world)
    world.reply().send({ type: 'failed', failure: { code: 'reset', message: 'reset' } })
    await settle()
    await world.session.retry({ suggestion })
    await settle()
    expect(said(world)).toMatch(/Guard it\.[^]*interrupted and says: throw instead/)
  })

  test('followed by another before its first token: that one says both, and what they spoke of', async () => {
    const world = await streaming()
    const suggestion = await nudge(world)
    await world.session.nudge({ suggestion, text: 'and a test' })
    await settle()
    expect(said(world)).toMatch(/Guard it\.[^]*- throw instead[^]*says: and a test/)
  })

  test('nothing was said to a reply without a word: Continue asks the same anew', async () => {
    const world = await createWorld({ contents: { 'a.js': BEFORE } })
    await world.save('a.js', NOW)
    const suggestion = await id(world)
    await world.session.interrupt({ suggestion })
    await world.session.continue({ suggestion })
    await settle()
    expect(world.reply(1).request.prompt).toEqual(world.reply(0).request.prompt)
  })
})
