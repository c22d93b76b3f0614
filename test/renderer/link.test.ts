// The connection to the engine: it says how it stands, and comes back by itself.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientFrame, ClientMessage } from '../../preload/wire.ts'
import { serve, type Handlers } from '../../preload/wire/server.ts'
import { openLink, type Link } from '../../renderer/link.ts'
import type { LinkState } from '../../renderer/store.ts'
import { createHandlers } from '../fakes/handlers.ts'
import { createPortPair, type PortPair } from '../fakes/port-pair.ts'
import { batch } from './views.ts'

let endStream = (): void => {}

const events: Handlers['streams']['events'] = async function* (_values, signal) {
  yield batch({ first: true })
  await new Promise<void>((resolve) => {
    endStream = resolve
    signal.addEventListener('abort', () => resolve())
  })
}

describe('link', () => {
  let pairs: PortPair[]
  let states: LinkState[]
  let reachable: boolean
  let link: Link

  /** Lets everything that is under way happen, and time pass. */
  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

  beforeEach(() => {
    vi.useFakeTimers()
    pairs = []
    states = []
    reachable = true
    link = openLink(
      () => {
        const pair = createPortPair()
        pairs.push(pair)
        if (!reachable) pair.engine.close()
        serve(pair.engine, createHandlers({ streams: { events } }), {
          check: (frame) => (isFrame(frame) ? { ok: true, value: frame } : expect.fail('not a frame')),
        })
        return pair.client
      },
      { onState: (state) => states.push(state), onBatch: () => {} },
    )
  })

  afterEach(() => {
    link.close()
    vi.useRealTimers()
  })

  it('is online with the first batch', async () => {
    await pass(0)
    expect(states).toEqual(['online'])
  })

  it('says offline when the engine goes, and comes back by itself', async () => {
    await pass(0)
    pairs[0]?.engine.close()
    await pass(0)
    expect(states).toEqual(['online', 'offline'])
    await pass(5000)
    expect(states).toEqual(['online', 'offline', 'online'])
  })

  it('waits longer after each failure, up to half a minute', async () => {
    await pass(0)
    reachable = false
    pairs[0]?.engine.close()
    await pass(5000 + 10_000 + 20_000 + 30_000 + 30_000 - 1)
    expect(pairs).toHaveLength(5)
    await pass(1)
    expect(pairs).toHaveLength(6)
  })

  it('begins anew soon when the stream ends while the connection stands', async () => {
    await pass(0)
    endStream()
    await pass(0)
    await pass(250)
    expect(pairs).toHaveLength(2)
  })

  it('tries at once when asked to', async () => {
    await pass(0)
    pairs[0]?.engine.close()
    await pass(0)
    link.retry()
    await pass(0)
    expect(states.at(-1)).toBe('online')
  })

  it('answers a call without an engine with a failure', async () => {
    await pass(0)
    reachable = false
    pairs[0]?.engine.close()
    await pass(0)
    expect(await link.call('undo', {})).toMatchObject({ ok: false, failure: { code: 'offline' } })
  })

  it('passes calls on', async () => {
    await pass(0)
    expect(await link.call('undo', {})).toMatchObject({ ok: false, failure: { code: 'unexpected' } })
  })

  it('does not come back once it is closed', async () => {
    await pass(0)
    link.close()
    await pass(60_000)
    expect(pairs).toHaveLength(1)
    expect(states).toEqual(['online'])
  })

  it('says so when this window has no way to the engine', () => {
    const said: LinkState[] = []
    openLink(() => null, { onState: (state) => said.push(state), onBatch: () => {} }).close()
    expect(said).toEqual(['keyless'])
  })
})

/** What this test's own window sends is sound; only its type got lost on the way. */
function isFrame(frame: unknown): frame is ClientFrame & ClientMessage {
  return typeof frame === 'object' && frame !== null && 'type' in frame
}
