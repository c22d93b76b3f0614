// Notices that connections which stood may be cut off without a word: the machine has slept, or is in another network.
import { networkInterfaces } from 'node:os'
import type { Clock, Stop } from '../../core/ports.ts'

export interface Whereabouts {
  /** Whether it has slept is seen now, and the listeners told before it returns: for the moment before a request. Costs nothing. */
  look(): void
  /** The system has said that the machine woke up. */
  woke(): void
  /** `moved`: it is in another network, where other things may be possible. */
  subscribe(listener: (moved: boolean) => void): Stop
  close(): void
}

/** How often the network is looked at, which takes up to a ms and so is no part of a request's way. */
export const LOOK_MS = 5_000
/** A look that comes this much too late by the wall clock: the machine has slept. */
const SLEPT_MS = 15_000

/** `network`: anything that is another text when this machine is in another network. */
export function watchWhereabouts(clock: Clock, network: () => string, lookMs = LOOK_MS): Whereabouts {
  const listeners = new Set<(moved: boolean) => void>()
  let here = network()
  let tickedAt = clock.wall()
  let stopTick = clock.after(lookMs, tick)

  /** `slept`: it is told in any case. */
  function compare(slept: boolean): void {
    tickedAt = clock.wall()
    const now = network()
    const moved = now !== here
    here = now
    if (slept || moved) for (const listener of listeners) listener(moved)
  }

  function hasSlept(): boolean {
    return clock.wall() - tickedAt > lookMs + SLEPT_MS
  }

  function tick(): void {
    compare(hasSlept())
    stopTick = clock.after(lookMs, tick)
  }

  return {
    look() {
      if (hasSlept()) compare(true)
    },
    woke: () => compare(true),
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
