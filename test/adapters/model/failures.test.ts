// Every failure as the person meets it: its code, and a message that says what to do; and when a request is tried again.
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseEndpoint } from '../../../main/adapters/model/endpoint.ts'
import { troubleOfConnection, troubleOfStatus, type Party } from '../../../main/adapters/model/failure.ts'
import type { Fault } from '../../fakes/model-server/script.ts'
import type { ModelServer } from '../../fakes/model-server/server.ts'
import {
  clock,
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

const PROVIDERS = ['openai', 'compatible'] as const

function use(server: Pick<ModelServer, 'url'>, provider: (typeof PROVIDERS)[number] = 'openai', timing = {}): Setup {
  return setUp({
    settings: { provider, baseUrl: server.url, model: 'test-model' },
    environment: { OPENAI_API_KEY: KEY },
    timing,
  })
}

describe.each(PROVIDERS)('%s', (provider) => {
  const cases: readonly (readonly [string, Fault, string, RegExp])[] = [
    [
      '401',
      { type: 'status', status: 401, message: `Incorrect API key provided: ${KEY}` },
      'key',
      /refused the key.*OPENAI_API_KEY/,
    ],
    ['402', { type: 'status', status: 402 }, 'quota', /no credit left.*billing/],
    [
      '403',
      { type: 'status', status: 403, message: 'Missing scopes: model.request' },
      'forbidden',
      /does not allow this.*Missing scopes/,
    ],
    [
      '403 for a country',
      { type: 'status', status: 403, message: 'Country not supported' },
      'forbidden',
      /Country not supported/,
    ],
    [
      '404 of a model',
      { type: 'status', status: 404, code: 'model_not_found', message: 'No.' },
      'model',
      /test-model is not offered.*--model/,
    ],
    ['404 of an address', { type: 'status', status: 404, message: 'Not here' }, 'address', /check the base URL/],
    ['404 with a page', { type: 'status', status: 404, body: '<html>404</html>' }, 'address', /web page.*ends in \/v1/],
    [
      'a redirect',
      { type: 'status', status: 302, headers: { location: 'http://portal/' } },
      'address',
      /log in to the network/,
    ],
    ['405', { type: 'status', status: 405 }, 'address', /does not speak the/],
    ['413', { type: 'status', status: 413 }, 'too-long', /larger context/],
    [
      'a context too long',
      { type: 'status', status: 400, code: 'context_length_exceeded' },
      'too-long',
      /longer than the model/,
    ],
    [
      '400',
      { type: 'status', status: 400, message: 'No such thing' },
      'request',
      /did not take the request \(400\)\. No such thing/,
    ],
    ['429 without credit', { type: 'status', status: 429, code: 'insufficient_quota' }, 'quota', /billing/],
    ['429 with a long wait', { type: 'status', status: 429, retryAfter: 37 }, 'rate-limit', /try again in 37 s/],
    ['a web page', { type: 'html' }, 'address', /web page.*log in to the network/],
    ['an event that is not JSON', { type: 'malformed', after: 2 }, 'malformed', /is not the .* API: try again/],
    ['an end without completion', { type: 'end', after: 2 }, 'reset', /before it was complete.*Retry/],
    ['death in mid-stream', { type: 'reset', after: 2 }, 'reset', /broke in mid-reply: what had come is kept/],
    [
      'an error in mid-stream',
      { type: 'error', after: 2, code: 'server_error', message: 'Oops' },
      'server',
      /fault of its own.*Oops/,
    ],
    [
      'a failed reply',
      { type: 'failed', after: 2, code: 'rate_limit_exceeded', message: 'Slow' },
      'rate-limit',
      /limits the rate/,
    ],
    [
      'an invalid prompt',
      { type: 'failed', after: 2, code: 'invalid_prompt', message: 'Bad' },
      'request',
      /invalid_prompt/,
    ],
  ]
  test.each(cases)('%s is told as such', async (_name, fault, code, message) => {
    const server = await startServer({ script: [{ reply: 'abcdefghijkl', fault }] })
    const events = await collect(use(server, provider).models, requestOf('x'))
    const failure = failureOf(events)
    expect(failure.code).toBe(code)
    expect(failure.message).toMatch(message)
    expect(failure.message).not.toContain(KEY)
    expect(failure.message).not.toMatch(/[\n\r]/)
    expect(server.requests.length).toBe(1)
  })

  test('what came before a death in mid-stream is kept', async () => {
    const server = await startServer({ script: [{ reply: 'abcdefghijkl', fault: { type: 'reset', after: 2 } }] })
    expect(textOf(await collect(use(server, provider).models, requestOf('x')))).toBe('abcdefgh')
  })

  const passing: readonly (readonly [string, Fault])[] = [
    ['500', { type: 'status', status: 500 }],
    ['503', { type: 'status', status: 503 }],
    ['429', { type: 'status', status: 429, retryAfter: 0 }],
    ['408', { type: 'status', status: 408 }],
    ['a reset before the headers', { type: 'reset' }],
    ['a reset before the first token', { type: 'reset', after: 0 }],
    ['an error before the first token', { type: 'error', after: 0, code: 'server_error', message: 'Oops' }],
  ]
  test.each(passing)('%s is tried again twice, and then succeeds', async (_name, fault) => {
    const server = await startServer({ script: [{ fault, times: 2 }, { reply: 'At last.' }] })
    const events = await collect(use(server, provider).models, requestOf('x'))
    expect(textOf(events)).toBe('At last.')
    expect(server.requests.length).toBe(3)
  })

  test.each(passing)('%s for a third time is a failure', async (_name, fault) => {
    const server = await startServer({ script: [{ fault }] })
    const events = await collect(use(server, provider).models, requestOf('x'))
    expect(events.at(-1)?.type).toBe('failed')
    expect(server.requests.length).toBe(3)
  })

  test('silence for the idle time is a failure, and closes the connection', async () => {
    const server = await startServer({ script: [{ reply: 'abcdefghijkl', fault: { type: 'stall', after: 2 } }] })
    const events = await collect(use(server, provider, { idleMs: 60 }).models, requestOf('x'))
    expect(textOf(events)).toBe('abcdefgh')
    expect(failureOf(events).code).toBe('idle')
    expect(await server.requests[0]?.over).toBe('client-closed')
  })

  test('silence before the headers is a failure as well', async () => {
    const server = await startServer({ script: [{ fault: { type: 'stall' } }] })
    const events = await collect(use(server, provider, { idleMs: 60 }).models, requestOf('x'))
    expect(typesOf(events)).toEqual(['sent', 'failed'])
    expect(failureOf(events).message).toMatch(/Nothing came from 127\.0\.0\.1:\d+ for 0 s: Retry/)
    expect(server.requests.length).toBe(1)
  })

  test('a slow stream is not silence', async () => {
    const server = await startServer({ script: [{ reply: 'abcdefghijkl', rate: 25 }] })
    const events = await collect(use(server, provider, { idleMs: 300 }).models, requestOf('x'))
    expect(events.at(-1)?.type).toBe('done')
  })
})

test('a reader that pauses is not taken for silence of the server', async () => {
  const server = await startServer()
  const held = server.hold()
  const events: string[] = []
  const run = (async () => {
    for await (const event of use(server, 'openai', { idleMs: 400 }).models.stream(
      requestOf('x'),
      new AbortController().signal,
    )) {
      events.push(event.type)
      if (event.type === 'text') {
        await new Promise((resolve) => setTimeout(resolve, 900))
        held.end()
      }
    }
  })()
  await held.request
  held.push('one')
  await run
  expect(events.at(-1)).toBe('done')
})

test('a deep model that has begun to answer may think longer', async () => {
  const server = await startServer()
  const held = server.hold()
  const settings = { provider: 'openai', baseUrl: server.url, deepModel: 'deep' } as const
  const events = collect(setUp({ settings, timing: { idleMs: 300 } }).models, requestOf('x', { lane: 'deep' }))
  await held.request
  held.think()
  setTimeout(() => {
    held.push('At last.')
    held.end()
  }, 700)
  expect(textOf(await events)).toBe('At last.')
})

test('a wait of seconds is shown while it lasts', async () => {
  const server = await startServer({
    script: [{ fault: { type: 'status', status: 429, retryAfter: 1 }, times: 1 }, { reply: 'Now.' }],
  })
  const events = await collect(use(server).models, requestOf('x'))
  expect(events.filter((event) => event.type === 'waiting').map((event) => event.message)).toEqual([
    expect.stringMatching(/cannot answer yet: trying again in 1 s/),
    null,
  ])
  expect(textOf(events)).toBe('Now.')
})

test('a refused connection names what to start', async () => {
  const server = await startServer()
  const { url } = server
  await server.close()
  const events = await collect(use({ url }).models, requestOf('x'))
  expect(typesOf(events)).toEqual(['failed'])
  expect(failureOf(events)).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/Nothing answers at .*start the model server/),
  })
})

