// The browser host: what it serves, to whom, and that everybody else is refused.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ClientMessage, EngineFrame } from '../../preload/wire.ts'
import { connect } from '../../preload/wire/client.ts'
import { createToken, startServer, type BrowserHost } from '../../main/host/server.ts'
import { createWebSocketPort } from '../../main/host/websocket-port.ts'
import { createHandlers } from '../fakes/handlers.ts'

let folder = ''
let assets = ''
let host: BrowserHost
let token = ''
let ended = 0
const bugs: unknown[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipstream-server-'))
  assets = join(folder, 'renderer')
  await mkdir(join(assets, 'assets'), { recursive: true })
  await writeFile(join(assets, 'index.html'), '<!doctype html><title>Slipstream</title>')
  await writeFile(join(assets, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(assets, 'assets', 'index-1.js'), 'export {}')
  await writeFile(join(assets, '.hidden.txt'), 'hidden')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(assets, 'link.txt'))
})

afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  token = createToken()
  ended = 0
  bugs.length = 0
  const started = await startServer({
    port: 0,
    token,
    assets,
    onBug: (cause) => bugs.push(cause),
    handlers(signal) {
      signal.addEventListener('abort', () => {
        ended += 1
      })
      return createHandlers({ calls: { undo: async () => ({ ok: true, value: { places: [] } }) } })
    },
  })
  if (!started.ok) throw new Error(started.failure.message)
  host = started.value
})

afterEach(async () => {
  await host.close()
  expect(bugs).toEqual([])
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request whose path and headers go out as they are, which fetch would not do. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: host.port, path, method, headers, agent: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString('utf8'),
          }),
        )
      },
    )
    request.on('error', reject)
    request.end()
  })
}

interface Attempt {
  readonly path?: string
  readonly origin?: string | undefined
  readonly protocol?: string | undefined
  readonly headers?: Record<string, string>
}

function openSocket(attempt: Attempt = {}): WebSocket {
  const protocol = 'protocol' in attempt ? attempt.protocol : `slipstream.${token}`
  const origin = 'origin' in attempt ? attempt.origin : `http://127.0.0.1:${host.port}`
  return new WebSocket(
    `ws://127.0.0.1:${host.port}${attempt.path ?? '/wire'}`,
    protocol === undefined ? [] : [protocol],
    {
      headers: { ...(origin === undefined ? {} : { origin }), ...attempt.headers },
    },
  )
}

/** The status of a refused attempt; 101 when it was let in. */
function statusOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}

describe('the window over HTTP', () => {
  test('the page comes with headers that fence it in', async () => {
    const { status, headers, body } = await get('/')
    expect(status).toBe(200)
    expect(body).toContain('Slipstream')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; " +
        "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('scripts come with their type, also under the name localhost', async () => {
    const { status, headers } = await get('/assets/index-1.js', { host: `localhost:${host.port}` })
    expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
  })

  test('HEAD gives the headers alone', async () => {
    const { status, headers, body } = await get('/index.html', {}, 'HEAD')
    expect([status, headers['content-length'], body]).toEqual([200, '40', ''])
  })

  test('the icon that browsers ask for unasked is there', async () => {
    expect(await get('/favicon.ico')).toMatchObject({ status: 200, headers: { 'content-type': 'image/svg+xml' } })
  })

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '//etc/passwd',
    '/assets/..\\..\\secret.txt',
    '/.hidden.txt',
    '/link.txt',
    '/assets',
    '/assets/',
    '/index.html%00.txt',
    '/missing.js',
    'http://evil.example/secret.txt',
    '*',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await get(path)
    expect([status, body]).toEqual([404, 'Not found.\n'])
  })

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost', '[::1]'])(
    'the host name %j is refused',
    async (name) => {
      expect((await get('/', { host: name })).status).toBe(403)
    },
  )

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s is refused', async (method) => {
    expect((await get('/', {}, method)).status).toBe(405)
  })

  test('no answer holds the token', async () => {
    for (const path of ['/', '/wire', '/missing', '/open/x', '/favicon.ico']) {
      expect(JSON.stringify(await get(path))).not.toContain(token)
    }
  })

  test('garbage instead of HTTP ends that connection and nothing else', async () => {
    await new Promise<void>((resolve) => {
      const socket = connectSocket(host.port, '127.0.0.1', () => socket.write('\u0000\u0001 garbage\r\n\r\n'))
      socket.on('close', () => resolve())
      socket.on('error', () => {})
    })
    expect((await get('/')).status).toBe(200)
  })
})

