// What is asked of which lane: the deep one gets more of the file and the words so far; a preview asks nobody; steered words lose their secrets.
import { describe, expect, test } from 'vitest'
import { createWorld, type World } from '../../fakes/world.ts'

const TEXT = Array.from({ length: 400 }, (_, index) => `line ${index + 1}\n`).join('')

async function asked(): Promise<World> {
  const world = await createWorld({ contents: { 'a.ts': TEXT } })
  await world.save('a.ts', TEXT.replace('line 200\n', 'changed 200\n'))
  return world
}

function textOf(world: World): string {
  const { messages } = world.reply().request.prompt
  return messages.map(({ text }) => text).join('\n')
}

describe('think deeper', () => {
  test('shows more of the file, the same edits, what was answered and what was said', async () => {
    const world = await asked()
    const fast = textOf(world)
    world.reply().text('Looks fine.\n')
    await world.clock.advance(10)
    const { id } = await world.suggestion()
    await world.session.nudge({ suggestion: id, text: 'look at the end' })
    await world.clock.advance(10)
    world.reply().text('Still fine.\n')
    world.reply().finish()
    await world.clock.advance(10)
    await world.session.deeper({ suggestion: id })
    await world.clock.advance(10)
    const deep = textOf(world)
    expect(world.reply().request.lane).toBe('deep')
    expect(fast).not.toContain('line 300\n')
    expect(deep).toContain('line 300\n')
    expect(deep).toContain('+changed 200')
    expect(deep).toContain('Still fine.')
    expect(deep).toContain('- look at the end')
  })

  test('asks what was asked then, though the file has been edited since', async () => {
    const world = await asked()
    world.reply().text('Looks fine.\n')
    world.reply().finish()
    await world.clock.advance(10)
    const { id } = (await world.suggestions()).at(-1) ?? { id: '' }
    await world.clock.advance(10_000)
    await world.session.ask({ text: 'and this?', place: 'a.ts:10' })
    await world.session.deeper({ suggestion: id })
    expect(textOf(world)).not.toContain('and this?')
  })
})

describe('a preview', () => {
  test('makes the request, asks nobody, and leaves no card', async () => {
    const world = await createWorld({ contents: { 'a.ts': "const password = 'hunter2!x'\n" } })
    let body = ''
    world.models.preview = (request) => {
      body = JSON.stringify({ messages: request.prompt.messages.map(({ role, text }) => ({ role, content: text })) })
      return {
        kind: 'request',
        endpoint: 'http://127.0.0.1:1/v1',
        transport: 'http',
        model: 'm',
        body,
        known: 0,
        sent: false,
      }
    }
    const seen = await world.session.preview({ text: 'why?', place: 'a.ts:1' })
    expect(seen).toMatchObject({
      ok: true,
      value: { withheld: [{ what: 'password', why: 'a placeholder was sent instead' }], note: null },
    })
    expect(body).toContain('why?')
    expect(body).not.toContain('hunter2!x')
    expect(world.models.replies).toEqual([])
    expect(await world.suggestions()).toEqual([])
  })

  test('of a place that cannot be asked about says why', async () => {
    const world = await createWorld({ contents: { '.env': 'A=1\n' } })
    expect(await world.session.preview({ text: 'why?', place: '.env:1' })).toMatchObject({
      ok: false,
      failure: { code: 'secret' },
    })
  })
})

describe('words into a running reply', () => {
  test('are sent without their secrets, and shown with them', async () => {
    const world = await asked()
    world.models.steering = 'queued'
    world.reply().text('Well.\n')
    await world.clock.advance(10)
    const { id } = await world.suggestion()
    await world.session.nudge({ suggestion: id, text: 'the password = "hunter2!x" is wrong' })
    const sent = world.models.steers[0]?.[1] ?? ''
    expect(sent).toBe('the password = "SLIPSTREAM_SECRET_1" is wrong')
    expect((await world.suggestion()).queued.join()).toContain('hunter2!x')
    world.reply().send({ type: 'steered', state: 'committed', text: sent, message: null })
    await world.clock.advance(10)
    expect((await world.suggestion()).nudges).toEqual(['the password = "hunter2!x" is wrong'])
    expect((await world.suggestion()).queued).toEqual([])
  })
})
