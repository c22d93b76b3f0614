// WebSockets over time: how they end and are made again, how they are warmed up, and what may be gone on from on them.
import { describe, expect, test, vi } from 'vitest'
import type { ModelRequest, Prompt } from '../../../main/core/ports.ts'
import { field } from '../../fakes/model-server/requests.ts'
import { clock, collect, failureOf, requestOf, setUp, startServer, textOf, typesOf } from './support.ts'
import { MODEL, run, started, transports, use, warm } from './websocket-support.ts'

const HOUR = 60 * 60 * 1000

describe('the end of a connection', () => {
  test('after its 60 minutes, while nothing runs, is followed by new ones', async () => {
    const { models, server } = await started()
    server.expire()
    await vi.waitFor(() => expect(server.upgrades).toBeGreaterThan(3))
    expect(textOf(await collect(models, requestOf('x')))).toBe('Nothing to add.')
  })

  test('before the first word of a reply: the same goes by HTTP', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    await held.request
    setup.server.expire()
    expect(textOf(await one.over)).toBe('Nothing to add.')
    expect(transports(setup.server)).toEqual(['websocket', 'http'])
  })

  test('in mid-reply is told as a break', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    held.push('one')
    await vi.waitFor(() => expect(textOf(one.events)).toBe('one'))
    setup.server.expire()
    expect(failureOf(await one.over).code).toBe('reset')
  })

  test('is not waited for: one that grows old is replaced when its reply is over', async () => {
    let later = 0
    const setup = await started({}, { clock: { ...clock, now: () => clock.now() + later } })
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    held.push('a')
    await held.request
    later = 51 * 60 * 1000
    held.end()
    expect((await one.over).at(-1)?.type).toBe('done')
    await vi.waitFor(() => expect([setup.server.sockets, setup.server.upgrades]).toEqual([3, 4]))
  })

  test('by a sleep of the machine is noticed by the clock: the next request goes by HTTP, on new ones the one after', async () => {
    let later = 0
    const { models, server } = await started({}, { clock: { ...clock, wall: () => Date.now() + later } })
    later = 2 * HOUR
    await collect(models, requestOf('x'))
    await vi.waitFor(() => expect([server.sockets, server.upgrades]).toEqual([3, 6]))
    await collect(models, requestOf('x'))
    expect(transports(server)).toEqual(['http', 'websocket'])
  })

  test('by another network is noticed: they are made anew', async () => {
    let network = 'home'
    const { models, server } = await started({}, { network: () => network, timing: { lookMs: 20 } })
    network = 'café'
    await vi.waitFor(() => expect([server.sockets, server.upgrades]).toEqual([3, 6]))
    await collect(models, requestOf('x'))
    expect(transports(server)).toEqual(['websocket'])
  })

  test('comes with other settings, but not for what runs', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    await held.request
    const settings = {
      provider: 'local',
      baseUrl: '',
      model: '',
      deepModel: '',
      excludes: [],
      maxFileBytes: 1,
    } as const
    setup.models.configure({ ...settings, hourlyTokens: 0, editor: '' })
    await vi.waitFor(() => expect(setup.server.sockets).toBe(1))
    held.push('to the end')
    held.end()
    expect(textOf(await one.over)).toBe('to the end')
    await vi.waitFor(() => expect(setup.server.sockets).toBe(0))
  })

  test('comes with the end of the port', async () => {
    const { models, server } = await started()
    models.close()
    await vi.waitFor(() => expect(server.sockets).toBe(0))
  })
})

test('no WebSocket is opened before consent; once it is given, they are', async () => {
  const server = await startServer()
  // Not one of the addresses that are surely this machine, though it leads there.
  const baseUrl = server.url.replace('127.0.0.1', '0.0.0.0')
  const setup = setUp({ settings: { provider: 'openai', baseUrl, model: MODEL } })
  await setup.models.warm()
  expect([setup.models.state().state, server.upgrades]).toEqual(['consent', 0])
  setup.models.consent(baseUrl, true)
  await vi.waitFor(() => expect(server.sockets).toBe(3))
})

