// An aborted request ends quietly and at once, and the server sees its connection closed.
import { describe, expect, test } from 'vitest'
import type { ModelEvent } from '../../../main/core/ports.ts'
import { collect, requestOf, setUp, startServer, textOf, typesOf } from './support.ts'

describe.each(['openai', 'compatible'] as const)('%s', (provider) => {
  const settings = (baseUrl: string) => ({ provider, baseUrl, model: 'test-model' })

  test('before the headers', async () => {
    const server = await startServer({ script: [{ fault: { type: 'stall' } }] })
    const abort = new AbortController()
    const events = collect(setUp({ settings: settings(server.url) }).models, requestOf('x'), abort.signal)
    const request = await server.arrived(1)
    abort.abort()
    expect(await request.over).toBe('client-closed')
    expect(typesOf(await events)).toEqual(['sent'])
  })

  test('in mid-stream', async () => {
    const server = await startServer()
    const held = server.hold()
    const abort = new AbortController()
    const events: ModelEvent[] = []
    const { models } = setUp({ settings: settings(server.url) })
    const run = (async () => {
      for await (const event of models.stream(requestOf('x'), abort.signal)) {
        events.push(event)
        if (event.type === 'text') abort.abort()
      }
    })()
    const request = await held.request
    held.push('one')
    await run
    expect(await request.over).toBe('client-closed')
    expect(typesOf(events)).toEqual(['sent', 'headers', 'text'])
  })

  test('while the stream is awaited', async () => {
    const server = await startServer()
    const held = server.hold()
    const abort = new AbortController()
    const events = collect(setUp({ settings: settings(server.url) }).models, requestOf('x'), abort.signal)
    const request = await held.request
    held.push('one')
    setTimeout(() => abort.abort(), 30)
    expect(textOf(await events)).toBe('one')
    expect(await request.over).toBe('client-closed')
  })

  test('while a retry is awaited', async () => {
    const server = await startServer({ script: [{ fault: { type: 'status', status: 503 } }] })
    const abort = new AbortController()
    const { models } = setUp({ settings: settings(server.url), timing: { backoffMs: 60_000, longestWaitMs: 100_000 } })
    const events: ModelEvent[] = []
    for await (const event of models.stream(requestOf('x'), abort.signal)) {
      events.push(event)
      if (event.type === 'waiting') abort.abort()
    }
    expect(typesOf(events)).toEqual(['sent', 'waiting'])
    expect(server.requests.length).toBe(1)
  })

  test('before anything was asked', async () => {
    const server = await startServer()
    expect(
      await collect(setUp({ settings: settings(server.url) }).models, requestOf('x'), AbortSignal.abort()),
    ).toEqual([])
    expect(server.requests.length).toBe(0)
  })

  test('by a reader that leaves', async () => {
    const server = await startServer()
    const held = server.hold()
    const { models } = setUp({ settings: settings(server.url) })
    held.push('one')
    for await (const event of models.stream(requestOf('x'), new AbortController().signal))
      if (event.type === 'text') break
    expect(await (await held.request).over).toBe('client-closed')
  })

  test('by closing the port', async () => {
    const server = await startServer()
    const held = server.hold()
    const { models } = setUp({ settings: settings(server.url) })
    const events = collect(models, requestOf('x'))
    const request = await held.request
    models.close()
    expect(await request.over).toBe('client-closed')
    expect(typesOf(await events)).toEqual(['sent'])
  })
})
