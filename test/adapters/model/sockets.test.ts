// The WebSockets that are kept, with sockets and time in the test's hand: each race is a plain sequence.
import { expect, test } from 'vitest'
import { parseEndpoint } from '../../../main/adapters/model/endpoint.ts'
import { createLearnt, type Learnt } from '../../../main/adapters/model/learnt.ts'
import type { ResponsesSocket, SocketKeeper, SocketListener } from '../../../main/adapters/model/socket.ts'
import { createSockets, type Sockets } from '../../../main/adapters/model/sockets.ts'
import { watchWhereabouts, type Whereabouts } from '../../../main/adapters/model/whereabouts.ts'
import type { Clock, Prompt } from '../../../main/core/ports.ts'

const PREFIX: Prompt = { instructions: 'i', messages: [], cacheKey: 'k' }

/** Time passes only by `pass`; timers run in their order. */
class HeldClock implements Clock {
  at = 0
  /** What the wall clock is ahead of the monotonic one. */
  slept = 0
  #timers: { readonly due: number; readonly run: () => void }[] = []

  /** Timers that are set. */
  get waiting(): number {
    return this.#timers.length
  }

  now(): number {
    return this.at
  }

  wall(): number {
    return this.at + this.slept
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.at + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  soon(run: () => void): void {
    this.after(0, run)
  }

  async pass(ms: number): Promise<void> {
    const end = this.at + ms
    for (;;) {
      const next = this.#timers.filter(({ due }) => due <= end).toSorted((one, other) => one.due - other.due)[0]
      if (next === undefined) break
      this.at = Math.max(this.at, next.due)
      this.#timers = this.#timers.filter((other) => other !== next)
      next.run()
      await settled()
    }
    this.at = end
  }
}

/** A socket that opens, answers and breaks when the test says so. */
class FakeSocket implements ResponsesSocket {
  openedAt: number | null = null
  link: ResponsesSocket['link'] = null
  terminated = false
  answersPings = true
  readonly sent: unknown[] = []
  readonly #keeper: SocketKeeper
  readonly #clock: Clock
  #listener: SocketListener | null = null

  constructor(keeper: SocketKeeper, clock: Clock) {
    this.#keeper = keeper
    this.#clock = clock
  }

  send(event: unknown): void {
    this.sent.push(event)
  }

  listen(listener: SocketListener | null): void {
    this.#listener = listener
  }

  terminate(): void {
    if (this.terminated) return
    this.terminated = true
    this.#listener = null
    this.#keeper.closed(null)
  }

  ping(): boolean {
    return this.answersPings
  }

  open(): void {
    this.openedAt = this.#clock.now()
    this.#keeper.opened()
  }

  arrive(event: unknown): void {
    this.#listener?.event(event)
  }

