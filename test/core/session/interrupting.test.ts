// An interrupt waits for nothing: in each state of a suggestion, and whatever else the engine is at work on.
import { describe, expect, test } from 'vitest'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'

const BEFORE = 'function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const NOW = BEFORE.replace('total(items)', 'totalOf(items)')
const PATCH = patchReply('a.js', '  return sum / items.length', '  return 0')

async function asked(): Promise<World> {
  const world = await createWorld({ contents: { 'a.js': BEFORE, 'b.js': BEFORE } })
  await world.save('a.js', NOW)
  return world
}

/** Interrupts what runs: its request is closed before anything else is done, in the same step. */
async function interrupted(world: World): Promise<void> {
  const { id } = await world.suggestion()
  const answer = world.session.interrupt({ suggestion: id })
  expect(world.reply().signal.aborted).toBe(true)
  expect(await answer).toEqual({ ok: true, value: { stopped: [id] } })
  await settle()
  expect(await world.suggestion()).toMatchObject({ state: 'interrupted' })
}

describe('in each state', () => {
  test('while it waits for consent, or for who answers', async () => {
    const world = await asked()
    world.reply().send({ type: 'waiting', message: 'waiting for your consent' })
    await settle()
    expect((await world.suggestion()).waitingFor).toContain('consent')
    await interrupted(world)
    expect((await world.suggestion()).waitingFor).toBeNull()
  })

  test('after it was sent, before the headers', async () => {
    const world = await asked()
    world.reply().send({ type: 'sent', model: 'm', warm: true })
    await settle()
    await interrupted(world)
  })

  test('while the model thinks', async () => {
    const world = await asked()
    world.reply().send({ type: 'sent', model: 'm' }, { type: 'headers' }, { type: 'thinking' })
    await settle()
    await interrupted(world)
  })

  test('in mid-token: what had come of it stays', async () => {
    const world = await asked()
    world.reply().text('Guard the emp')
    await settle()
    await interrupted(world)
    expect(await world.suggestion()).toMatchObject({ incompleteHunk: false, hunks: [] })
    const events = world.session.events(new AbortController().signal)
    expect((await events.next()).value?.text[0]?.text).toBe('Guard the emp')
  })

  test('in mid-hunk: the complete one is usable at once, the other is marked as cut', async () => {
    const world = await asked()
    world.reply().text(`${PATCH.slice(0, PATCH.indexOf('*** End'))}@@ more\n-  const s`)
    await settle()
    await interrupted(world)
    const suggestion = await world.suggestion()
    expect(suggestion).toMatchObject({ incompleteHunk: true, hunks: [{ state: 'pending' }] })
    const [hunk] = suggestion.hunks
    if (hunk === undefined) throw new Error('no hunk')
    expect((await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })).ok).toBe(true)
    expect(world.files.contents.get('a.js')).toContain('  return 0')
  })
})

describe('whatever else is at work', () => {
  async function streaming(): Promise<World> {
    const world = await asked()
    world.reply().text('Guard it.\n')
    await settle()
    return world
  }

  /** Never over, unless the test says so. */
  function held(): { readonly over: Promise<void>; end(): void } {
    let end = (): void => {}
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    return { over, end: () => end() }
  }

  test('a file that is being read, of another save', async () => {
    const world = await streaming()
    const reading = held()
    const { read } = world.files
    world.files.read = async (...asked) => {
      await reading.over
      return read(...asked)
    }
    world.hint('b.js')
    await settle()
    await interrupted(world)
    reading.end()
  })

  test('a write that is not durable yet', async () => {
    const world = await streaming()
    world.reply().text(PATCH.slice(PATCH.indexOf('***'), PATCH.indexOf('*** End')) + '@@ more\n')
    await settle()
    const writing = held()
    const { write } = world.files
    world.files.write = async (...given) => {
      await writing.over
      return write(...given)
    }
    const suggestion = await world.suggestion()
    const [hunk] = suggestion.hunks
    if (hunk === undefined) throw new Error('no hunk')
    const accepted = world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })
    await settle()
    await interrupted(world)
    writing.end()
    expect((await accepted).ok).toBe(true)
    expect(await world.suggestion()).toMatchObject({ state: 'interrupted', hunks: [{ state: 'accepted' }] })
  })

  test('a store that does not answer', async () => {
    const world = await streaming()
    world.store.commit = () => new Promise<never>(() => {})
    world.reply().text(PATCH)
    await settle()
    await interrupted(world)
  })
})

describe('beside the embedded engine, which has answered already', () => {
  const TWICE = 'const a = total(items)\nconst b = total(items)\n'

  /** The model waits; the card of the embedded engine was shown last. */
  async function both(): Promise<World> {
    const world = await createWorld({ contents: { 'a.js': TWICE } })
    const batches = world.session.events(new AbortController().signal)
    await batches.next()
    await world.save('a.js', TWICE.replace('a = total(', 'a = totalOf('))
    await batches.next()
    const cards = await world.suggestions()
    expect(cards.map(({ lane, state }) => [lane, state])).toEqual([
      ['local', 'ready'],
      ['fast', 'waiting'],
    ])
    return world
  }

  test('an interrupt without a name means the model', async () => {
    const world = await both()
    const [, { id } = { id: '' }] = await world.suggestions()
    expect(await world.session.interrupt({ suggestion: null })).toEqual({ ok: true, value: { stopped: [id] } })
  })

  test('words without a name mean the model', async () => {
    const world = await both()
    expect((await world.session.nudge({ suggestion: null, text: 'shorter' })).ok).toBe(true)
    await settle()
    expect((await world.suggestions()).find(({ lane }) => lane === 'fast')?.nudges).toEqual(['shorter'])
  })
})