describe('a warm-up', () => {
  const PREFIX: Prompt = { instructions: 'You are a pair programmer.', messages: [], cacheKey: 'project-fast' }

  test('prepares the stable prefix and generates nothing', async () => {
    const server = await startServer()
    await warm(server, use(server), PREFIX)
    expect(server.requests).toEqual([])
    expect(server.warmUps.map(({ body }) => body)).toMatchObject([
      { generate: false, instructions: PREFIX.instructions, model: MODEL, input: [], prompt_cache_key: 'project-fast' },
    ])
  })

  test('is what the first request goes on from, once', async () => {
    const server = await startServer({ upgrade: 'accept' })
    const setup = use(server)
    await warm(server, setup, PREFIX)
    const former = server.warmUps[0]
    const bodies: unknown[] = []
    for (let round = 0; round < 3; round += 1) {
      const held = server.hold()
      const one = run(setup, requestOf('x'))
      bodies.push((await held.request).body)
      one.stop()
      await one.over
    }
    const chained = bodies.filter((body) => field(body, 'previous_response_id') !== undefined)
    expect(chained).toMatchObject([{ previous_response_id: `resp_${former?.id}`, input: [{ content: 'x' }] }])
  })

  test('that is refused is not tried again, and the WebSocket stays', async () => {
    const server = await startServer({ warmUp: 'refuse' })
    const first = use(server)
    await warm(server, first, PREFIX)
    const second = use(server, { memory: first.memory })
    await second.models.warm(PREFIX)
    await vi.waitFor(() => expect(server.sockets).toBe(6))
    expect(server.warmUps.length).toBe(1)
  })

  test('that is answered with text is broken off, and not tried again', async () => {
    const server = await startServer({
      warmUp: 'generate',
      script: [{ reply: 'a long answer that costs money', rate: 20 }],
    })
    const setup = use(server)
    await warm(server, setup, PREFIX)
    expect(await server.warmUps[0]?.over).toBe('client-closed')
    expect(server.warmUps.length).toBe(1)
  })

  test('that takes long holds nobody up: the request goes by HTTP', async () => {
    const server = await startServer({ warmUp: 'stall' })
    const { models } = use(server)
    await models.warm(PREFIX)
    await vi.waitFor(() => expect(server.warmUps.length).toBe(1))
    expect(textOf(await collect(models, requestOf('x')))).toBe('Nothing to add.')
    expect(transports(server)).toEqual(['http'])
  })
})

describe('a request that goes on from the last reply', () => {
  const first = requestOf('please')
  const goOn = (reply: string): ModelRequest => {
    const messages = [
      ...first.prompt.messages,
      { role: 'assistant', text: reply },
      { role: 'user', text: 'more' },
    ] as const
    return { ...first, prompt: { ...first.prompt, messages } }
  }

  test('says only what is new, while its WebSocket lives', async () => {
    const { models, server } = await started({ reply: 'Said.' })
    await collect(models, first)
    await collect(models, goOn('Said.'))
    expect(server.requests[1]?.body).toMatchObject({
      previous_response_id: `resp_${server.requests[0]?.id}`,
      instructions: first.prompt.instructions,
      input: [{ role: 'user', content: 'more' }],
    })
    expect(server.requests[1]?.text).toContain('please')
    expect(server.requests[1]?.text).toContain('Said.')
  })

  test('says all again when the reply was another', async () => {
    const { models, server } = await started({ reply: 'Said.' })
    await collect(models, first)
    await collect(models, goOn('Said otherwise.'))
    expect(field(server.requests[1]?.body, 'previous_response_id')).toBeUndefined()
  })

  test('says all again after an interrupt', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, first)
    held.push('Said.')
    await vi.waitFor(() => expect(textOf(one.events)).toBe('Said.'))
    one.stop()
    await one.over
    await collect(setup.models, goOn('Said.'))
    expect(setup.server.requests[1]?.transport).toBe('websocket')
    expect(field(setup.server.requests[1]?.body, 'input')).toHaveLength(3)
    expect(field(setup.server.requests[1]?.body, 'previous_response_id')).toBeUndefined()
  })

  test('says all again at once when the server does not know that reply any more', async () => {
    const { models, server } = await started({ reply: 'Said.' })
    await collect(models, first)
    server.forget()
    const events = await collect(models, goOn('Said.'))
    expect(typesOf(events)).toEqual(['sent', 'headers', 'text', 'done'])
    expect(field(server.requests[1]?.body, 'input')).toHaveLength(3)
    expect(transports(server)).toEqual(['websocket', 'websocket'])
  })
})