describe('the opening address', () => {
  test('leads to the window once', async () => {
    const { pathname } = new URL(host.openingUrl())
    const first = await get(pathname)
    expect([first.status, first.headers.location]).toEqual([302, `/#token=${token}`])
    expect((await get(pathname)).status).toBe(403)
  })

  test('does not hold the token', () => {
    expect(host.openingUrl()).not.toContain(token)
  })

  test('is not used up by a HEAD, as link previews send', async () => {
    const { pathname } = new URL(host.openingUrl())
    expect((await get(pathname, {}, 'HEAD')).status).toBe(403)
    expect((await get(pathname)).status).toBe(302)
  })
})

describe('the wire over a WebSocket', () => {
  test('a window with the token gets answers, and its end is told', async () => {
    const socket = openSocket()
    await new Promise((resolve) => {
      socket.once('open', resolve)
    })
    const client = connect(createWebSocketPort<EngineFrame, ClientMessage>(socket, (text) => JSON.parse(text)))
    expect(await client.call('undo', {})).toEqual({ ok: true, value: { places: [] } })
    const closed = new Promise<void>((resolve) => {
      client.onClose(resolve)
    })
    client.close()
    await closed
    await expect.poll(() => ended).toBe(1)
  })

  test('nothing is compressed', async () => {
    const socket = openSocket()
    await new Promise((resolve) => {
      socket.once('open', resolve)
    })
    expect(socket.extensions).toBe('')
    socket.terminate()
  })

  test.each<[string, Attempt, number]>([
    ['no token', { protocol: undefined }, 401],
    ['a wrong token', { protocol: `slipstream.${'A'.repeat(43)}` }, 401],
    ['an empty token', { protocol: 'slipstream' }, 401],
    ['another page', { origin: 'http://evil.example' }, 403],
    ['a page on another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page with no origin of its own', { origin: 'null' }, 403],
    ['no origin at all', { origin: undefined }, 403],
    ['a rebound name', { headers: { host: 'evil.example' } }, 403],
    ['another path', { path: '/' }, 404],
    ['a query behind the path', { path: '/wire?token=x' }, 404],
  ])('%s is refused', async (_what, attempt, status) => {
    expect(await statusOf(openSocket(attempt))).toBe(status)
  })

  test('the right token is let in, so the refusals above mean something', async () => {
    expect(await statusOf(openSocket())).toBe(101)
  })

  test('a frame over the cap ends the connection', async () => {
    const socket = openSocket()
    await new Promise((resolve) => {
      socket.once('open', resolve)
    })
    const code = new Promise((resolve) => {
      socket.once('close', resolve)
    })
    socket.send('x'.repeat(1_000_001))
    expect(await code).toBe(1009)
  })

  test('too many windows are refused, and room is made when one closes', async () => {
    const sockets = Array.from({ length: 32 }, () => openSocket())
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise((resolve) => {
            socket.once('open', resolve)
          }),
      ),
    )
    expect(await statusOf(openSocket())).toBe(503)
    const [first] = sockets
    first?.terminate()
    await expect.poll(() => statusOf(openSocket())).toBe(101)
    for (const socket of sockets) socket.terminate()
  })
})

describe('starting', () => {
  test('the address carries the port and the token', () => {
    expect(host.url).toBe(`http://127.0.0.1:${host.port}/#token=${token}`)
  })

  test('a port in use is told in one line', async () => {
    const again = await startServer({
      port: host.port,
      token,
      assets,
      handlers: () => createHandlers({}),
      onBug: () => {},
    })
    expect(again).toEqual({
      ok: false,
      failure: {
        code: 'port',
        message: `Port ${host.port} is in use: choose another one with --port, or --port 0 for a free one.`,
      },
    })
  })

  test('a window that is not built is told', async () => {
    const options = { port: 0, token, handlers: () => createHandlers({}), onBug: () => {} }
    const missing = await startServer({ ...options, assets: join(folder, 'nothing') })
    expect(missing).toMatchObject({ ok: false, failure: { code: 'assets' } })
  })

  test('every run has a token of its own, of 256 bits', () => {
    expect(new Set(Array.from({ length: 50 }, createToken)).size).toBe(50)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  })

  test('closing ends open windows', async () => {
    const socket = openSocket()
    await new Promise((resolve) => {
      socket.once('open', resolve)
    })
    const closed = new Promise((resolve) => {
      socket.once('close', resolve)
    })
    await host.close()
    await closed
  })
})
