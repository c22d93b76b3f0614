// Who answers, and why; consent before anything leaves the machine; keys and settings that change meanwhile.
import { describe, expect, test } from 'vitest'
import type { ModelEvent } from '../../../main/core/ports.ts'
import {
  CHANGE,
  collect,
  failureOf,
  KEY,
  requestOf,
  setUp,
  startServer,
  textOf,
  typesOf,
  type Setup,
} from './support.ts'

const NONE = { SLIPSTREAM_LOCAL_SERVERS: '' } as const
/** A name that no resolver knows (RFC 6761): whoever asks it for anything fails. */
const REMOTE = 'https://models.invalid/v1'

/** Resolves when the state is no longer `choosing`. */
async function chosen({ models }: Setup): Promise<ReturnType<typeof models.state>> {
  if (models.state().state === 'choosing') {
    await new Promise<void>((resolve) => {
      const stop = models.subscribe(() => {
        if (models.state().state === 'choosing') return
        stop()
        resolve()
      })
    })
  }
  return models.state()
}

describe('auto', () => {
  test('takes OpenAI when there is a key', async () => {
    const state = await chosen(setUp({ environment: { ...NONE, OPENAI_API_KEY: KEY } }))
    expect(state).toMatchObject({
      kind: 'openai',
      label: 'OpenAI',
      endpoint: 'https://api.openai.com/v1',
      key: 'environment',
    })
    expect(state.why).toBe('OPENAI_API_KEY is set')
  })

  test.each([
    ['https://eu.api.openai.com/v1', 'openai', 'https://eu.api.openai.com/v1'],
    ['https://shop.openai.azure.com', 'openai', 'https://shop.openai.azure.com/openai/v1'],
    ['https://api.groq.com/openai/v1/', 'compatible', 'https://api.groq.com/openai/v1'],
    ['http://127.0.0.1:9', 'compatible', 'http://127.0.0.1:9/v1'],
  ])('with OPENAI_BASE_URL %s takes %s', async (url, kind, endpoint) => {
    const state = await chosen(setUp({ environment: { ...NONE, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url } }))
    expect(state).toMatchObject({ kind, endpoint, why: 'OPENAI_BASE_URL names it' })
  })

  test('without a key takes the first model server on this machine that has a model', async () => {
    const empty = await startServer({ models: [] })
    const server = await startServer({ models: ['qwen4-coder'] })
    const setup = setUp({ environment: { SLIPSTREAM_LOCAL_SERVERS: `${empty.url}, ${server.url}` } })
    expect(setup.models.state().state).toBe('choosing')
    expect(await chosen(setup)).toMatchObject({
      kind: 'compatible',
      state: 'ready',
      endpoint: server.url,
      label: 'model server on this machine',
      model: 'qwen4-coder',
      why: 'no key is set, and this server answers on this machine',
      key: 'none',
    })
    expect(textOf(await collect(setup.models, requestOf('x')))).toBe('Nothing to add.')
  })

  test('does not take a local server that is not a model server', async () => {
    const server = await startServer({ script: [] })
    const setup = setUp({ environment: { SLIPSTREAM_LOCAL_SERVERS: server.url.replace('/v1', '/elsewhere') } })
    expect((await chosen(setup)).kind).toBe('local')
  })

  test('without anything takes the embedded engine', async () => {
    const setup = setUp({ environment: NONE })
    expect(await chosen(setup)).toMatchObject({
      kind: 'local',
      state: 'ready',
      endpoint: null,
      why: 'no key is set, and no model server answers on this machine',
    })
  })

  test('counts empty values as unset', async () => {
    const setup = setUp({ environment: { ...NONE, OPENAI_API_KEY: '  ', OPENAI_BASE_URL: '' } })
    expect((await chosen(setup)).kind).toBe('local')
  })

  test('finds a model server that was started later when something is asked in words', async () => {
    const server = await startServer({ models: ['late'] })
    const { url } = server
    await server.close()
    const setup = setUp({ environment: { SLIPSTREAM_LOCAL_SERVERS: url } })
    expect((await chosen(setup)).kind).toBe('local')
    const again = await startServer({ models: ['late'], port: Number(new URL(url).port) })
    expect(textOf(await collect(setup.models, requestOf('add a test')))).toBe('Nothing to add.')
    expect(again.requests[0]?.model).toBe('late')
  })

  test('does not give the key to a server that was merely found', async () => {
    const server = await startServer({ models: ['m'] })
    const environment = { SLIPSTREAM_LOCAL_SERVERS: server.url, OPENAI_API_KEY: '' }
    const setup = setUp({ environment, settings: { provider: 'compatible' } })
    setup.models.key(KEY)
    await chosen(setup)
    await collect(setup.models, requestOf('x'))
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })
})

