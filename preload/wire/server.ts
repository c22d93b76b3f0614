// The answering end of the wire: what comes in over a port is checked, answered, streamed while there is credit, and cancelled.
import type { CallName, Calls, Failure, Result, StreamName, Streams } from '../contract.ts'
import type { AnswerFrame, CallFrame, ClientFrame, EnginePort, ItemFrame, OpenFrame, Stop } from '../wire.ts'

/** What answers: one function a call, one source of items a stream. */
export interface Handlers {
  readonly calls: {
    readonly [N in CallName]: (values: Calls[N]['arguments'], signal: AbortSignal) => Promise<Result<Calls[N]['value']>>
  }
  /**
   * The next item is pulled only when there is credit for it, so whatever has come together meanwhile belongs into it: a
   * slow window gets fewer and bigger items. The iterable has to end when the signal aborts.
   */
  readonly streams: {
    readonly [N in StreamName]: (
      values: Streams[N]['arguments'],
      signal: AbortSignal,
    ) => AsyncIterable<Streams[N]['item']>
  }
}

export interface ServeOptions {
  /** Judges a frame before anything else sees it; the failure is sent back as it is. */
  readonly check: (frame: unknown) => Result<ClientFrame>
  /** Told of a handler that threw, which is a bug; the asking end gets only the code `internal`. */
  readonly onBug?: (cause: unknown) => void
}

/** More unanswered questions than any window has; a frame above it is refused with the code `busy`. */
const MAX_RUNNING = 1000

/** What runs under one id: how it is cancelled, and how a stream gets credit. */
interface Running {
  readonly controller: AbortController
  readonly grant: ((credit: number) => void) | null
}

/** Answers what comes in over `port` until it closes or the returned function is called; both abort everything running. */
export function serve(port: EnginePort, handlers: Handlers, options: ServeOptions): Stop {
  const running = new Map<number, Running>()

  function refuse(id: number | null, failure: Failure): void {
    port.send({ type: 'refused', id, failure })
  }

  /** The failure to send for what a handler threw; null when it was cancelled and nobody waits any more. */
  function bug(cause: unknown, signal: AbortSignal): Failure | null {
    if (signal.aborted) return null
    options.onBug?.(cause)
    return { code: 'internal', message: 'Something went wrong inside Slipstream; the log has the details.' }
  }

  async function answer<N extends CallName>(frame: CallFrame<N>): Promise<void> {
    const { id, name } = frame
    const controller = new AbortController()
    running.set(id, { controller, grant: null })
    let result: Result<Calls[N]['value']>
    try {
      const handler: Handlers['calls'][N] = handlers.calls[frame.name]
      result = await handler(frame.arguments, controller.signal)
    } catch (cause) {
      const failure = bug(cause, controller.signal)
      result = { ok: false, failure: failure ?? { code: 'cancelled', message: 'Cancelled.' } }
    }
    running.delete(id)
    if (!controller.signal.aborted) port.send(answerFrame(id, name, result))
  }

  function stream<N extends StreamName>(frame: OpenFrame<N>): void {
    const { id, name } = frame
    const controller = new AbortController()
    const { signal } = controller
    let credit = frame.credit
    let pulling = false

    function end(failure: Failure | null): void {
      running.delete(id)
      if (!signal.aborted) port.send({ type: 'end', id, failure })
    }

    let iterator: AsyncIterator<Streams[N]['item']>
    try {
      const handler: Handlers['streams'][N] = handlers.streams[name]
      iterator = handler(frame.arguments, signal)[Symbol.asyncIterator]()
    } catch (cause) {
      end(bug(cause, signal))
      return
    }

    /** Pulls and sends while there is credit; at most one pull runs at a time. */
    async function pump(): Promise<void> {
      if (pulling) return
      pulling = true
      try {
        while (credit > 0) {
          const next = await iterator.next()
          if (signal.aborted) return
          if (next.done) {
            end(null)
            return
          }
          credit -= 1
          port.send(itemFrame(id, name, next.value))
        }
      } catch (cause) {
        end(bug(cause, signal))
        return
      }
      pulling = false
    }

    running.set(id, {
      controller,
      grant(more) {
        credit += more
        void pump()
      },
    })
    signal.addEventListener('abort', () => {
      // A generator that waits for credit is not inside `next()`: only `return()` reaches its `finally`.
      iterator.return?.()?.catch((cause: unknown) => options.onBug?.(cause))
    })
    void pump()
  }

  function receive(received: unknown): void {
    const checked = options.check(received)
    if (!checked.ok) {
      refuse(idOf(received), checked.failure)
      return
    }
    const frame = checked.value
    switch (frame.type) {
      case 'call':
      case 'open':
        if (running.has(frame.id)) {
          // Naming the id would end the innocent question that runs under it.
          refuse(null, { code: 'malformed', message: `The id ${frame.id} is in use.` })
        } else if (running.size >= MAX_RUNNING) {
          refuse(frame.id, { code: 'busy', message: 'Too many questions at once.' })
        } else if (frame.type === 'call') {
          void answer(frame)
        } else {
          stream(frame)
        }
        return
      case 'credit':
        // Unknown ids are no fault here: the stream may have ended while the frame was on its way.
        running.get(frame.id)?.grant?.(frame.credit)
        return
      case 'cancel': {
        const task = running.get(frame.id)
        running.delete(frame.id)
        task?.controller.abort()
      }
    }
  }

  function stop(): void {
    stopMessages()
    stopClose()
    const tasks = [...running.values()]
    running.clear()
    for (const task of tasks) task.controller.abort()
  }

  let stopClose: Stop = () => {}
  const stopMessages = port.onMessage(receive)
  stopClose = port.onClose(stop)
  return stop
}

/** The id of a frame that was refused, if it has a sound one. */
function idOf(frame: unknown): number | null {
  if (typeof frame !== 'object' || frame === null || !('id' in frame)) return null
  return typeof frame.id === 'number' && Number.isSafeInteger(frame.id) ? frame.id : null
}

// Each is checked here as one name with its own value; see EngineMessage.

function answerFrame<N extends CallName>(id: number, name: N, result: Result<Calls[N]['value']>): AnswerFrame<N> {
  return { type: 'answer', id, name, result }
}

function itemFrame<N extends StreamName>(id: number, name: N, item: Streams[N]['item']): ItemFrame<N> {
  return { type: 'item', id, name, item }
}
