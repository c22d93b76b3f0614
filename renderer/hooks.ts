// How components read the controller: by context, by topic, by cell, and what they know of the page.
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import type { Cell } from './cell.ts'
import type { Controller } from './controller.ts'
import type { Store, Topic } from './store.ts'
import type { Screens } from './terminal.ts'

export interface Window {
  readonly controller: Controller
  readonly screens: Screens
}

export const WindowContext = createContext<Window | null>(null)

export function useWindow(): Window {
  const window = useContext(WindowContext)
  if (window === null) throw new Error('rendered outside of the window')
  return window
}

export function useController(): Controller {
  return useWindow().controller
}

/** `read` has to answer the same object as long as nothing changed. */
export function useStore<T>(topic: Topic, read: (store: Store) => T): T {
  const { store } = useController()
  const subscribe = useCallback((listener: () => void) => store.subscribe(topic, listener), [store, topic])
  return useSyncExternalStore(subscribe, () => read(store))
}

/** `select` has to answer a primitive, or the same object as long as nothing changed. */
export function useCell<T, S>(cell: Cell<T>, select: (value: T) => S): S {
  const get = (): S => select(cell.get())
  return useSyncExternalStore(cell.subscribe, get, get)
}

/** Whether there is room for two columns of code. */
export function useWide(): boolean {
  return useMedia('(min-width: 900px)')
}

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
