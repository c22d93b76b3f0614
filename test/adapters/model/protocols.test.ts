// Both protocols against the test model server: what is sent, and what comes of the answer.
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as fc from 'fast-check'
import { field } from '../../fakes/model-server/requests.ts'
import { collect, failureOf, KEY, requestOf, setUp, startServer, textOf, typesOf, type Setup } from './support.ts'
import type { ModelServer } from '../../fakes/model-server/server.ts'

const PROVIDERS = ['openai', 'compatible'] as const

function use(server: ModelServer, provider: (typeof PROVIDERS)[number], more: Parameters<typeof setUp>[0] = {}): Setup {
  return setUp({ settings: { provider, baseUrl: server.url, model: 'test-model' }, ...more })
}

describe.each(PROVIDERS)('%s', (provider) => {
  test('streams the reply between sent, headers and done', async () => {
    const server = await startServer({ script: [{ when: 'guard', reply: 'Guard it.\nLine two.' }] })
    const events = await collect(use(server, provider).models, requestOf('please guard the mean'))
    expect(typesOf(events)).toEqual(['sent', 'headers', 'text', 'done'])
    expect(textOf(events)).toBe('Guard it.\nLine two.')
    expect(events[0]).toEqual({ type: 'sent', model: 'test-model', warm: false })
    expect(events.at(-1)).toMatchObject({ finish: 'stop', usage: { output: 5 } })
  })

  test('says how much of the input came from a cache', async () => {
    const server = await startServer({ script: [{ reply: 'abcd', cached: 2 }] })
    const events = await collect(use(server, provider).models, requestOf('x'))
    expect(events.at(-1)).toMatchObject({ usage: { output: 1, cached: 2 } })
  })

  test('keeps any text intact', async () => {
    const server = await startServer()
    const { models } = use(server, provider)
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (reply) => {
        server.script({ reply, times: 1 })
        expect(textOf(await collect(models, requestOf('any')))).toBe(reply)
      }),
      { numRuns: 30 },
    )
  })

  test('says the conversation in order, instructions first', async () => {
    const server = await startServer()
    const prompt = {
      instructions: 'RULES',
      messages: [
        { role: 'user', text: 'ONE' },
        { role: 'assistant', text: 'TWO' },
        { role: 'user', text: 'THREE' },
      ],
      cacheKey: 'k',
    } as const
    await collect(use(server, provider).models, requestOf('', { prompt }))
    expect(server.requests[0]?.text).toBe('RULES\n\nONE\n\nTWO\n\nTHREE')
  })

  test('sends the key, the cache key and the output cap', async () => {
    const server = await startServer({ key: KEY })
    const { models } = use(server, provider, { environment: { OPENAI_API_KEY: KEY } })
    const events = await collect(models, requestOf('x', { maxOutputTokens: 777 }))
    const body = server.requests[0]?.body
    expect(events.at(-1)?.type).toBe('done')
    expect(field(body, 'prompt_cache_key')).toBe('project-fast')
    expect(field(body, 'max_output_tokens') ?? field(body, 'max_tokens')).toBe(777)
  })

  test('sends no authorization when there is no key', async () => {
    const server = await startServer()
    await collect(use(server, provider).models, requestOf('x'))
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  test('shows reasoning as thinking before the text', async () => {
    const server = await startServer({ script: [{ thinking: 30, reply: 'Done.' }] })
    const events = await collect(use(server, provider).models, requestOf('x'))
    expect(events[2]?.type).toBe('thinking')
    expect(textOf(events)).toBe('Done.')
  })

  test('reports a reply cut at the output cap as length', async () => {
    const server = await startServer({ script: [{ reply: 'a long reply indeed' }] })
    const events = await collect(use(server, provider).models, requestOf('x', { maxOutputTokens: 2 }))
    expect(textOf(events)).toBe('a long r')
    expect(events.at(-1)).toMatchObject({ type: 'done', finish: 'length' })
  })

  test('reports a refusal in words as declined', async () => {
    const server = await startServer({ script: [{ refusal: 'I cannot help with that.' }] })
    const failure = failureOf(await collect(use(server, provider).models, requestOf('x')))
    expect(failure).toEqual({ code: 'declined', message: 'test-model declined: I cannot help with that.' })
  })

  test('reports a reply stopped by the content filter as filtered', async () => {
    const server = await startServer({ script: [{ reply: 'Half', finish: 'content_filter' }] })
    expect(failureOf(await collect(use(server, provider).models, requestOf('x'))).code).toBe('filtered')
  })

  test('uses one connection for requests in a row', async () => {
    const server = await startServer()
    const { models } = use(server, provider)
    const ports = new Set<unknown>()
    for (let round = 0; round < 3; round += 1) {
      const events = await collect(models, requestOf('x'))
      expect(events.at(-1)?.type).toBe('done')
      await server.requests[round]?.over
      ports.add(server.requests[round]?.clientPort)
    }
    expect(ports.size).toBe(1)
  })
})

test('the fast lane asks Responses for little reasoning and few words, and that nothing is stored', async () => {
  const server = await startServer()
  await collect(use(server, 'openai').models, requestOf('x'))
  expect(server.requests[0]?.body).toMatchObject({
    reasoning: { effort: 'none' },
    text: { verbosity: 'low' },
    store: false,
  })
})

test('the deep lane leaves reasoning to the model, and nothing is stored', async () => {
  const server = await startServer()
  const settings = { provider: 'openai', baseUrl: server.url, deepModel: 'deep-one' } as const
  await collect(setUp({ settings }).models, requestOf('x', { lane: 'deep' }))
  expect(server.requests[0]?.model).toBe('deep-one')
  expect(server.requests[0]?.body).toMatchObject({ store: false })
  expect(field(server.requests[0]?.body, 'reasoning')).toBeUndefined()
})

test('the organisation at OpenAI is not told to other servers', async () => {
  const server = await startServer()
  process.env.OPENAI_ORG_ID = 'org-secret'
  try {
    await collect(use(server, 'compatible').models, requestOf('x'))
  } finally {
    delete process.env.OPENAI_ORG_ID
  }
  expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('org-secret')
})

test('a body that ends some time after the reply was complete leaves its connection to the next request', async () => {
  const ports: unknown[] = []
  const server = createServer((incoming, response) => {
    ports.push(incoming.socket.remotePort)
    incoming.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"type":"response.completed","response":{"id":"r"}}\n\n')
    setTimeout(() => response.end(), 20)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`
  const { models } = setUp({ settings: { provider: 'openai', baseUrl, model: 'm' } })
  for (let round = 0; round < 2; round += 1) {
    expect((await collect(models, requestOf('x'))).at(-1)?.type).toBe('done')
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  expect(new Set(ports).size).toBe(1)
})
