// Words said into a running reply: what is queued, what becomes of it, and when it cannot be.
import { describe, expect, test, vi } from 'vitest'
import type { ModelEvent } from '../../../main/core/ports.ts'
import type { ModelServer, ModelServerOptions } from '../../fakes/model-server/server.ts'
import { STEER_FAILURES } from '../../fakes/model-server/steering.ts'
import type { HeldReply } from '../../fakes/model-server/script.ts'
import { failureOf, requestOf, setUp, startServer, textOf, typesOf, type Setup } from './support.ts'

const ID = 'suggestion-1'

interface Running {
  readonly setup: Setup
  readonly server: ModelServer
  readonly held: HeldReply
  readonly events: ModelEvent[]
  readonly over: Promise<ModelEvent[]>
  steer(text: string): Promise<'unsupported' | 'queued'>
  stop(): void
}

/** A reply that has begun with "one ". */
async function running(
  options: ModelServerOptions = {},
  model = 'gpt-6-astra',
  transport = 'websocket',
): Promise<Running> {
  const server = await startServer(options)
  const setup = setUp({ settings: { provider: 'openai', baseUrl: server.url, model } })
  if (transport === 'websocket') {
    await setup.models.warm()
    await vi.waitFor(() => expect(server.sockets).toBe(3))
  }
  const held = server.hold()
  held.push('one ')
  const abort = new AbortController()
  const events: ModelEvent[] = []
  const over = (async () => {
    for await (const event of setup.models.stream({ ...requestOf('x'), id: ID }, abort.signal)) events.push(event)
    return events
  })()
  await vi.waitFor(() => expect(textOf(events)).toBe('one '))
  return { setup, server, held, events, over, steer: (text) => setup.models.steer(ID, text), stop: () => abort.abort() }
}

const steered = (events: readonly ModelEvent[]): ModelEvent[] => events.filter(({ type }) => type === 'steered')

describe('words into a running reply', () => {
  test('are committed by the reply that follows', async () => {
    const { server, steer, over } = await running({ script: [{ when: 'use a Map', reply: 'two' }] })
    expect(await steer('use a Map')).toBe('queued')
    const events = await over
    expect(textOf(events)).toBe('one two')
    expect(typesOf(events)).toEqual(['sent', 'headers', 'text', 'steered', 'text', 'done'])
    expect(steered(events)).toEqual([{ type: 'steered', state: 'committed', text: 'use a Map', message: null }])
    expect(server.steers.map(({ input }) => input)).toEqual(['use a Map'])
  })

  test('are queued until that reply begins', async () => {
    const { events, held, over, server, steer } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    hand.accept()
    expect(await answer).toBe('queued')
    held.push('more')
    await vi.waitFor(() => expect(textOf(events)).toBe('one more'))
    expect(steered(events)).toEqual([])
    hand.commit()
    expect(steered(await over)).toHaveLength(1)
  })

  test('several of them take effect together, in their order', async () => {
    const { over, server, steer } = await running({ script: [{ when: /first[^]*second/, reply: 'both' }] })
    const hands = [server.holdSteer(), server.holdSteer()]
    const answers = [steer('first'), steer('second')]
    for (const hand of hands) {
      await hand.steer
      hand.accept()
    }
    expect(await Promise.all(answers)).toEqual(['queued', 'queued'])
    hands[1]?.commit()
    const events = await over
    expect(textOf(events)).toBe('one both')
    expect(steered(events)).toMatchObject([
      { state: 'committed', text: 'first' },
      { state: 'committed', text: 'second' },
    ])
  })

  test('one after the other take effect one after the other', async () => {
    const { events, over, server, steer } = await running()
    const second = server.hold('first')
    expect(await steer('first')).toBe('queued')
    second.push('two ')
    await vi.waitFor(() => expect(textOf(events)).toBe('one two '))
    server.script({ when: 'second', reply: 'three' })
    expect(await steer('second')).toBe('queued')
    expect(textOf(await over)).toBe('one two three')
  })

  test('that come when the reply is just complete are committed by one that follows it', async () => {
    const { held, over, server, steer } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    hand.accept()
    await answer
    held.end()
    await (
      await held.request
    ).over
    hand.commit()
    const events = await over
    expect(steered(events)).toMatchObject([{ state: 'committed' }])
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(1)
  })

  test('cost what both replies cost', async () => {
    const { over, steer } = await running({ script: [{ reply: 'twotwo', cached: 4 }] })
    await steer('use a Map')
    expect((await over).at(-1)).toMatchObject({ type: 'done', usage: { output: 3, cached: 4 } })
  })
})