  break(status: number | null = null): void {
    const listener = this.#listener
    this.#listener = null
    this.terminated = true
    listener?.closed()
    this.#keeper.closed(status)
  }
}

interface Bench {
  readonly clock: HeldClock
  readonly learnt: Learnt
  readonly made: FakeSocket[]
  readonly sockets: Sockets
  readonly whereabouts: Whereabouts
  /** Opens whatever is being made, until nothing more is asked for. */
  openAll(): Promise<void>
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
}

function bench(network = (): string => 'home'): Bench {
  const clock = new HeldClock()
  const memory = new Map<string, string>()
  const learnt = createLearnt(
    { get: (key) => memory.get(key), set: (key, value) => void memory.set(key, value) },
    clock,
  )
  const endpoint = parseEndpoint('https://models.invalid/v1')
  if (!endpoint.ok) throw new Error('the address is good')
  const made: FakeSocket[] = []
  const whereabouts = watchWhereabouts(clock, network)
  const sockets = createSockets({
    endpoint: endpoint.value,
    learnt,
    clock,
    whereabouts,
    open(keeper) {
      const socket = new FakeSocket(keeper, clock)
      made.push(socket)
      return Promise.resolve(socket)
    },
    warmUp: () => ({ type: 'response.create', model: 'm', generate: false }),
    warmedUp: () => undefined,
  })
  return {
    clock,
    learnt,
    made,
    sockets,
    whereabouts,
    async openAll() {
      await settled()
      for (let at = made.findIndex(({ openedAt }) => openedAt === null); at >= 0 && at < made.length; at += 1) {
        made[at]?.open()
        await settled()
      }
    },
  }
}

async function opened(network?: () => string): Promise<Bench> {
  const all = bench(network)
  void all.sockets.start(null)
  await all.openAll()
  return all
}

test('three are made, one after the other', async () => {
  const { made, sockets } = bench()
  void sockets.start(null)
  await settled()
  for (let count = 1; count <= 3; count += 1) {
    expect(made.length).toBe(count)
    made[count - 1]?.open()
    await settled()
  }
  expect(made.length).toBe(3)
})

test('nothing is given before it is started, while one is made, or when two are in use', async () => {
  const { made, openAll, sockets } = bench()
  expect(sockets.take()).toBeNull()
  void sockets.start(null)
  await settled()
  expect(sockets.take()).toBeNull()
  await openAll()
  expect([sockets.take(), sockets.take()].map((socket) => socket !== null)).toEqual([true, true])
  expect(sockets.take()).toBeNull()
  expect(made.length).toBe(3)
})

test('the start is over when the first is ready', async () => {
  const { made, sockets } = bench()
  let ready = false
  void sockets.start(null).then(() => (ready = true))
  await settled()
  expect(ready).toBe(false)
  made[0]?.open()
  await settled()
  expect(ready).toBe(true)
})

test('the start is over when the first cannot be had', async () => {
  const { made, sockets } = bench()
  const start = sockets.start(null)
  await settled()
  made[0]?.break()
  await start
  expect(sockets.take()).toBeNull()
})

test('one that cannot be had is tried again after pauses that grow to a minute', async () => {
  const { clock, made, sockets } = bench()
  void sockets.start(null)
  await settled()
  const pauses: number[] = []
  for (let round = 0; round < 9; round += 1) {
    made.at(-1)?.break()
    const before = clock.at
    const count = made.length
    while (made.length === count) await clock.pass(500)
    pauses.push(clock.at - before)
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
})

test('an upgrade that is refused for good is not asked for again', async () => {
  const { clock, learnt, made, sockets } = bench()
  void sockets.start(null)
  await settled()
  made[0]?.break(426)
  await clock.pass(60 * 60_000)
  expect(made.length).toBe(1)
  expect(learnt.lacks('websocket', 'https://models.invalid/v1')).toBe(true)
})

test('one that was given back broken is replaced, one that was given back whole is used next', async () => {
  const { clock, made, openAll, sockets } = await opened()
  const first = sockets.take()
  if (first === null) throw new Error('one is ready')
  sockets.release(first, true)
  expect(sockets.take()).toBe(first)
  sockets.release(first, false)
  await clock.pass(0)
  await openAll()
  expect(made.map(({ terminated }) => terminated)).toEqual([false, false, true, false])
})

test('one that breaks while it is idle is not given any more', async () => {
  const { made, sockets } = await opened()
  made[2]?.break()
  expect(sockets.take()).toBe(made[1])
})

test('one that does not answer a ping is replaced', async () => {
  const { clock, made, openAll } = await opened()
  const [silent] = made
  if (silent === undefined) throw new Error('one was made')
  silent.answersPings = false
  await clock.pass(20_000)
  await openAll()
  expect([silent.terminated, made.length]).toEqual([true, 4])
})

test('idle ones are replaced before their 60 minutes are over, one that is in use is not', async () => {
  const { clock, made, openAll, sockets } = await opened()
  const used = sockets.take()
  for (let minutes = 0; minutes < 52; minutes += 1) {
    await clock.pass(60_000)
    await openAll()
  }
  expect(made.slice(0, 3).map(({ terminated }) => terminated)).toEqual([true, true, false])
  expect(used).toBe(made[2])
})

test('after a sleep the old ones are replaced without a request', async () => {
  const { clock, made, openAll } = await opened()
  clock.slept = 60 * 60_000
  await clock.pass(20_000)
  await openAll()
  expect(made.map(({ terminated }) => terminated)).toEqual([true, true, true, false, false, false])
})

test('in another network the old ones are replaced without a request', async () => {
  let network = 'home'
  const { clock, made, openAll } = await opened(() => network)
  network = 'train'
  await clock.pass(20_000)
  await openAll()
  expect(made.map(({ terminated }) => terminated)).toEqual([true, true, true, false, false, false])
})

test('what the wait after failures was about is over in another network', async () => {
  let network = 'home'
  const { clock, made, sockets } = bench(() => network)
  void sockets.start(null)
  await settled()
  for (let failures = 0; failures < 8; failures += 1) {
    made.at(-1)?.break()
    await clock.pass(failures < 7 ? 60_000 : 0)
  }
  const before = made.length
  network = 'train'
  await clock.pass(20_000)
  expect(made.length).toBe(before + 1)
})

test('an upgrade that was refused is asked for again in another network, and only there', async () => {
  let network = 'home'
  const { clock, made, openAll, sockets } = bench(() => network)
  void sockets.start(null)
  await settled()
  made[0]?.break(426)
  clock.slept = 60 * 60_000
  await clock.pass(40_000)
  expect(made).toHaveLength(1)
  network = 'train'
  await clock.pass(20_000)
  await openAll()
  expect([made.length, sockets.take()]).toEqual([4, made[3]])
})

test('when the system says that it woke up, they are replaced at once, also one that is being made', async () => {
  const { clock, made, openAll, whereabouts, sockets } = await opened()
  sockets.release(sockets.take() ?? expect.fail('one is ready'), false)
  await clock.pass(0)
  expect(made).toHaveLength(4)
  whereabouts.woke()
  await clock.pass(0)
  await openAll()
  expect(made.map(({ terminated }) => terminated)).toEqual([true, true, true, true, false, false, false])
})

test('a warm-up holds its socket back until it is over', async () => {
  const { made, sockets } = bench()
  void sockets.start(PREFIX)
  await settled()
  made[0]?.open()
  expect([made[0]?.sent.length, sockets.take()]).toEqual([1, null])
  made[0]?.arrive({ type: 'response.completed', response: { id: 'resp_w' } })
  expect(made[0]?.link).toMatchObject({ response: 'resp_w', instructions: 'i', reply: null })
  expect(sockets.take()).toBe(made[0])
})

test('a socket that breaks in its warm-up is replaced', async () => {
  const { clock, made, sockets } = bench()
  void sockets.start(PREFIX)
  await settled()
  made[0]?.open()
  made[0]?.break()
  await clock.pass(500)
  expect(made.length).toBe(2)
})

test('a warm-up without an answer is given up', async () => {
  const { clock, made, sockets } = bench()
  void sockets.start(PREFIX)
  await settled()
  made[0]?.open()
  await clock.pass(15_000)
  expect(made[0]?.terminated).toBe(true)
})

test('a WebSocket that passes nothing at all is remembered as refused: requests go by HTTP', async () => {
  const { clock, learnt, made, sockets } = bench()
  void sockets.start(PREFIX)
  await settled()
  const [silent] = made
  if (silent === undefined) throw new Error('one was made')
  silent.answersPings = false
  silent.open()
  await clock.pass(15_000)
  expect([silent.terminated, learnt.lacks('websocket', 'https://models.invalid/v1')]).toEqual([true, true])
  await clock.pass(60_000)
  expect([made.length, sockets.take()]).toEqual([1, null])
})

test('the end comes at once for what is idle or being made, later for what is in use', async () => {
  const { clock, made, sockets } = await opened()
  const used = sockets.take()
  if (used === null) throw new Error('one is ready')
  made[0]?.break()
  await clock.pass(500)
  expect(made.length).toBe(4)
  sockets.close()
  expect(made.map(({ terminated }) => terminated)).toEqual([true, true, false, true])
  sockets.release(used, true)
  expect(made[2]?.terminated).toBe(true)
  await clock.pass(60 * 60_000)
  expect(made.length).toBe(4)
})

test('nothing is left of a warm-up that the end breaks off', async () => {
  const { clock, learnt, made, sockets, whereabouts } = bench()
  void sockets.start(PREFIX)
  await settled()
  made[0]?.open()
  sockets.close()
  whereabouts.close()
  expect([made[0]?.terminated, clock.waiting]).toEqual([true, 0])
  expect(learnt.lacks('warm-up', 'https://models.invalid/v1')).toBe(false)
})

test('one that opens after the end is let go', async () => {
  const { made, sockets } = bench()
  void sockets.start(null)
  sockets.close()
  await settled()
  expect(made[0]?.terminated).toBe(true)
  expect(sockets.take()).toBeNull()
})
