// The wire over Electron IPC: the port contract with the real preload script, and who is not answered.
import { beforeAll, describe, expect, test } from 'vitest'
import type { EnginePort } from '../../preload/wire.ts'
import { connect } from '../../preload/wire/client.ts'
import { connectTo, setupBridge } from '../../main/shell/bridge.ts'
import { createFakeElectron, FakeContents } from '../fakes/electron.ts'
import { buildPreload, runPreload } from '../fakes/electron-ipc.ts'
import { createHandlers } from '../fakes/handlers.ts'
import { describePort } from '../host/port-contract.ts'

let preload = ''
beforeAll(async () => {
  preload = await buildPreload()
})

test('the preload script is one file that asks for nothing but electron', () => {
  expect([...preload.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(['"electron"'])
})

describePort('Electron IPC, real preload and bridge', async () => {
  const { ipcMain } = createFakeElectron()
  const contents = new FakeContents(1)
  const bridge = setupBridge({ ipcMain })
  const { promise, resolve } = Promise.withResolvers<EnginePort>()
  bridge.attach(contents, resolve)
  // The connection has a name of its own; the first frame tells it.
  let name = ''
  ipcMain.on('slipstream:frame', (_event, given) => {
    name = String(given)
  })
  const page = runPreload(preload, ipcMain, contents)
  const client = page.connect()
  client.send({ type: 'cancel', id: 1_000_000 })
  const engine = await promise
  return {
    client,
    engine,
    inject: (frame) => page.send('slipstream:frame', name, frame),
    async dispose() {
      bridge.close()
    },
  }
})

describe('who is answered', () => {
  function setup() {
    const { ipcMain } = createFakeElectron()
    const contents = new FakeContents(1)
    const bridge = setupBridge({ ipcMain })
    const asked: string[] = []
    bridge.attach(
      contents,
      connectTo({
        handlers: () =>
          createHandlers({
            calls: {
              undo: async () => {
                asked.push('undo')
                return { ok: true, value: { places: [] } }
              },
            },
          }),
        onBug: () => {},
      }),
    )
    const frame = { type: 'call', id: 1, name: 'undo', arguments: {} }
    return { ipcMain, contents, bridge, asked, frame }
  }

  test.each([
    ['another origin', { origin: 'https://example.org', parent: null }],
    ['a file', { origin: 'file://', parent: null }],
    ['a frame within the page', { origin: 'app://slipstream', parent: {} }],
    ['an opaque origin', { origin: 'null', parent: null }],
  ])('%s is refused with an error', async (_what, from) => {
    const { ipcMain, contents, asked, frame } = setup()
    const replies = ipcMain.receive(contents, 'slipstream:frame', ['name', frame], from)
    expect(replies).toEqual([
      [
        'slipstream:frame',
        'name',
        { type: 'refused', id: null, failure: { code: 'sender', message: expect.any(String) } },
      ],
    ])
    await new Promise(setImmediate)
    expect(asked).toEqual([])
  })

  test('a window that was not attached is refused', () => {
    const { ipcMain, frame } = setup()
    expect(ipcMain.receive(new FakeContents(2), 'slipstream:frame', ['name', frame])).toHaveLength(1)
  })

  test('a frame that has gone meanwhile is not answered, and does nothing', async () => {
    const { ipcMain, contents, asked, frame } = setup()
    expect(ipcMain.receive(contents, 'slipstream:frame', ['name', frame], null)).toEqual([])
    await new Promise(setImmediate)
    expect(asked).toEqual([])
  })

  test.each([[undefined], [1], [''], ['x'.repeat(65)], [{}]])('a connection named %o is refused', (name) => {
    const { ipcMain, contents, frame } = setup()
    expect(ipcMain.receive(contents, 'slipstream:frame', [name, frame])).toHaveLength(1)
  })

  test('after the page was left its late frames open nothing again', async () => {
    const { ipcMain, contents, asked, frame } = setup()
    ipcMain.receive(contents, 'slipstream:frame', ['old', frame])
    await expect.poll(() => asked).toEqual(['undo'])
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    ipcMain.receive(contents, 'slipstream:frame', ['old', { ...frame, id: 2 }])
    ipcMain.receive(contents, 'slipstream:frame', ['new', frame])
    await expect.poll(() => asked).toEqual(['undo', 'undo'])
    expect(contents.sent.filter(({ channel }) => channel === 'slipstream:close').map(({ values }) => values)).toEqual([
      ['old'],
    ])
  })

  test.each([
    ['its process dies', (contents: FakeContents) => contents.emit('render-process-gone', {}, { reason: 'crashed' })],
    [
      'it is reloaded',
      (contents: FakeContents) => contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false }),
    ],
    ['its window is destroyed', (contents: FakeContents) => contents.emit('destroyed')],
  ])('what runs for a page ends when %s', async (_what, end) => {
    const { ipcMain } = createFakeElectron()
    const contents = new FakeContents(1)
    const bridge = setupBridge({ ipcMain })
    const begun = Promise.withResolvers<AbortSignal>()
    const handlers = createHandlers({
      calls: {
        undo: (_values, signal) => {
          begun.resolve(signal)
          return new Promise(() => {})
        },
      },
    })
    bridge.attach(contents, connectTo({ handlers: () => handlers, onBug: () => {} }))
    const client = connect(runPreload(preload, ipcMain, contents).connect())
    void client.call('undo', {})
    const signal = await begun.promise
    end(contents)
    expect(signal.aborted).toBe(true)
  })

  test('a page may connect again after its connection was ended', async () => {
    const { ipcMain, contents, asked } = setup()
    const page = runPreload(preload, ipcMain, contents)
    const first = connect(page.connect())
    await first.call('undo', {})
    first.close()
    expect(await connect(page.connect()).call('undo', {})).toMatchObject({ ok: true })
    expect(asked).toHaveLength(2)
  })
})
