// The test model server itself: what tests rely on when they believe it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { goOn, WAYS } from '../../fakes/model-server/continuations.ts'
import { field } from '../../fakes/model-server/requests.ts'
import { rulesOf } from '../../fakes/model-server/rules-file.ts'
import { tokenise } from '../../fakes/model-server/script.ts'
import { collect, requestOf, setUp, startServer, textOf } from './support.ts'

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

test('tokens joined are the text, and none ends within a surrogate pair', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const tokens = tokenise(text)
      expect(tokens.join('')).toBe(text)
      for (const token of tokens) expect(token.isWellFormed()).toBe(true)
    }),
  )
})

test('Responses speaks the documented sequence of events', async () => {
  const server = await startServer({ script: [{ reply: 'abcdefgh', thinking: 1 }] })
  const response = await post(`${server.url}/responses`, { model: 'm', input: 'x', stream: true })
  const body = await response.text()
  const names = [...body.matchAll(/^event: (.*)$/gm)].map((match) => match[1])
  expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.reasoning_summary_part.added',
    'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.done',
    'response.reasoning_summary_part.done',
    'response.output_item.done',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  const numbers = [...body.matchAll(/"sequence_number":(\d+)/g)].map((match) => Number(match[1]))
  expect(numbers).toEqual(numbers.map((_number, index) => index))
})

