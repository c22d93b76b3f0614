// The connection that is kept ready for the request after an interrupt.
import { once } from 'node:events'
import http from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createTransport, type Transport } from '../../../main/adapters/model/transport.ts'
import { createClock } from '../../../main/adapters/system.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

interface Seen {
  readonly url: string
  /** Number of the connection it came by, from 0. */
  readonly connection: number
  answer(): void
}

/** A server that answers when the test says so, and counts its connections. */
async function serve() {
  const connections: Socket[] = []
  const requests: Seen[] = []
  const server = http.createServer((incoming, response) => {
    requests.push({
      url: incoming.url ?? '',
      connection: connections.indexOf(incoming.socket),
      answer: () => response.end('done'),
    })
    response.writeHead(200)
    response.write('begun')
  })
  server.on('connection', (socket: Socket) => connections.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
    for (const socket of connections) socket.destroy()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return { connections, requests, url: `http://127.0.0.1:${address.port}` }
}

function transport(): Transport {
  const made = createTransport(createClock())
  closers.push(() => made.close())
  return made
}

async function ask(by: Transport, url: string, signal?: AbortSignal) {
  const exchange = by.exchange(() => undefined)
  const init = signal === undefined ? {} : { signal }
  const response = await by.fetch(exchange)(url, init)
  return { exchange, response }
}

describe('when a request is expected', () => {
  test('a connection is opened for it, where one was made before and none stands idle', async () => {
    const server = await serve()
    const by = transport()
    by.expect(new URL(server.url))
    const first = await ask(by, `${server.url}/first`)
    await expect.poll(() => server.connections.length).toBe(2)
    server.requests[0]?.answer()
    await first.response.text()
    for (const socket of server.connections) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    by.expect(new URL(server.url))
    by.expect(new URL(server.url))
    await expect.poll(() => server.connections.length).toBe(3)
    const { exchange } = await ask(by, `${server.url}/second`)
    expect(server.requests[1]?.connection).toBe(2)
    expect(exchange.reused).toBe(true)
  })
})

describe('while a request runs', () => {
  test('one more connection stands, and the request after an interrupt goes by it', async () => {
    const server = await serve()
    const by = transport()
    const abort = new AbortController()
    await ask(by, `${server.url}/first`, abort.signal)
    await expect.poll(() => server.connections.length).toBe(2)
    abort.abort()
    const { exchange } = await ask(by, `${server.url}/second`)
    expect(server.requests.map(({ url, connection }) => [url, connection])).toEqual([
      ['/first', 0],
      ['/second', 1],
    ])
    expect(exchange.reused).toBe(true)
  })

  test('a second one is not opened beside it', async () => {
    const server = await serve()
    const by = transport()
    const first = await ask(by, `${server.url}/first`)
    await expect.poll(() => server.connections.length).toBe(2)
    const second = await ask(by, `${server.url}/second`)
    await expect.poll(() => server.connections.length).toBe(3)
    for (const request of server.requests) request.answer()
    await Promise.all([first.response.text(), second.response.text()])
    await ask(by, `${server.url}/third`)
    expect(server.connections.length).toBe(3)
  })

  test('one that its server has let go is not taken', async () => {
    const server = await serve()
    const by = transport()
    const abort = new AbortController()
    await ask(by, `${server.url}/first`, abort.signal)
    await expect.poll(() => server.connections.length).toBe(2)
    server.connections[1]?.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    abort.abort()
    const { exchange } = await ask(by, `${server.url}/second`)
    expect(server.requests[1]?.connection).toBe(2)
    expect(exchange.reused).toBe(false)
  })

  test('it is given up when that request breaks', async () => {
    const server = await serve()
    const { response } = await ask(transport(), `${server.url}/first`)
    await expect.poll(() => server.connections.length).toBe(2)
    const [first, spare] = server.connections
    const closed = spare && once(spare, 'close')
    first?.resetAndDestroy()
    await expect(response.text()).rejects.toThrow()
    await closed
    expect(spare?.destroyed).toBe(true)
  })

  test('it is let go with all that are idle when they may be cut off; what runs goes on', async () => {
    const server = await serve()
    const by = transport()
    const idle = await ask(by, `${server.url}/idle`)
    server.requests[0]?.answer()
    await idle.response.text()
    const running = await ask(by, `${server.url}/running`)
    const before = server.connections.length
    by.renew()
    const { exchange } = await ask(by, `${server.url}/next`)
    expect([exchange.reused, server.requests[2]?.connection]).toEqual([false, before])
    expect(server.requests.map(({ url }) => url)).toEqual(['/idle', '/running', '/next'])
    server.requests[1]?.answer()
    expect(await running.response.text()).toBe('begundone')
  })

  test('it is closed with everything else', async () => {
    const server = await serve()
    const by = transport()
    const abort = new AbortController()
    await ask(by, `${server.url}/first`, abort.signal)
    await expect.poll(() => server.connections.length).toBe(2)
    const closed = server.connections[1] && once(server.connections[1], 'close')
    by.close()
    await closed
    abort.abort()
    expect(server.connections[1]?.destroyed).toBe(true)
  })
})
