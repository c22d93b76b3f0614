// The port contract over each transport that this host has.
import { createServer } from 'node:http'
import { connect as connectSocket, createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { ClientMessage, EngineFrame, EngineMessage } from '../../preload/wire.ts'
import { decodeUntrusted } from '../../main/host/inbox.ts'
import { createStreamPort } from '../../main/host/stream-port.ts'
import { createWebSocketPort } from '../../main/host/websocket-port.ts'
import { createPortPair } from '../fakes/port-pair.ts'
import { describePort, type Connected } from './port-contract.ts'

describePort('memory port', async () => ({ ...createPortPair(), dispose: async () => {} }))
describePort('WebSocket port', openWebSockets)
describePort('stream port', () => openStreams())

async function openWebSockets(): Promise<Connected> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const accepted = new Promise<WebSocket>((resolve) => {
    sockets.once('connection', resolve)
  })
  const near = new WebSocket(`ws://127.0.0.1:${portOf(server)}`)
  const client = createWebSocketPort<EngineFrame, ClientMessage>(near, (text) => JSON.parse(text))
  const engine = createWebSocketPort<unknown, EngineMessage>(await accepted, decodeUntrusted)
  if (near.readyState !== near.OPEN) {
    await new Promise((resolve) => {
      near.once('open', resolve)
    })
  }
  return {
    client,
    engine,
    inject: (frame) => near.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async dispose() {
      near.terminate()
      sockets.close()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function openStreams(options = { maxFrameBytes: 16_000_000 }): Promise<Connected & { readonly near: Socket }> {
  const server = createSocketServer({ noDelay: true })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const accepted = new Promise<Socket>((resolve) => {
    server.once('connection', resolve)
  })
  const near = connectSocket({ port: portOf(server), host: '127.0.0.1', noDelay: true })
  const client = createStreamPort<EngineFrame, ClientMessage>(near, (text) => JSON.parse(text), {
    maxFrameBytes: 64_000_000,
  })
  const far = await accepted
  const engine = createStreamPort<unknown, EngineMessage>(far, decodeUntrusted, options)
  return {
    client,
    engine,
    near,
    inject: (frame) => void near.write(`${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n`),
    async dispose() {
      near.destroy()
      far.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return address.port
}

describe('stream port', () => {
  test('a line that is longer than the cap closes the port', async () => {
    const connected = await openStreams({ maxFrameBytes: 1_000 })
    const closed = new Promise<void>((resolve) => {
      connected.engine.onClose(resolve)
    })
    connected.near.write('x'.repeat(1_001))
    await closed
    await connected.dispose()
  })

  test('frames come whole however the bytes are cut', async () => {
    const connected = await openStreams()
    const seen: unknown[] = []
    const all = new Promise<void>((resolve) => {
      connected.engine.onMessage((frame) => {
        seen.push(frame)
        if (seen.length === 3) resolve()
      })
    })
    for (const byte of Buffer.from('{"a":"ä🙂"}\n[1]\nno json\n')) {
      connected.near.write(Buffer.of(byte))
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
    }
    await all
    expect(seen).toEqual([{ a: 'ä🙂' }, [1], undefined])
    await connected.dispose()
  })
})

describe('memory port', () => {
  test('delivers nothing before it is pumped when told to wait', () => {
    const pair = createPortPair({ manual: true })
    const seen: unknown[] = []
    pair.engine.onMessage((frame) => seen.push(frame))
    pair.client.send({ type: 'cancel', id: 1 })
    expect(seen).toEqual([])
    expect(pair.waiting()).toBe(1)
    pair.pump()
    expect(seen).toEqual([{ type: 'cancel', id: 1 }])
  })
})
