// Sleep and other networks, with both clocks and the network in the test's hand.
import { expect, test } from 'vitest'
import { networkOfThisMachine, watchWhereabouts, type Whereabouts } from '../../../main/adapters/model/whereabouts.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'

interface Watched {
  readonly clock: FakeClock
  readonly whereabouts: Whereabouts
  /** What was told, `moved` or `slept`. */
  readonly told: string[]
  /** How often the network was looked at. */
  looks: number
  network: string
  /** ms that the machine has slept: only the wall clock goes on. */
  slept: number
}

function watched(): Watched {
  const clock = createFakeClock()
  const state = { looks: 0, network: 'home', slept: 0 }
  const told: string[] = []
  const whereabouts = watchWhereabouts({ ...clock, wall: () => clock.wall() + state.slept }, () => {
    state.looks += 1
    return state.network
  })
  whereabouts.subscribe((moved) => told.push(moved ? 'moved' : 'slept'))
  return Object.assign(state, { clock, told, whereabouts })
}

test('a machine that is awake in its place is left alone', async () => {
  const { clock, told, whereabouts } = watched()
  await clock.advance(10 * 60_000)
  whereabouts.look()
  expect(told).toEqual([])
})

test('a sleep is noticed before the next request, and once', () => {
  const own = watched()
  own.slept = 60_000
  own.whereabouts.look()
  own.whereabouts.look()
  expect(own.told).toEqual(['slept'])
})

test('a sleep is noticed without a request, too', async () => {
  const own = watched()
  own.slept = 60_000
  await own.clock.advance(5_000)
  await own.clock.advance(60_000)
  expect(own.told).toEqual(['slept'])
})

test('another network is noticed within seconds, without a request', async () => {
  const own = watched()
  own.network = 'train'
  await own.clock.advance(5_000)
  own.network = 'office'
  await own.clock.advance(5_000)
  expect(own.told).toEqual(['moved', 'moved'])
})

test('another network after a sleep is noticed before the next request', () => {
  const own = watched()
  own.network = 'train'
  own.slept = 60_000
  own.whereabouts.look()
  expect(own.told).toEqual(['moved'])
})

test('what the system says of a wake is told at once, and not a second time', async () => {
  const own = watched()
  own.slept = 60 * 60_000
  own.whereabouts.woke()
  await own.clock.advance(20_000)
  expect(own.told).toEqual(['slept'])
})

test('a look before a request asks the system for nothing', () => {
  const own = watched()
  const before = own.looks
  for (let times = 0; times < 1000; times += 1) own.whereabouts.look()
  expect(own.looks).toBe(before)
})

test('nothing is told after the end', async () => {
  const own = watched()
  own.whereabouts.close()
  own.network = 'train'
  await own.clock.advance(60_000)
  expect(own.told).toEqual([])
})

test('the network of this machine is the same as long as nothing changes', () => {
  expect(networkOfThisMachine()).toBe(networkOfThisMachine())
})
