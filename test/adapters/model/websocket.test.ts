// Responses over WebSockets that are kept: which connection a request takes, what an interrupt closes, and what breaks.
import { describe, expect, test, vi } from 'vitest'
import { field } from '../../fakes/model-server/requests.ts'
import { clock, collect, failureOf, KEY, requestOf, setUp, startServer, textOf, typesOf } from './support.ts'
import { run, started, transports, use, warm } from './websocket-support.ts'

const HOUR = 60 * 60 * 1000

describe('a request', () => {
  test('goes over a WebSocket that is ready, and says the same as over HTTP', async () => {
    const { models, server } = await started({ script: [{ reply: 'Guard it.\nLine two.', cached: 3 }] })
    const events = await collect(models, requestOf('x'))
    expect(typesOf(events)).toEqual(['sent', 'headers', 'text', 'done'])
    expect(textOf(events)).toBe('Guard it.\nLine two.')
    expect(events.at(-1)).toMatchObject({ finish: 'stop', usage: { output: 5, cached: 3 } })
    expect(transports(server)).toEqual(['websocket'])
    expect(server.requests[0]?.body).toMatchObject({
      type: 'response.create',
      store: false,
      reasoning: { effort: 'none' },
      prompt_cache_key: 'project-fast',
    })
    expect(field(server.requests[0]?.body, 'stream')).toBeUndefined()
  })

  test('leaves its WebSocket to the next one', async () => {
    const { models, server } = await started()
    for (let round = 0; round < 3; round += 1) await collect(models, requestOf('x'))
    expect(new Set(server.requests.map(({ clientPort }) => clientPort)).size).toBe(1)
    expect(server.upgrades).toBe(3)
  })

  test('goes by HTTP when no WebSocket was asked for', async () => {
    const server = await startServer()
    await collect(use(server).models, requestOf('x'))
    expect([transports(server), server.upgrades]).toEqual([['http'], 0])
  })

  test('never waits for a handshake: it goes by HTTP', async () => {
    const server = await startServer({ upgrade: 'hang' })
    const { models } = use(server)
    await models.warm()
    await vi.waitFor(() => expect(server.upgrades).toBe(1))
    expect(textOf(await collect(models, requestOf('x')))).toBe('Nothing to add.')
    expect(transports(server)).toEqual(['http'])
  })

  test('goes by HTTP beside two that run', async () => {
    const { models, server } = await started()
    const held = [server.hold('one'), server.hold('two'), server.hold('three')]
    const all = ['one', 'two', 'three'].map((text) => collect(models, requestOf(text)))
    await Promise.all(held.map(({ request }) => request))
    for (const reply of held) reply.end()
    await Promise.all(all)
    expect(transports(server).toSorted()).toEqual(['http', 'websocket', 'websocket'])
  })

  test('carries the key', async () => {
    const { models, server } = await started({ key: KEY }, { environment: { OPENAI_API_KEY: KEY } })
    await collect(models, requestOf('x'))
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
  })

  test('carries no authorization when there is no key', async () => {
    const { models, server } = await started()
    await collect(models, requestOf('x'))
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  test('to a compatible server never asks for a WebSocket', async () => {
    const server = await startServer()
    const { models } = setUp({ settings: { provider: 'compatible', baseUrl: server.url, model: 'm' } })
    await models.warm()
    await collect(models, requestOf('x'))
    expect([transports(server), server.upgrades]).toEqual([['http'], 0])
  })
})

describe('an interrupt', () => {
  test('in mid-reply breaks its WebSocket, and nothing more is said', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    held.push('one')
    await vi.waitFor(() => expect(textOf(one.events)).toBe('one'))
    one.stop()
    expect(await (await held.request).over).toBe('client-closed')
    held.push('two')
    expect(typesOf(await one.over)).toEqual(['sent', 'headers', 'text'])
  })

  test('before the first event breaks its WebSocket', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    const request = await held.request
    one.stop()
    expect(await request.over).toBe('client-closed')
    expect(typesOf(await one.over)).toEqual(['sent'])
  })

  test('that comes three times in a row finds a WebSocket ready each time, though none can be made', async () => {
    const setup = await started()
    setup.server.upgrade = 'hang'
    for (let round = 0; round < 4; round += 1) {
      const held = setup.server.hold()
      const one = run(setup, requestOf(`round ${round}`))
      const request = await held.request
      one.stop()
      expect(await request.over).toBe('client-closed')
      await one.over
    }
    expect(transports(setup.server)).toEqual(['websocket', 'websocket', 'websocket', 'http'])
  })

  test('is followed by new WebSockets', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const one = run(setup, requestOf('x'))
    await held.request
    one.stop()
    await one.over
    await vi.waitFor(() => expect([setup.server.sockets, setup.server.upgrades]).toEqual([3, 4]))
  })

  test('of one reply leaves another one alone', async () => {
    const setup = await started()
    const [first, second] = [setup.server.hold('first'), setup.server.hold('second')]
    const one = run(setup, requestOf('first'))
    const other = run(setup, requestOf('second'))
    await Promise.all([first.request, second.request])
    one.stop()
    await one.over
    second.push('still here')
    second.end()
    expect(textOf(await other.over)).toBe('still here')
  })

  test('after the reply is complete, but before that was read, closes nothing', async () => {
    const setup = await started()
    const held = setup.server.hold()
    const abort = new AbortController()
    const stream = setup.models.stream(requestOf('x'), abort.signal)[Symbol.asyncIterator]()
    const first = await stream.next()
    expect(first.value).toMatchObject({ type: 'sent' })
    held.push('whole')
    held.end()
    const request = await held.request
    expect(await request.over).toBe('completed')
    // What comes later over another WebSocket has been read, so the end is here too, unread.
    await collect(setup.models, requestOf('another'))
    abort.abort()
    expect((await stream.next()).done).toBe(true)
    await collect(setup.models, requestOf('a third'))
    expect([setup.server.sockets, setup.server.upgrades]).toEqual([3, 3])
  })

  test('while the only WebSocket is still being made closes the request, not that', async () => {
    const server = await startServer({ upgrade: 'hang' })
    const setup = use(server)
    await setup.models.warm()
    await vi.waitFor(() => expect(server.upgrades).toBe(1))
    const held = server.hold()
    const one = run(setup, requestOf('x'))
    const request = await held.request
    one.stop()
    expect(await request.over).toBe('client-closed')
    expect(typesOf(await one.over)).toEqual(['sent'])
    expect(server.upgrades).toBe(1)
  })

  test('before anything was asked takes no WebSocket', async () => {
    const { models, server } = await started()
    expect(await collect(models, requestOf('x'), AbortSignal.abort())).toEqual([])
    expect([server.requests.length, server.sockets]).toEqual([0, 3])
  })

  test('by a reader that leaves breaks its WebSocket', async () => {
    const { models, server } = await started()
    const held = server.hold()
    held.push('one')
    for await (const event of models.stream(requestOf('x'), new AbortController().signal)) {
      if (event.type === 'text') break
    }
    expect(await (await held.request).over).toBe('client-closed')
  })
})

