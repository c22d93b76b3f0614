// What every Port has to do for the wire: one suite, run over memory, WebSocket and stream ports alike.
import { afterEach, describe, expect, test } from 'vitest'
import type { EventBatch } from '../../preload/contract.ts'
import type { ClientPort, EnginePort } from '../../preload/wire.ts'
import { connect, type Client } from '../../preload/wire/client.ts'
import { serve, type Handlers } from '../../preload/wire/server.ts'
import { checkFrame } from '../../main/host/guard.ts'
import { createHandlers, failed, textBatch, textOf } from '../fakes/handlers.ts'

export interface Connected {
  readonly client: ClientPort
  readonly engine: EnginePort
  /** Sends what no honest client would, as close to raw as the transport goes. */
  inject(frame: unknown): void
  /** Ends what the ports stand on (sockets, servers). */
  dispose(): Promise<void>
}

/** Runs the suite over what `open` connects. */
export function describePort(name: string, open: () => Promise<Connected>): void {
  describe(name, () => {
    let connected: Connected | null = null
    const bugs: unknown[] = []

    async function start(
      some: Parameters<typeof createHandlers>[0],
    ): Promise<{ readonly client: Client } & Omit<Connected, 'client'>> {
      connected = await open()
      bugs.length = 0
      const handlers: Handlers = createHandlers(some)
      serve(connected.engine, handlers, { check: checkFrame, onBug: (cause) => bugs.push(cause) })
      return { ...connected, client: connect(connected.client), inject: connected.inject }
    }

    afterEach(async () => {
      await connected?.dispose()
      connected = null
    })

    test('a call gets its answer', async () => {
      const { client } = await start({
        calls: { nudge: async ({ text }) => ({ ok: true, value: { suggestion: `for ${text}` } }) },
      })
      expect(await client.call('nudge', { suggestion: null, text: 'a Map' })).toEqual({
        ok: true,
        value: { suggestion: 'for a Map' },
      })
    })

    test('an expected failure arrives as a value', async () => {
      const { client } = await start({ calls: { undo: async () => failed('nothing', 'Nothing to undo.') } })
      expect(await client.call('undo', {})).toEqual(failed('nothing', 'Nothing to undo.'))
    })

    test('calls are answered in the order in which they are ready, each to its own asker', async () => {
      const first = gate()
      const { client } = await start({
        calls: {
          retry: async ({ suggestion }) => {
            if (suggestion === 'one') await first.opened
            return { ok: true, value: { suggestion } }
          },
        },
      })
      const one = client.call('retry', { suggestion: 'one' })
      const two = await client.call('retry', { suggestion: 'two' })
      first.open()
      expect([two, await one]).toEqual([
        { ok: true, value: { suggestion: 'two' } },
        { ok: true, value: { suggestion: 'one' } },
      ])
    })

    test('a handler that throws is a bug for the log, and only a code for the window', async () => {
      const { client } = await start({
        calls: {
          undo: async () => {
            throw new Error('secret detail')
          },
        },
      })
      const answer = await client.call('undo', {})
      expect(answer).toMatchObject({ ok: false, failure: { code: 'internal' } })
      expect(JSON.stringify(answer)).not.toContain('secret detail')
      expect(bugs).toMatchObject([{ message: 'secret detail' }])
    })

    test('cancelling a call aborts its handler and resolves at once', async () => {
      const aborted = gate()
      const { client } = await start({
        calls: {
          undo: (_values, signal) =>
            new Promise(() => {
              signal.addEventListener('abort', aborted.open)
            }),
        },
      })
      const controller = new AbortController()
      const answer = client.call('undo', {}, controller.signal)
      controller.abort()
      expect(await answer).toMatchObject(failedWith('cancelled'))
      await aborted.opened
    })

    test('a call that is cancelled before it begins sends nothing', async () => {
      let asked = 0
      const { client } = await start({
        calls: {
          undo: async () => {
            asked += 1
            return failed('nothing')
          },
        },
      })
      expect(await client.call('undo', {}, AbortSignal.abort())).toMatchObject(failedWith('cancelled'))
      await client.call('status', {})
      expect(asked).toBe(0)
    })

    test('a stream brings its items in order, then its end', async () => {
      const { client } = await start({
        streams: {
          async *events() {
            for (let index = 0; index < 100; index += 1) yield textBatch(String(index))
          },
        },
      })
      const seen: string[] = []
      const { ended } = client.open('events', {}, (batch) => void seen.push(textOf(batch)))
      expect(await ended).toBeNull()
      expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => String(index)))
    })

    test('stopping a stream ends its source, and nothing comes afterwards', async () => {
      const finished = gate()
      const { client } = await start({
        streams: {
          async *events(_values, signal) {
            try {
              for (let index = 0; !signal.aborted; index += 1) {
                yield textBatch(String(index))
                await Promise.resolve()
              }
            } finally {
              finished.open()
            }
          },
        },
      })
      let count = 0
      const stream = client.open('events', {}, () => {
        count += 1
        if (count === 3) stream.stop()
      })
      expect(await stream.ended).toBeNull()
      await finished.opened
      await client.call('status', {})
      expect(count).toBe(3)
    })

    test('a source that waits for credit is ended too', async () => {
      const finished = gate()
      const { client } = await start({
        streams: {
          async *events() {
            try {
              for (;;) yield textBatch('x')
            } finally {
              finished.open()
            }
          },
        },
      })
      const stream = client.open('events', {}, () => new Promise(() => {}), { credit: 1 })
      await client.call('status', {})
      stream.stop()
      await finished.opened
    })

    test('without credit nothing is pulled, so a slow window gets fewer and bigger items', async () => {
      let pulled = 0
      const arrived = gate()
      const { client } = await start({
        streams: {
          async *events() {
            for (;;) {
              pulled += 1
              yield textBatch('x')
            }
          },
        },
      })
      const slow = gate()
      const stream = client.open(
        'events',
        {},
        () => {
          arrived.open()
          return slow.opened
        },
        { credit: 3 },
      )
      await arrived.opened
      for (let index = 0; index < 5; index += 1) await client.call('status', {})
      expect(pulled).toBe(3)
      slow.open()
      for (let index = 0; index < 5; index += 1) await client.call('status', {})
      expect(pulled).toBeGreaterThan(3)
      stream.stop()
    })

    test('a source that fails ends the stream with a failure', async () => {
      const { client } = await start({
        streams: {
          // oxlint-disable-next-line require-yield
          async *events(): AsyncGenerator<EventBatch> {
            throw new Error('broken')
          },
        },
      })
      expect(await client.open('events', {}, () => {}).ended).toMatchObject({ code: 'internal' })
      expect(bugs).toHaveLength(1)
    })

    test('closing in the middle answers every open question with `closed`', async () => {
      const asked = gate()
      const { client, engine } = await start({
        calls: {
          undo: () => {
            asked.open()
            return new Promise(() => {})
          },
        },
        streams: {
          async *events() {
            yield textBatch('x')
            await new Promise(() => {})
          },
        },
      })
      const answer = client.call('undo', {})
      const stream = client.open('events', {}, () => {})
      await asked.opened
      engine.close()
      expect(await answer).toMatchObject(failedWith('closed'))
      expect(await stream.ended).toMatchObject({ code: 'closed' })
      expect(await client.call('undo', {})).toMatchObject(failedWith('closed'))
    })

    test('the window going away aborts what runs for it', async () => {
      const asked = gate()
      const aborted = gate()
      const { client } = await start({
        calls: {
          undo: (_values, signal) => {
            asked.open()
            signal.addEventListener('abort', aborted.open)
            return new Promise(() => {})
          },
        },
      })
      void client.call('undo', {})
      await asked.opened
      client.close()
      await aborted.opened
    })

    test('a close listener that comes late is called at once', async () => {
      const { client } = await start({})
      const closed = gate()
      client.onClose(closed.open)
      client.close()
      await closed.opened
      const late = gate()
      client.onClose(late.open)
      await late.opened
    })

    test('malformed frames are refused, and the connection lives on', async () => {
      const { client, inject } = await start({})
      const refusals: unknown[] = []
      connected?.client.onMessage((frame) => {
        if (frame.type === 'refused') refusals.push({ id: frame.id, code: frame.failure.code })
      })
      inject('no frame')
      inject(null)
      inject([])
      inject({ type: 'call', id: 901, name: 'undo', arguments: { surprise: true } })
      inject({ type: 'call', id: 902, name: 'toString', arguments: {} })
      inject({ type: 'open', id: 903, name: 'secrets', arguments: {}, credit: 1 })
      inject({ type: 'launch', id: 904 })
      inject({ type: 'call', id: -1, name: 'undo', arguments: {} })
      await client.call('status', {})
      expect(refusals).toEqual([
        { id: null, code: 'malformed' },
        { id: null, code: 'malformed' },
        { id: null, code: 'malformed' },
        { id: 901, code: 'malformed' },
        { id: 902, code: 'unknown' },
        { id: 903, code: 'unknown' },
        { id: 904, code: 'malformed' },
        { id: -1, code: 'malformed' },
      ])
    })

    test('an id that is in use is refused without harm to the one that has it', async () => {
      const go = gate()
      const { client, inject } = await start({
        calls: {
          undo: async () => {
            await go.opened
            return { ok: true, value: { places: [] } }
          },
        },
      })
      const answer = client.call('undo', {})
      inject({ type: 'call', id: 1, name: 'status', arguments: {} })
      await client.call('status', {})
      go.open()
      expect(await answer).toEqual({ ok: true, value: { places: [] } })
    })

    test('a refused question ends with the reason instead of waiting for ever', async () => {
      const { client } = await start({})
      expect(await client.call('ask', { text: 'x'.repeat(20_001), place: null })).toMatchObject(failedWith('malformed'))
      expect(await client.open('events', {}, () => {}, { credit: 0 }).ended).toMatchObject({ code: 'malformed' })
    })

    test('cancel and credit for what is not there are no fault', async () => {
      const { client, inject } = await start({ calls: { undo: async () => failed('nothing') } })
      inject({ type: 'cancel', id: 77 })
      inject({ type: 'credit', id: 77, credit: 1 })
      expect(await client.call('undo', {})).toMatchObject(failedWith('nothing'))
    })

    test('big frames arrive whole', async () => {
      const big = 'ä🙂\u2028\n'.repeat(500_000)
      const { client } = await start({
        streams: {
          async *events() {
            yield textBatch(big)
            yield textBatch('end')
          },
        },
      })
      const seen: string[] = []
      await client.open('events', {}, (batch) => void seen.push(textOf(batch))).ended
      expect(seen[0] === big).toBe(true)
      expect(seen[1]).toBe('end')
    })
  })
}

function failedWith(code: string): { readonly ok: false; readonly failure: { readonly code: string } } {
  return { ok: false, failure: { code } }
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}