describe('the embedded engine', () => {
  test('answers a change with placed hunks', async () => {
    const events = await collect(setUp({ settings: { provider: 'local' } }).models, requestOf('x', { change: CHANGE }))
    expect(typesOf(events)).toEqual(['sent', 'text', 'hunk', 'done'])
    expect(events[1]).toEqual({ type: 'text', text: '`y` → `x`\n' })
  })

  test('answers the local lane whatever the provider', async () => {
    const server = await startServer()
    const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url } })
    expect(typesOf(await collect(models, requestOf('x', { lane: 'local', change: CHANGE })))).toEqual([
      'sent',
      'text',
      'hunk',
      'done',
    ])
    expect(server.requests.length).toBe(0)
  })

  test('cannot be asked in words', async () => {
    const { models } = setUp({ settings: { provider: 'local' } })
    expect(failureOf(await collect(models, requestOf('add a test')))).toEqual({
      code: 'no-model',
      message: 'Asking in words needs a model: set OPENAI_API_KEY or start a local model server.',
    })
  })

  test('that fails is reported, and logged', async () => {
    const work = { run: () => Promise.reject(new Error('boom')) }
    const { models, errors } = setUp({ settings: { provider: 'local' }, work })
    expect(failureOf(await collect(models, requestOf('x', { change: CHANGE }))).code).toBe('engine')
    expect(errors.length).toBe(1)
  })

  test('ends quietly when it is aborted', async () => {
    const { models } = setUp({ settings: { provider: 'local' } })
    const events = await collect(models, requestOf('x', { change: CHANGE }), AbortSignal.abort())
    expect(events.filter((event) => event.type === 'failed')).toEqual([])
  })
})

describe('what cannot be tried', () => {
  test.each([
    ['no key', { provider: 'openai' }, 'key', /No key for api\.openai\.com: set OPENAI_API_KEY/],
    ['no address', { provider: 'compatible', baseUrl: 'nonsense' }, 'address', /is not an http address/],
    ['a password in the address', { provider: 'compatible', baseUrl: 'https://u:p@h/v1' }, 'address', /password/],
    ['no server', { provider: 'compatible' }, 'unreachable', /start one, or give its address with --base-url/],
  ] as const)('%s', async (_name, settings, code, message) => {
    const setup = setUp({ settings })
    expect(await chosen(setup)).toMatchObject({ state: 'failed', message: expect.stringMatching(message) })
    expect(failureOf(await collect(setup.models, requestOf('x')))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('a key entered later makes it ready', async () => {
    const server = await startServer({ key: KEY })
    const setup = setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' } })
    expect(failureOf(await collect(setup.models, requestOf('x'))).code).toBe('key')
    expect(setup.models.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/wants a key/) })
    setup.models.key(KEY)
    expect(setup.models.state()).toMatchObject({ state: 'ready', key: 'session' })
    expect(textOf(await collect(setup.models, requestOf('x')))).toBe('Nothing to add.')
  })

  test('a wrong key shows in the state until a request succeeds', async () => {
    const server = await startServer({ script: [{ fault: { type: 'status', status: 401 }, times: 1 }] })
    const { models } = setUp({
      settings: { provider: 'openai', baseUrl: server.url, model: 'm' },
      environment: { OPENAI_API_KEY: KEY },
    })
    await collect(models, requestOf('x'))
    expect(models.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/refused the key/) })
    await collect(models, requestOf('x'))
    expect(models.state()).toMatchObject({ state: 'ready', message: null })
  })

  test('the key is in no state', async () => {
    const setup = setUp({ environment: { ...NONE, OPENAI_API_KEY: KEY } })
    expect(JSON.stringify(await chosen(setup))).not.toContain(KEY)
  })
})

