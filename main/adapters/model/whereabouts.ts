// Notices that connections which stood may be cut off without a word: the machine has slept, or is in another network.
import { networkInterfaces } from 'node:os'
import type { Clock, Stop } from '../../core/ports.ts'

export interface Whereabouts {
  /** Looks now, and tells the listeners before it returns: for the moment before a request. */
  look(): void
  /** The same for what happens often: at most once a second. */
  glance(): void
  /** The system has said that the machine woke up. */
  woke(): void
  /** `moved`: it is in another network, where other things may be possible. */
  subscribe(listener: (moved: boolean) => void): Stop
  close(): void
}

const TICK_MS = 20_000
/** A tick that comes later than this by the wall clock: the machine has slept. */
const SLEPT_MS = TICK_MS + 15_000
const GLANCE_MS = 1_000

/** `network`: anything that is another text when this machine is in another network. */
export function watchWhereabouts(clock: Clock, network: () => string): Whereabouts {
  const listeners = new Set<(moved: boolean) => void>()
  let here = network()
  let tickedAt = clock.wall()
  let lookedAt = clock.now()
  let stopTick = clock.after(TICK_MS, tick)

  function tell(moved: boolean): void {
    for (const listener of listeners) listener(moved)
  }

  function look(): void {
    lookedAt = clock.now()
    const wall = clock.wall()
    const slept = wall - tickedAt > SLEPT_MS
    if (slept) tickedAt = wall
    const now = network()
    const moved = now !== here
    here = now
    if (slept || moved) tell(moved)
  }

  function tick(): void {
    look()
    tickedAt = clock.wall()
    stopTick = clock.after(TICK_MS, tick)
  }

  return {
    look,
    glance() {
      if (clock.now() - lookedAt >= GLANCE_MS) look()
    },
    woke() {
      tickedAt = clock.wall()
      const now = network()
      const moved = now !== here
      here = now
      tell(moved)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      stopTick()
      listeners.clear()
    },
  }
}

/** Its addresses: they change with the network. */
export function networkOfThisMachine(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .join(' ')
}