describe('an upgrade that is refused', () => {
  test.each([426, 404, 200])('with %s: requests go by HTTP, and it is not asked for again', async (status) => {
    const server = await startServer({ upgrade: status })
    const first = use(server)
    await first.models.warm()
    await vi.waitFor(() => expect([...first.memory.values()].join()).toMatch(/websocket/))
    expect(textOf(await collect(first.models, requestOf('x')))).toBe('Nothing to add.')
    const second = use(server, { memory: first.memory })
    await second.models.warm()
    await collect(second.models, requestOf('x'))
    expect([transports(server), server.upgrades]).toEqual([['http', 'http'], 1])
  })

  test('is asked for again after a day', async () => {
    const server = await startServer({ upgrade: 426 })
    const { memory, models } = use(server)
    await models.warm()
    await vi.waitFor(() => expect([...memory.values()].join()).toMatch(/websocket/))
    server.upgrade = 'accept'
    const tomorrow = { ...clock, wall: () => Date.now() + 25 * HOUR }
    await warm(server, use(server, { memory, clock: tomorrow }))
  })

  test.each([401, 429, 503])('with %s is tried again: that says nothing of WebSockets', async (status) => {
    const server = await startServer({ upgrade: status })
    const setup = use(server)
    await setup.models.warm()
    await vi.waitFor(() => expect(server.upgrades).toBe(2), { timeout: 5_000 })
    expect([...setup.memory.keys()].filter((key) => key.includes('abilities'))).toEqual([])
    server.upgrade = 'accept'
    await vi.waitFor(() => expect(server.sockets).toBe(3), { timeout: 5_000 })
  })

  test('by a break is tried again', async () => {
    const server = await startServer({ upgrade: 'reset' })
    const setup = use(server)
    await setup.models.warm()
    await vi.waitFor(() => expect(server.upgrades).toBe(1))
    expect(textOf(await collect(setup.models, requestOf('x')))).toBe('Nothing to add.')
    server.upgrade = 'accept'
    await vi.waitFor(() => expect(server.sockets).toBe(3), { timeout: 5_000 })
  })
})

