// One value that changes, and whoever listens to it.
import type { Stop } from '../preload/wire.ts'

export interface Cell<T> {
  get(): T
  /** Tells the listeners, unless it is the same value. */
  set(value: T): void
  subscribe(listener: () => void): Stop
}

export function createCell<T>(initial: T): Cell<T> {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of Array.from(listeners)) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
