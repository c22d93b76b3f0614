// Nothing is sent anywhere but to the chosen endpoint: every connection and every look-up of a name that the engine makes is counted.
import diagnostics from 'node:diagnostics_channel'
import dns from 'node:dns'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DEFAULT_PREFERENCES } from '../../main/shell/preferences.ts'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'
import { openProject, type ProjectEngineOptions, type ProjectEngine } from './project-engine.ts'

const CODE = `export function mean(items) {
  const sum = total(items)
  return sum / items.length
}
`
const EDITED = CODE.replace('total(items)', 'totalOf(items)')
const FILES = { 'a.js': `${CODE}${CODE}`, 'b.js': CODE }

/** Sockets that this process has opened as a client, of every kind (TCP, pipes). */
const sockets: Socket[] = []
const closing: (() => Promise<unknown>)[] = []
const count = (message: unknown): void => {
  if (typeof message === 'object' && message !== null && 'socket' in message && isSocket(message.socket))
    sockets.push(message.socket)
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'connect' in value
}

beforeEach(() => {
  sockets.length = 0
  diagnostics.subscribe('net.client.socket', count)
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  diagnostics.unsubscribe('net.client.socket', count)
  vi.restoreAllMocks()
})

/** Where they went: "127.0.0.1:PORT"; one that never connected says so. */
async function places(): Promise<readonly string[]> {
  await new Promise((resolve) => setTimeout(resolve, 50))
  return [...new Set(sockets.map((socket) => seen.get(socket) ?? `${socket.remoteAddress}:${socket.remotePort}`))]
}

/** A socket that is closed has forgotten where it was connected to. */
const seen = new WeakMap<Socket, string>()
diagnostics.subscribe('net.client.socket', (message) => {
  if (typeof message !== 'object' || message === null || !('socket' in message) || !isSocket(message.socket)) return
  const { socket } = message
  socket.once('connect', () => seen.set(socket, `${socket.remoteAddress}:${socket.remotePort}`))
})

async function serve(): Promise<ModelServer> {
  const server = await startModelServer({ script: [{ reply: 'All is well.\n' }] })
  closing.push(() => server.close())
  return server
}

async function open(options: Omit<ProjectEngineOptions, 'files'>): Promise<ProjectEngine> {
  const project = await openProject({ files: FILES, ...options })
  closing.push(() => project.close())
  return project
}

/** A save, words, a nudge, the deep model, settings, status: everything a person does with it. */
async function work(project: ProjectEngine, lane: 'fast' | 'local'): Promise<void> {
  await project.engine.warm()
  await project.write('a.js', `${EDITED}${CODE}`)
  await vi.waitFor(async () => expect((await project.status()).suggestions.map((one) => one.lane)).toContain(lane), {
    timeout: 8_000,
  })
  const settings = await project.call('settings', {})
  await project.call('configure', { settings: { ...settings, hourlyTokens: 1_000_000 } })
  if (lane === 'local') return
  const { suggestion } = await project.call('ask', { text: 'why?', place: 'b.js:2' })
  await vi.waitFor(async () => {
    const found = (await project.status()).suggestions.find(({ id }) => id === suggestion)
    expect(found === undefined || found.state === 'empty' || found.state === 'ready').toBe(true)
  })
}

describe('connections', () => {
  test('all go to the chosen endpoint, by Chat Completions', async () => {
    const server = await serve()
    await work(await open({ provider: 'compatible', baseUrl: server.url, model: 'm' }), 'fast')
    expect(sockets.length).toBeGreaterThan(0)
    expect(await places()).toEqual([new URL(server.url).host])
  })

  test('all go to the chosen endpoint, by Responses and its WebSockets', async () => {
    const server = await serve()
    await work(await open({ provider: 'openai', baseUrl: server.url, model: 'm' }), 'fast')
    await vi.waitFor(() => expect(server.sockets).toBeGreaterThan(0))
    expect(await places()).toEqual([new URL(server.url).host])
  })

  test('there are none with the embedded engine', async () => {
    await work(await open({ provider: 'local', baseUrl: null }), 'local')
    expect(await places()).toEqual([])
  })

  test('there are none when nothing is set and no model server is to be looked for', async () => {
    await work(await open({ provider: null, baseUrl: null }), 'local')
    expect(await places()).toEqual([])
  })

  test('there are none in a dry run, whoever is chosen, with or without a key', async () => {
    const server = await serve()
    for (const provider of ['openai', 'compatible', null] as const) {
      for (const baseUrl of [server.url, null]) {
        const project = await openProject({ files: FILES, provider, baseUrl, dryRun: true })
        await work(project, 'fast')
        const requests = (await project.seen()).flatMap((view) => view.requests)
        expect(requests.map(({ kind, sent }) => [kind, sent])).toEqual([
          ['request', false],
          ['request', false],
        ])
        await project.close()
      }
    }
    expect(await places()).toEqual([])
    expect(server.received).toEqual([])
  })

  test('there are none before the consent, to an endpoint that is not on this machine', async () => {
    const lookup = vi.spyOn(dns, 'lookup')
    const project = await open({
      provider: null,
      baseUrl: null,
      model: 'm',
      environment: { OPENAI_BASE_URL: 'https://models.invalid/v1', OPENAI_API_KEY: 'none' },
    })
    await project.engine.warm()
    await project.write('a.js', `${EDITED}${CODE}`)
    await vi.waitFor(async () => {
      const waiting = (await project.status()).suggestions.find(({ lane }) => lane === 'fast')
      expect(waiting?.waitingFor).toContain('consent')
    })
    expect(await places()).toEqual([])
    expect(lookup).not.toHaveBeenCalled()
  })

  test('are counted: one that goes elsewhere is found', async () => {
    const other = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => other.close(resolve)))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { connect } = await import('node:net')
    connect(port, '127.0.0.1').on('error', () => undefined)
    await vi.waitFor(async () => expect(await places()).toEqual([`127.0.0.1:${port}`]))
  })
})

test('updates are off by default: no server is asked', () => {
  expect(DEFAULT_PREFERENCES.updates).toBe('off')
})