test('https to a server without it is a TLS failure', async () => {
  const server = await startServer()
  const events = await collect(use({ url: server.url.replace('http:', 'https:') }).models, requestOf('x'))
  expect(failureOf(events)).toMatchObject({
    code: 'tls',
    message: expect.stringMatching(/No secure connection.*https/),
  })
})

test('a server that does not speak HTTP is told as a wrong address', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume()
    socket.write('220 mail ready\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const events = await collect(use({ url: `http://127.0.0.1:${port}/v1` }).models, requestOf('x'))
  await new Promise((resolve) => server.close(resolve))
  expect(failureOf(events)).toMatchObject({
    code: 'address',
    message: expect.stringMatching(/does not answer in HTTP/),
  })
})

test('a named model is not replaced by another one', async () => {
  const server = await startServer({ models: ['other'] })
  const events = await collect(use(server).models, requestOf('x'))
  expect(failureOf(events).code).toBe('model')
  expect(server.requests.map((request) => request.model)).toEqual(['test-model'])
})

describe('messages', () => {
  const endpoint = parseEndpoint('https://api.example.com/v1')
  if (!endpoint.ok) throw new Error(endpoint.failure.message)
  const party: Party = { endpoint: endpoint.value, key: KEY, model: 'm', api: 'Responses API' }
  const codes: readonly (readonly [string, string, RegExp])[] = [
    ['ECONNREFUSED', 'unreachable', /check the base URL/],
    ['ENOTFOUND', 'dns', /name api\.example\.com is not known.*network/],
    ['EAI_AGAIN', 'dns', /check the network/],
    ['ETIMEDOUT', 'unreachable', /VPN or proxy/],
    ['ENETUNREACH', 'unreachable', /check the network/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', 'tls', /the clock/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', /certificate/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', /No secure connection/],
    ['ERR_PROXY_TUNNEL', 'proxy', /HTTPS_PROXY/],
    ['ECONNRESET', 'reset', /closed the connection before it answered/],
  ]
  test.each(codes)('%s', (code, expected, message) => {
    const error = Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })
    const { failure } = troubleOfConnection(error, party, false)
    expect(failure.code).toBe(expected)
    expect(failure.message).toMatch(message)
  })

  test('the first of several addresses that were tried counts', () => {
    const error = Object.assign(new Error('all failed'), {
      errors: [Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    })
    expect(troubleOfConnection(error, party, false).failure.code).toBe('unreachable')
  })

  test('a server that repeats the key does not get it onto the card', () => {
    const exchange = { onSent() {}, status: 400, headers: {}, broken: null, reused: false, touched: clock.now() }
    const body = JSON.stringify({ error: { message: `Bad header Bearer ${KEY}\nand sk-other-key-123456` } })
    const { failure } = troubleOfStatus({ ...exchange, errorBody: body }, party)
    expect(failure.message).toBe('api.example.com did not take the request (400). Bad header Bearer … and …')
  })

  test('a wait given as a date is told in seconds', () => {
    const headers = { date: 'Fri, 20 Nov 2026 09:00:00 GMT', 'retry-after': 'Fri, 20 Nov 2026 09:01:30 GMT' }
    const exchange = { onSent() {}, status: 429, headers, errorBody: '', broken: null, reused: false, touched: 0 }
    expect(troubleOfStatus(exchange, party).failure.message).toMatch(/try again in 90 s/)
  })

  test('401 without a key asks for one', () => {
    const exchange = { onSent() {}, status: 401, headers: {}, errorBody: '', broken: null, reused: false, touched: 0 }
    expect(troubleOfStatus(exchange, { ...party, key: null }).failure.message).toMatch(
      /wants a key.*set OPENAI_API_KEY/,
    )
  })
})
