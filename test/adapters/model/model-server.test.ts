// The test model server itself: what tests rely on when they believe it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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

describe('rules from a file', () => {
  test('are read', () => {
    expect(rulesOf('[{"when":"a","reply":"b","rate":5,"fault":{"type":"reset","after":3}}]')).toEqual([
      { when: 'a', reply: 'b', rate: 5, fault: { type: 'reset', after: 3 } },
    ])
  })

  test.each([
    ['{}', /array/],
    ['[{"when":1}]', /rule 1: when/],
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
