// The receiving half that all ports share: listeners, frames that came before the first of them, and the close.
import type { Stop } from '../../preload/wire.ts'

/** Makes a frame of the text of one message. Throwing closes the port. */
export type Decode<Received> = (text: string) => Received

/** For the engine's end: text that is no JSON becomes `undefined`, which the guard refuses with an answer. */
export function decodeUntrusted(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface Inbox<Received> {
  deliver(frame: Received): void
  /** Calls the close listeners, once. */
  close(): void
  readonly onMessage: (listener: (frame: Received) => void) => Stop
  readonly onClose: (listener: () => void) => Stop
}

/**
 * Frames that arrive before the first listener wait for it: the guard is loaded while the first connection stands
 * already. How many bytes may wait is bounded by the time that takes and by the socket's cap on one frame.
 */
export function createInbox<Received>(): Inbox<Received> {
  const messageListeners = new Set<(frame: Received) => void>()
  const closeListeners = new Set<() => void>()
  let early: Received[] | null = []
  let closed = false
  return {
    deliver(frame) {
      if (early !== null) early.push(frame)
      else for (const listener of messageListeners) listener(frame)
    },
    close() {
      if (closed) return
      closed = true
      for (const listener of closeListeners) listener()
      closeListeners.clear()
      messageListeners.clear()
    },
    onMessage(listener) {
      messageListeners.add(listener)
      const waiting = early ?? []
      early = null
      for (const frame of waiting) listener(frame)
      return () => void messageListeners.delete(listener)
    },
    onClose(listener) {
      if (closed) {
        listener()
        return () => {}
      }
      closeListeners.add(listener)
      return () => void closeListeners.delete(listener)
    },
  }
}
