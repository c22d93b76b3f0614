// One connection of a window or a command: guard, handlers and their end, over whatever Port it came by.
import type { EnginePort } from '../../preload/wire.ts'
import { serve, type Handlers } from '../../preload/wire/server.ts'

export interface ConnectionOptions {
  /** The handlers for one connection; `signal` aborts when it ends. */
  readonly handlers: (signal: AbortSignal) => Handlers
  /** Told of a handler that threw: for the log. */
  readonly onBug: (cause: unknown) => void
}

/**
 * Loads the guard, which costs 50 ms (zod): the hosts do it after the ready line, and nothing is answered without it.
 * From the second time on it is there at once.
 */
export function loadGuard(): Promise<typeof import('./guard.ts')> {
  return import('./guard.ts')
}

/** Serves the port until it closes. Frames that come while the guard is loaded wait in the port. */
export async function serveConnection(port: EnginePort, options: ConnectionOptions): Promise<void> {
  const controller = new AbortController()
  port.onClose(() => controller.abort())
  const { checkFrame } = await loadGuard()
  if (controller.signal.aborted) return
  serve(port, options.handlers(controller.signal), { check: checkFrame, onBug: options.onBug })
}