describe('over a WebSocket', () => {
  test('a model that is not offered is passed over', async () => {
    const server = await startServer({ models: ['gpt-5.4-mini', 'gpt-5-mini'] })
    const setup = setUp({ settings: { provider: 'openai', baseUrl: server.url } })
    await warm(server, setup)
    const fault = { type: 'status', status: 404, code: 'model_not_found', message: 'No.' } as const
    server.script({ fault, times: 1 })
    const events = await collect(setup.models, requestOf('x'))
    expect(events.at(-1)?.type).toBe('done')
    expect(new Set(transports(server))).toEqual(new Set(['websocket']))
  })

  test('the lowest effort that the model takes is learnt', async () => {
    const { models, server } = await started({ efforts: ['low'] })
    expect((await collect(models, requestOf('x'))).at(-1)?.type).toBe('done')
    expect(server.requests.map(({ body }) => field(field(body, 'reasoning'), 'effort'))).toEqual(['none', 'low'])
    expect(server.upgrades).toBe(3)
  })

  test('a limit of the rate is waited for as the server asked, and then HTTP is taken', async () => {
    const fault = { type: 'status', status: 429, message: 'Slow down.', headers: { 'retry-after-ms': '7' } } as const
    const { models, server } = await started({ script: [{ fault, times: 1 }] })
    expect(textOf(await collect(models, requestOf('x')))).toBe('Nothing to add.')
    expect(transports(server)).toEqual(['websocket', 'http'])
  })

  test.each([
    [{ type: 'status', status: 400, message: 'No good.' }, 'request'],
    [{ type: 'status', status: 402 }, 'quota'],
    [{ type: 'failed', code: 'invalid_prompt', message: 'No.', after: 1 }, 'request'],
    [{ type: 'error', code: 'invalid_prompt', message: 'No.', after: 1 }, 'request'],
    [{ type: 'malformed', after: 1 }, 'malformed'],
    [{ type: 'reset', after: 1 }, 'reset'],
    [{ type: 'mid-event', after: 1 }, 'reset'],
    [{ type: 'end', after: 1 }, 'reset'],
  ] as const)('%j is told as %s', async (fault, code) => {
    // Slow enough that the text before it is read before it comes.
    const { models } = await started({ script: [{ reply: 'some words of a reply', fault, rate: 50 }] })
    expect(failureOf(await collect(models, requestOf('x'))).code).toBe(code)
  })

  test.each(['reset', 'mid-event', 'end'] as const)('%s before the first word: the same goes by HTTP', async (type) => {
    const { models, server } = await started({ script: [{ fault: { type }, times: 1 }] })
    expect(textOf(await collect(models, requestOf('x')))).toBe('Nothing to add.')
    expect(transports(server)).toEqual(['websocket', 'http'])
  })

  test('a reply that stalls is given up', async () => {
    const { models, server } = await started(
      { script: [{ reply: 'abcdefgh', fault: { type: 'stall', after: 1 } }] },
      {
        timing: { idleMs: 60 },
      },
    )
    expect(failureOf(await collect(models, requestOf('x'))).code).toBe('idle')
    expect(await server.requests[0]?.over).toBe('client-closed')
  })

  test('what was complete before the connection broke is all read first', async () => {
    const { models } = await started({ script: [{ reply: 'abcdefgh', fault: { type: 'reset', after: 2 } }] })
    expect(textOf(await collect(models, requestOf('x')))).toContain('abcdefgh')
  })

  test('a refused request leaves the WebSocket usable', async () => {
    const fault = { type: 'status', status: 400, message: 'No good.' } as const
    const { models, server } = await started({ script: [{ fault, times: 1 }] })
    await collect(models, requestOf('x'))
    await collect(models, requestOf('x'))
    expect(new Set(server.requests.map(({ clientPort }) => clientPort)).size).toBe(1)
  })
})
