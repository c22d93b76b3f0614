// A window that takes nothing for a while, because it is busy or hidden: what waits for it stays small, and nothing waits for it.
import { afterEach, describe, expect, test } from 'vitest'
import type { EventBatch } from '../../preload/contract.ts'
import { serve } from '../../preload/wire/server.ts'
import { checkFrame } from '../../main/host/guard.ts'
import { settle } from '../fakes/clock.ts'
import { createHandlers } from '../fakes/handlers.ts'
import { createPortPair } from '../fakes/port-pair.ts'
import { createWorld, type World } from '../fakes/world.ts'

const TEXT = 'one\ntwo\nthree\n'
const CREDIT = 4
/** As much of what it has missed as a window gets, in UTF-16 units. */
const TAIL = 200_000

let stop = (): void => {}
afterEach(() => stop())

/** A session that streams to a window which has given so much credit, and gives no more by itself. */
async function streaming(): Promise<{
  readonly world: World
  readonly batches: EventBatch[]
  readonly answers: unknown[]
  send(frame: unknown): Promise<void>
  /** Tokens, some of them in each turn of the event loop. */
  tokens(count: number, text: string): Promise<void>
}> {
  const world = await createWorld({ contents: { 'src/a.ts': TEXT } })
  const pair = createPortPair()
  const batches: EventBatch[] = []
  const answers: unknown[] = []
  pair.client.onMessage((frame) => {
    if (frame.type === 'item') batches.push(frame.item)
    else answers.push(frame)
  })
  const handlers = createHandlers({
    calls: { interrupt: (argument) => world.session.interrupt(argument) },
    streams: { events: (_argument, signal) => world.session.events(signal) },
  })
  stop = serve(pair.engine, handlers, { check: checkFrame })
  const send = async (frame: unknown): Promise<void> => {
    pair.inject(frame)
    await settle(3)
  }
  await send({ type: 'open', id: 1, name: 'events', arguments: {}, credit: CREDIT })
  await world.save('src/a.ts', TEXT.replace('two', '2'))
  return {
    world,
    batches,
    answers,
    send,
    async tokens(count, text) {
      for (let token = 0; token < count; token += 1) {
        world.reply().text(text)
        if (token % 50 === 0) await settle(2)
      }
      await settle(3)
    },
  }
}

const textOf = (batch: EventBatch | undefined): string => batch?.text.map(({ text }) => text).join('') ?? ''

describe('a window that is behind', () => {
  test('has no more on its way than it gave credit for, however much streams', async () => {
    const { batches, tokens } = await streaming()
    await tokens(5000, 'word ')
    expect(batches).toHaveLength(CREDIT)
  })

  test('gets all that it missed in one message', async () => {
    const { batches, tokens, send } = await streaming()
    await tokens(5000, 'word ')
    const had = batches.map(textOf).join('').length
    await send({ type: 'credit', id: 1, credit: 8 })
    expect(batches).toHaveLength(CREDIT + 1)
    expect(textOf(batches.at(-1))).toBe('word '.repeat(5000).slice(had))
  })

  test('gets the end alone of what is too much for one message', async () => {
    const { batches, tokens, send } = await streaming()
    await tokens(5000, 'x'.repeat(100))
    await send({ type: 'credit', id: 1, credit: 1 })
    expect(batches.at(-1)?.text).toMatchObject([{ from: 500_000 - TAIL, text: 'x'.repeat(TAIL) }])
  })

  test('is obeyed at once: an interrupt waits for no credit', async () => {
    const { world, answers, tokens, send } = await streaming()
    await tokens(5000, 'word ')
    const { id } = await world.suggestion()
    await send({ type: 'call', id: 2, name: 'interrupt', arguments: { suggestion: id } })
    expect(world.reply().signal.aborted).toBe(true)
    expect(answers).toMatchObject([{ type: 'answer', id: 2, result: { ok: true, value: { stopped: [id] } } }])
  })
})