test('Chat Completions ends with the usage that was asked for, and [DONE]', async () => {
  const server = await startServer()
  const response = await post(`${server.url}/chat/completions`, {
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    stream_options: { include_usage: true },
  })
  const lines = (await response.text()).trim().split('\n\n')
  expect(lines.at(-1)).toBe('data: [DONE]')
  expect(lines.at(-2)).toMatch(/"choices":\[\],"usage":\{/)
})

test('answers whole to a request that asks for no stream', async () => {
  const server = await startServer({ reply: 'whole' })
  const chat = await post(`${server.url}/chat/completions`, { model: 'm', messages: [] })
  const responses = await post(`${server.url}/responses`, { model: 'm', input: 'x' })
  expect(await chat.json()).toMatchObject({ choices: [{ message: { content: 'whole' }, finish_reason: 'stop' }] })
  expect(await responses.json()).toMatchObject({ output: [{ content: [{ text: 'whole' }] }] })
})

test('keeps the rate and the time to first token, whatever the timers do', async () => {
  const server = await startServer({ script: [{ reply: 'x'.repeat(1_200), rate: 1_000, ttft: 40 }] })
  await collect(setUp({ settings: { provider: 'compatible', baseUrl: server.url, model: 'm' } }).models, requestOf('x'))
  const request = server.requests[0]
  expect(request?.tokens).toBe(300)
  // The schedule is a lower bound: no token may come before it is due.
  expect((request?.firstTokenAt ?? 0) - (request?.at ?? 0)).toBeGreaterThanOrEqual(39)
  expect((request?.lastTokenAt ?? 0) - (request?.firstTokenAt ?? 0)).toBeGreaterThanOrEqual(298)
})

test('sends what is held when the test says so, in its order', async () => {
  const server = await startServer()
  const held = server.hold('please')
  held.push('early ')
  const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' } })
  expect(textOf(await collect(models, requestOf('another')))).toBe('Nothing to add.')
  const events = collect(models, requestOf('please wait'))
  const request = await held.request
  expect(request.text).toContain('please wait')
  held.push('late')
  held.end()
  expect(textOf(await events)).toBe('early late')
})

test('later rules come before earlier ones, and used ones fall away', async () => {
  const server = await startServer({ reply: 'none', script: [{ when: /a/, reply: 'first' }] })
  const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' } })
  const ask = async (text: string) => textOf(await collect(models, requestOf(text)))
  server.script({ when: (request) => request.model === 'm', reply: 'second', times: 1 })
  expect([await ask('aaa'), await ask('aaa')]).toEqual(['second', 'first'])
})

test('notes when things happened, in order', async () => {
  const server = await startServer()
  const before = performance.now()
  await collect(setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' } }).models, requestOf('x'))
  const request = server.requests[0]
  await request?.over
  const times = [
    before,
    request?.headersAt,
    request?.at,
    request?.firstByteAt,
    request?.firstTokenAt,
    request?.completedAt,
  ]
  expect(times).toEqual([...times].sort((a, b) => Number(a) - Number(b)))
  expect(request?.clientClosedAt).toBeNull()
})

describe('over a WebSocket', () => {
  interface Client {
    readonly events: unknown[]
    readonly closed: Promise<number>
    say(event: unknown): void
    /** Resolves when so many events of a type have come, with the last. */
    heard(type: string, count?: number): Promise<unknown>
  }

  async function connect(url: string): Promise<Client> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/responses`)
    const events: unknown[] = []
    socket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString())))
    socket.on('error', () => {})
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    onTestFinished(() => socket.terminate())
    const heard = (type: string, count = 1): Promise<unknown> =>
      vi.waitFor(() => {
        const found = events.filter((event) => field(event, 'type') === type)
        expect(found.length).toBeGreaterThanOrEqual(count)
        return found[count - 1]
      })
    return { events, closed, heard, say: (event) => socket.send(JSON.stringify(event)) }
  }

  const create = (more: Record<string, unknown> = {}): unknown => ({
    type: 'response.create',
    model: 'gpt-6-astra',
    input: 'x',
    ...more,
  })
  const typesIn = (events: readonly unknown[]): unknown[] => events.map((event) => field(event, 'type'))

  test('speaks the same events as over HTTP', async () => {
    const server = await startServer({ script: [{ reply: 'abcdefgh', thinking: 1 }] })
    const client = await connect(server.url)
    client.say(create())
    await client.heard('response.completed')
    const body = await (await post(`${server.url}/responses`, { model: 'm', input: 'x', stream: true })).text()
    const names = [...body.matchAll(/^event: (.*)$/gm)].map((match) => match[1])
    const unlike = (list: readonly unknown[]): unknown[] => list.filter((name, index) => name !== list[index - 1])
    expect(unlike(typesIn(client.events))).toEqual(unlike(names))
  })

  test('answers requests of one lane in turn, and those of two side by side, each with its lane', async () => {
    const server = await startServer()
    const [first, second, other] = [server.hold('first'), server.hold('second'), server.hold('other')]
    const client = await connect(server.url)
    for (const [input, lane] of [
      ['first', 'a'],
      ['second', 'a'],
      ['other', 'b'],
    ])
      client.say(create({ input, stream_id: lane }))
    await Promise.all([first.request, other.request])
    other.push('o')
    await client.heard('response.output_text.delta')
    expect(server.requests.map(({ text }) => text)).toEqual(['first', 'other'])
    expect(new Set(client.events.map((event) => field(event, 'stream_id')))).toEqual(new Set(['b']))
    first.end()
    await second.request
  })

  test('prepares without generating', async () => {
    const server = await startServer()
    const client = await connect(server.url)
    client.say(create({ generate: false }))
    const completed = await client.heard('response.completed')
    expect(typesIn(client.events)).toEqual(['response.created', 'response.in_progress', 'response.completed'])
    expect(field(field(completed, 'response'), 'output')).toEqual([])
    expect([server.requests.length, server.warmUps.length]).toEqual([0, 1])
    client.say(create({ previous_response_id: field(field(completed, 'response'), 'id'), input: 'y' }))
    expect((await server.arrived(1)).text).toBe('x\n\n\n\ny')
  })

  test('knows only the responses of its own connection', async () => {
    const server = await startServer()
    const client = await connect(server.url)
    client.say(create())
    const response = field(field(await client.heard('response.completed'), 'response'), 'id')
    const another = await connect(server.url)
    another.say(create({ previous_response_id: response }))
    expect(await another.heard('error')).toMatchObject({ status: 400, error: { code: 'previous_response_not_found' } })
  })

  test('ends a connection when its time is over', async () => {
    const server = await startServer({ connectionMs: 30 })
    const client = await connect(server.url)
    expect(await client.heard('error')).toMatchObject({ error: { code: 'websocket_connection_limit_reached' } })
    expect(await client.closed).toBe(1000)
  })

  test('breaks within an event when told to', async () => {
    const server = await startServer({ script: [{ reply: 'abcdefgh', fault: { type: 'mid-event', after: 1 } }] })
    const client = await connect(server.url)
    client.say(create())
    expect(await client.closed).toBe(1006)
    expect(typesIn(client.events).at(-1)).toBe('response.output_text.delta')
    expect(await server.requests[0]?.over).toBe('server-closed')
  })

  test.each([
    ['response_not_found', 'resp_77', 'y', 'gpt-6-astra'],
    ['invalid_input', null, '', 'gpt-6-astra'],
    ['steering_not_supported', null, 'y', 'gpt-5.6'],
  ])('refuses a steer as %s', async (code, response, input, model) => {
    const server = await startServer()
    const held = server.hold()
    held.push('a')
    const client = await connect(server.url)
    client.say(create({ model }))
    const id = field(field(await client.heard('response.created'), 'response'), 'id')
    client.say({ type: 'response.steer', previous_response_id: response ?? id, input })
    expect(await client.heard('response.steer.failed')).toMatchObject({ error: { code }, steer: { input } })
  })

  test('refuses a steer of a response that is complete', async () => {
    const server = await startServer()
    const client = await connect(server.url)
    client.say(create())
    const id = field(field(await client.heard('response.completed'), 'response'), 'id')
    client.say({ type: 'response.steer', previous_response_id: id, input: 'y' })
    expect(await client.heard('response.steer.failed')).toMatchObject({ error: { code: 'response_already_completed' } })
  })

  test('commits a steer by a successor that knows everything', async () => {
    const server = await startServer()
    const held = server.hold()
    held.push('half')
    const client = await connect(server.url)
    client.say(create())
    const id = field(field(await client.heard('response.created'), 'response'), 'id')
    await client.heard('response.output_text.delta')
    client.say({ type: 'response.steer', previous_response_id: id, input: 'otherwise' })
    await client.heard('response.completed')
    expect(await client.heard('response.incomplete')).toMatchObject({
      response: { incomplete_details: { reason: 'steered' } },
    })
    expect(server.requests[1]?.text).toBe('x\n\nhalf\n\notherwise')
  })
})

describe('a reply that was cut is gone on with', () => {
  const PATCH = [
    '*** Begin Patch',
    '*** Update File: a.ts',
    '@@ one',
    ' keep',
    '-old',
    '+new',
    '@@ two',
    '-gone',
    '*** End Patch',
    '',
  ].join('\n')
  const WHOLE = `Say why.\n${PATCH}`
  const inSecond = WHOLE.slice(0, WHOLE.indexOf('-gone') + 3)

  test('at the exact character', () => {
    expect(goOn(WHOLE, inSecond, 'exact')).toBe('ne\n*** End Patch\n')
  })

  test('with the cut line again', () => {
    expect(goOn(WHOLE, inSecond, 'line')).toBe('-gone\n*** End Patch\n')
  })

  test('with the whole patch again', () => {
    expect(goOn(WHOLE, inSecond, 'anew')).toBe(PATCH)
  })

  test('with the same edits in other words', () => {
    const first = 'a.ts\n<<<<<<< SEARCH\nkeep\nold\n=======\nkeep\nnew\n>>>>>>> REPLACE\n'
    expect(goOn(WHOLE, inSecond, 'reworded')).toBe(`${first}\na.ts\n<<<<<<< SEARCH\ngone\n=======\n>>>>>>> REPLACE\n`)
  })

  test('with other lines in the hunks that were complete', () => {
    expect(goOn(WHOLE, inSecond, 'contradicts')).toBe(PATCH.replace('+new', '+new otherwise'))
    expect(goOn(WHOLE, WHOLE.slice(0, WHOLE.indexOf('+new') + 2), 'contradicts')).toBe(PATCH)
  })

  test.each(WAYS)('%s, before the patch, at the exact character or the line', (way) => {
    expect(['y.\n', 'Say why.\n'].map((start) => start + PATCH)).toContain(
      goOn(WHOLE, 'Say wh', way).replace(/^y why/, 'y'),
    )
  })

  test('as its rule says, when the request shows what had come', async () => {
    const server = await startServer({ script: [{ reply: WHOLE, continues: 'line' }] })
    const { models } = setUp({ settings: { provider: 'openai', baseUrl: server.url, model: 'm' } })
    expect(textOf(await collect(models, requestOf('x')))).toBe(WHOLE)
    const messages = [
      { role: 'user', text: 'x' },
      { role: 'assistant', text: inSecond },
      { role: 'user', text: 'go on' },
    ] as const
    const prompt = { ...requestOf('').prompt, messages }
    expect(textOf(await collect(models, requestOf('', { prompt })))).toBe('-gone\n*** End Patch\n')
  })
})

describe('rules from a file', () => {
  test('are read', () => {
    expect(rulesOf('[{"when":"a","reply":"b","rate":5,"fault":{"type":"reset","after":3}}]')).toEqual([
      { when: 'a', reply: 'b', rate: 5, fault: { type: 'reset', after: 3 } },
    ])
  })

  test.each([
    ['{}', /array/],
    ['[{"when":1}]', /rule 1: when/],
    ['[{"continues":"somehow"}]', /rule 1: continues must be exact, line/],
    ['[{}, {"fault":{"type":"x"}}]', /rule 2: unknown fault "x"/],
  ])('%s is refused by its place', (text, message) => {
    expect(() => rulesOf(text)).toThrow(message)
  })
})

test('runs by itself, prints its address, and answers by the script it is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-server-'))
  const script = join(folder, 'script.json')
  writeFileSync(script, '[{"when":"hello","reply":"from the file"}]')
  const entry = join(import.meta.dirname, '../../fakes/model-server/main.ts')
  const child = spawn(process.execPath, [entry, '--script', script, '--rate', '0', '--ttft', '0'])
  try {
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data).trim())),
    )
    const { models } = setUp({ settings: { provider: 'compatible', baseUrl: url } })
    expect(textOf(await collect(models, requestOf('hello')))).toBe('from the file')
    const log: unknown = await (await fetch(url.replace('/v1', '/log'))).json()
    expect(log).toMatchObject([{ id: 1, tokens: 4 }])
  } finally {
    child.kill()
    rmSync(folder, { recursive: true })
  }
})
