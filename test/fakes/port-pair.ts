// Two memory ports that are each other's far end: frames are cloned, and delivered in order by microtask or by hand.
import type { ClientPort, ClientMessage, EngineFrame, EngineMessage, EnginePort, Port } from '../../preload/wire.ts'
import { createInbox } from '../../main/host/inbox.ts'

export interface PortPair {
  readonly client: ClientPort
  readonly engine: EnginePort
  /** Puts anything at all into the engine's inbox, as a hostile client would. */
  inject(frame: unknown): void
  /** Delivers everything that waits, and what that brings about at once. Only of use with `manual`. */
  pump(): void
  /** Frames sent so far and not delivered yet. */
  waiting(): number
}

/** With `manual` nothing is delivered before `pump()` is called; otherwise each frame comes in a microtask of its own. */
export function createPortPair(options: { readonly manual?: boolean } = {}): PortPair {
  const toClient = createInbox<EngineFrame>()
  const toEngine = createInbox<unknown>()
  const queue: (() => void)[] = []
  let closed = false

  function post(deliver: () => void): void {
    queue.push(deliver)
    if (options.manual !== true) queueMicrotask(() => queue.shift()?.())
  }

  function close(): void {
    if (closed) return
    post(() => {
      closed = true
      toClient.close()
      toEngine.close()
    })
  }

  function end<Received, Sent, Delivered>(
    own: ReturnType<typeof createInbox<Received>>,
    far: ReturnType<typeof createInbox<Delivered>>,
  ): Port<Received, Sent> {
    return {
      send(frame) {
        if (closed) return
        // Through JSON, as every real port does: what does not survive that must not pass here either.
        const text = JSON.stringify(frame)
        post(() => {
          if (!closed) far.deliver(JSON.parse(text))
        })
      },
      onMessage: own.onMessage,
      onClose: own.onClose,
      close,
    }
  }

  return {
    client: end<EngineFrame, ClientMessage, unknown>(toClient, toEngine),
    engine: end<unknown, EngineMessage, EngineFrame>(toEngine, toClient),
    inject(frame) {
      post(() => toEngine.deliver(frame))
    },
    pump() {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) next()
    },
    waiting: () => queue.length,
  }
}