describe('words that take no effect', () => {
  test.each(STEER_FAILURES)('%s: are not queued, and the reply goes on', async (code) => {
    const { held, over, steer } = await running({ steering: { type: 'fail', code } })
    expect(await steer('use a Map')).toBe('unsupported')
    held.push('two')
    held.end()
    const events = await over
    expect(textOf(events)).toBe('one two')
    expect(steered(events)).toEqual([])
  })

  test.each(STEER_FAILURES)('%s: after they were queued they come back', async (code) => {
    const { held, over, steer } = await running({ steering: { type: 'fail', code, accepted: true } })
    expect(await steer('use a Map')).toBe('queued')
    held.end()
    const events = await over
    expect(steered(events)).toEqual([
      { type: 'steered', state: 'failed', text: 'use a Map', message: `The input was not applied (${code}).` },
    ])
    expect(events.at(-1)?.type).toBe('done')
  })

  test('that wait for tools which nobody has come back, and the reply is complete', async () => {
    const { over, steer } = await running({ steering: { type: 'pending' } })
    expect(await steer('use a Map')).toBe('queued')
    const events = await over
    expect(steered(events)).toMatchObject([{ state: 'failed', text: 'use a Map' }])
    expect(events.at(-1)?.type).toBe('done')
  })

  test('after the reply is complete come back when the server gives them up', async () => {
    const { held, over, server, steer } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    hand.accept()
    await answer
    held.end()
    await (
      await held.request
    ).over
    hand.fail('successor_creation_failed')
    const events = await over
    expect(typesOf(events)).toEqual(['sent', 'headers', 'text', 'steered', 'done'])
  })

  test('come back when the connection breaks', async () => {
    const { held, over, server, steer } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    hand.accept()
    await answer
    held.fail({ type: 'reset' })
    const events = await over
    expect(steered(events)).toMatchObject([{ state: 'failed', text: 'use a Map' }])
    expect(failureOf(events).code).toBe('reset')
  })

  test('are unsupported when the server says nothing to them', async () => {
    const { held, over, steer } = await running({ steering: { type: 'silent' } })
    expect(await steer('use a Map')).toBe('unsupported')
    held.end()
    expect(typesOf(await over)).toEqual(['sent', 'headers', 'text', 'done'])
  })

  test('are waited for no longer than an answer may take, when the reply is complete meanwhile', async () => {
    const { held, over, server, steer } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    held.end()
    expect(await answer).toBe('unsupported')
    expect(typesOf(await over)).toEqual(['sent', 'headers', 'text', 'done'])
  })

  test('an interrupt before they are committed breaks the connection, and nothing follows', async () => {
    const { held, over, server, steer, stop } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    hand.accept()
    await answer
    stop()
    expect(await (await held.request).over).toBe('client-closed')
    hand.commit()
    expect(typesOf(await over)).toEqual(['sent', 'headers', 'text'])
    expect(server.requests.length).toBe(1)
  })

  test('an interrupt before they are accepted answers them', async () => {
    const { server, steer, stop } = await running()
    const hand = server.holdSteer()
    const answer = steer('use a Map')
    await hand.steer
    stop()
    expect(await answer).toBe('unsupported')
  })
})

describe('nothing is sent', () => {
  test('to a model before GPT-6', async () => {
    const { server, steer } = await running({}, 'gpt-5.3-codex-spark')
    expect(await steer('use a Map')).toBe('unsupported')
    expect(server.steers).toEqual([])
  })

  test('over HTTP', async () => {
    const { server, steer } = await running({}, 'gpt-6-astra', 'http')
    expect(await steer('use a Map')).toBe('unsupported')
    expect(server.steers).toEqual([])
  })

  test('to a model that has said that it cannot, nor after a restart', async () => {
    const { held, over, server, setup, steer } = await running({
      steering: { type: 'fail', code: 'steering_not_supported' },
    })
    await steer('use a Map')
    expect(await steer('use a Set')).toBe('unsupported')
    held.end()
    await over
    expect(server.steers.length).toBe(1)
    expect(setup.memory.get(`model/refused-abilities/${server.url} gpt-6-astra`)).toMatch(/^steering /)
  })

  test('for a suggestion that does not run', async () => {
    const { held, over, server, setup, steer } = await running()
    expect(await setup.models.steer('another', 'use a Map')).toBe('unsupported')
    held.end()
    await over
    expect(await steer('use a Map')).toBe('unsupported')
    expect(server.steers).toEqual([])
  })
})