describe('consent', () => {
  const remote = (more: Parameters<typeof setUp>[0] = {}): Setup =>
    setUp({ settings: { provider: 'compatible', baseUrl: REMOTE, model: 'm' }, ...more })

  /** Runs a request until it waits, then lets the test decide. */
  async function untilWaiting(setup: Setup, decide: () => void): Promise<ModelEvent[]> {
    const events: ModelEvent[] = []
    for await (const event of setup.models.stream(requestOf('x', { change: CHANGE }), new AbortController().signal)) {
      events.push(event)
      if (event.type === 'waiting' && event.message !== null) decide()
    }
    return events
  }

  test('a remote endpoint waits for it, and names itself', () => {
    expect(remote().models.state()).toMatchObject({
      state: 'consent',
      endpoint: REMOTE,
      message: 'waiting for your consent to send to models.invalid',
    })
  })

  test('until it is given nothing is sent, not even to warm up', async () => {
    const setup = remote()
    await setup.models.warm()
    const abort = new AbortController()
    const events: ModelEvent[] = []
    for await (const event of setup.models.stream(requestOf('x'), abort.signal)) {
      events.push(event)
      setTimeout(() => abort.abort(), 50)
    }
    expect(events).toEqual([{ type: 'waiting', message: 'waiting for your consent to send to models.invalid' }])
    expect(setup.models.state().state).toBe('consent')
  })

  test('once given it is remembered, and the request goes on', async () => {
    const setup = remote()
    const events = await untilWaiting(setup, () => setup.models.consent(REMOTE, true))
    expect(events[1]).toEqual({ type: 'waiting', message: null })
    expect(events.at(-1)?.type).toBe('failed')
    expect(failureOf(events).code).not.toBe('refused')
    expect([...setup.granted]).toEqual([REMOTE])
  })

  test('refused, the request fails and the embedded engine answers from then on', async () => {
    const setup = remote()
    const events = await untilWaiting(setup, () => setup.models.consent(REMOTE, false))
    expect(failureOf(events)).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/models\.invalid.*embedded engine/),
    })
    expect(setup.models.state()).toMatchObject({ kind: 'local', why: 'you did not allow sending to models.invalid' })
    expect(typesOf(await collect(setup.models, requestOf('x', { change: CHANGE })))).toEqual([
      'sent',
      'text',
      'hunk',
      'done',
    ])
    expect(failureOf(await collect(setup.models, requestOf('words'))).message).toMatch(
      /allow sending to models\.invalid/,
    )
    expect([...setup.granted]).toEqual([])
  })

  test('refused, it may still be given later', () => {
    const setup = remote()
    setup.models.consent(REMOTE, false)
    setup.models.consent(REMOTE, true)
    expect(setup.models.state()).toMatchObject({ kind: 'compatible', state: 'ready' })
  })

  test('for another endpoint decides nothing', () => {
    const setup = remote()
    setup.models.consent('https://other.invalid/v1', true)
    expect(setup.models.state().state).toBe('consent')
    expect(setup.granted.size).toBe(0)
  })

  test('is not asked for when it was given before', () => {
    expect(remote({ consents: { has: (endpoint) => endpoint === REMOTE, grant: () => {} } }).models.state().state).toBe(
      'ready',
    )
  })

  test('is given by naming the provider on the command line, but only for where that leads', () => {
    const setup = remote({ explicitProvider: true })
    expect(setup.models.state()).toMatchObject({ state: 'ready', why: 'asked for by --provider compatible' })
    const settings = {
      baseUrl: 'https://other.invalid/v1',
      model: '',
      deepModel: '',
      excludes: [],
      maxFileBytes: 1,
      hourlyTokens: 0,
      editor: '',
    }
    setup.models.configure({ ...settings, provider: 'compatible' })
    expect(setup.models.state().state).toBe('consent')
  })

  test('is not needed for this machine', async () => {
    const server = await startServer()
    expect(setUp({ settings: { provider: 'openai', baseUrl: server.url } }).models.state().state).toBe('ready')
  })

  test('while it is awaited the settings may lead elsewhere, and the request goes there', async () => {
    const server = await startServer()
    const setup = remote()
    const settings = {
      baseUrl: server.url,
      model: 'm',
      deepModel: '',
      excludes: [],
      maxFileBytes: 1,
      hourlyTokens: 0,
      editor: '',
    }
    const events = await untilWaiting(setup, () => setup.models.configure({ ...settings, provider: 'compatible' }))
    expect(textOf(events)).toBe('Nothing to add.')
  })
})

test('a running request goes on when the settings change', async () => {
  const server = await startServer()
  const held = server.hold()
  const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' } })
  const events = collect(models, requestOf('x'))
  await held.request
  held.push('before ')
  models.configure({
    provider: 'local',
    baseUrl: '',
    model: '',
    deepModel: '',
    excludes: [],
    maxFileBytes: 1,
    hourlyTokens: 0,
    editor: '',
  })
  held.push('after')
  held.end()
  expect(textOf(await events)).toBe('before after')
  expect(models.state().kind).toBe('local')
})

test('settings that do not concern the models change nothing', async () => {
  const server = await startServer()
  const setup = setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' }, explicitProvider: true })
  let told = 0
  setup.models.subscribe(() => (told += 1))
  setup.models.configure({
    provider: 'openai',
    baseUrl: server.url,
    model: 'm',
    deepModel: '',
    excludes: ['x'],
    maxFileBytes: 9,
    hourlyTokens: 0,
    editor: '',
  })
  expect(told).toBe(0)
})

test('warming up opens the connection that the first request uses', async () => {
  const server = await startServer()
  const { models } = setUp({ settings: { provider: 'compatible', baseUrl: server.url, model: 'm' } })
  await models.warm()
  expect(server.listed).toBe(1)
  // Nothing is generated for it.
  expect(server.requests).toEqual([])
  await collect(models, requestOf('x'))
  expect(server.requests[0]?.connectionRequests).toBe(2)
})

test('a key that is refused while warming up is said before the first request', async () => {
  const server = await startServer({ key: 'another' })
  const { models } = setUp({
    settings: { provider: 'openai', baseUrl: server.url },
    environment: { OPENAI_API_KEY: KEY },
  })
  await models.warm()
  expect(models.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/refused the key/) })
})
