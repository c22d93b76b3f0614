// The wire: calls with one answer, streams with many, cancel and credit, between window (or CLI) and engine over any Port.
import type { CallName, Calls, Failure, Result, StreamName, Streams } from './contract.ts'

// The shape follows VS Code's transport-neutral peer (src/vs/base/parts/ipc/common/ipc.ts): a few frame kinds over
// {send, onMessage}, cancelling is a frame, and whoever asks is always answered, never left with nothing.

/** Stops whatever it was given for. Calling it twice is harmless. */
export type Stop = () => void

/** One end of a connection that keeps the order of frames. */
export interface Port<Received, Sent> {
  /** Never throws; after the close it does nothing. */
  send(frame: Sent): void
  onMessage(listener: (frame: Received) => void): Stop
  /** Called once; at once when the port is closed already. */
  onClose(listener: () => void): Stop
  close(): void
}

/** The asking end: it trusts the engine's frames. */
export type ClientPort = Port<EngineFrame, ClientMessage>

/** The answering end: what comes in is unknown until it was checked. */
export type EnginePort = Port<unknown, EngineMessage>

export type CallFrame<Name extends CallName = CallName> = {
  [N in Name]: {
    readonly type: 'call'
    readonly id: number
    readonly name: N
    readonly arguments: Calls[N]['arguments']
  }
}[Name]

export type OpenFrame<Name extends StreamName = StreamName> = {
  [N in Name]: {
    readonly type: 'open'
    readonly id: number
    readonly name: N
    readonly arguments: Streams[N]['arguments']
    /** How many items may be sent before more credit comes. */
    readonly credit: number
  }
}[Name]

/** What the asking end sends. Ids are positive integers and never used twice on one port. */
export type ClientFrame =
  | CallFrame
  | OpenFrame
  | { readonly type: 'credit'; readonly id: number; readonly credit: number }
  | { readonly type: 'cancel'; readonly id: number }

export type AnswerFrame<Name extends CallName = CallName> = {
  [N in Name]: {
    readonly type: 'answer'
    readonly id: number
    readonly name: N
    readonly result: Result<Calls[N]['value']>
  }
}[Name]

export type ItemFrame<Name extends StreamName = StreamName> = {
  [N in Name]: {
    readonly type: 'item'
    readonly id: number
    readonly name: N
    readonly item: Streams[N]['item']
  }
}[Name]

/** What the engine sends. */
export type EngineFrame =
  | AnswerFrame
  | ItemFrame
  /** The stream is over: by itself (`failure: null`) or by a fault. */
  | { readonly type: 'end'; readonly id: number; readonly failure: Failure | null }
  /** The frame was not taken: malformed, unknown name, too large. `id` is null when it could not be told. */
  | { readonly type: 'refused'; readonly id: number | null; readonly failure: Failure }

/** Frames as they are handed to a port: which value goes with which name was checked where they were made, below. */
export type ClientMessage =
  | Exclude<ClientFrame, CallFrame | OpenFrame>
  | { readonly type: 'call'; readonly id: number; readonly name: CallName; readonly arguments: unknown }
  | {
      readonly type: 'open'
      readonly id: number
      readonly name: StreamName
      readonly arguments: unknown
      readonly credit: number
    }
export type EngineMessage =
  | Exclude<EngineFrame, AnswerFrame | ItemFrame>
  | { readonly type: 'answer'; readonly id: number; readonly name: CallName; readonly result: Result<unknown> }
  | { readonly type: 'item'; readonly id: number; readonly name: StreamName; readonly item: unknown }

// ── The answering end ────────────────────────────────────────────────────────────────────────────────────────────────

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

// ── The asking end ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface OpenStream {
  /** Cancels; the listener is not called any more. */
  readonly stop: Stop
  /** Resolves when no more items come: null after `stop` or the stream's own end, else why (`closed`, `internal`, …). */
  readonly ended: Promise<Failure | null>
}

export interface Client {
  /**
   * Asks and resolves with the answer; never rejects. Own failures besides the handler's: `closed` (the connection ended
   * first), `cancelled` (`signal` aborted), `malformed`, `busy`, `internal`.
   */
  call<N extends CallName>(
    name: N,
    values: Calls[N]['arguments'],
    signal?: AbortSignal,
  ): Promise<Result<Calls[N]['value']>>
  /**
   * Listens to a stream. An item's credit goes back after `listener` has returned (or its promise has resolved), so a
   * listener that is slow slows the stream, and misses nothing. `credit`: items on their way at most, 8 unless told.
   */
  open<N extends StreamName>(
    name: N,
    values: Streams[N]['arguments'],
    listener: (item: Streams[N]['item']) => void | Promise<void>,
    options?: { readonly credit?: number },
  ): OpenStream
  onClose(listener: () => void): Stop
  close(): void
}

const DEFAULT_CREDIT = 8

/** What waits for values, by name, so that each value keeps its type; see `fail` in `connect` for the other outcome. */
type AnswerWaiters = { [N in CallName]?: Map<number, (result: Result<Calls[N]['value']>) => void> }
type ItemWaiters = { [N in StreamName]?: Map<number, (item: Streams[N]['item']) => void> }

/** Asks over `port`. When the port closes every open question gets the failure `closed`. */
export function connect(port: ClientPort): Client {
  const answers: AnswerWaiters = {}
  const items: ItemWaiters = {}
  /** What ends a question without a value, by id. */
  const enders = new Map<number, (failure: Failure | null) => void>()
  let lastId = 0
  let closed = false

  function nextId(): number {
    lastId += 1
    return lastId
  }

  function takeAnswer<N extends CallName>(frame: AnswerFrame<N>): void {
    const waiters: AnswerWaiters[N] = answers[frame.name]
    waiters?.get(frame.id)?.(frame.result)
  }

  function takeItem<N extends StreamName>(frame: ItemFrame<N>): void {
    const waiters: ItemWaiters[N] = items[frame.name]
    waiters?.get(frame.id)?.(frame.item)
  }

  port.onMessage((frame) => {
    switch (frame.type) {
      case 'answer':
        takeAnswer(frame)
        return
      case 'item':
        takeItem(frame)
        return
      case 'end':
        enders.get(frame.id)?.(frame.failure)
        return
      case 'refused':
        if (frame.id !== null) enders.get(frame.id)?.(frame.failure)
    }
  })
  port.onClose(() => {
    closed = true
    for (const end of enders.values()) end(CLOSED)
  })

  return {
    call<N extends CallName>(name: N, values: Calls[N]['arguments'], signal?: AbortSignal) {
      return new Promise<Result<Calls[N]['value']>>((resolve) => {
        if (signal?.aborted || closed) {
          resolve({ ok: false, failure: closed ? CLOSED : CANCELLED })
          return
        }
        const id = nextId()
        const waiters: Map<number, (result: Result<Calls[N]['value']>) => void> = answers[name] ?? new Map()
        answers[name] = waiters
        const cancel = (): void => {
          port.send({ type: 'cancel', id })
          settle({ ok: false, failure: CANCELLED })
        }
        const settle = (result: Result<Calls[N]['value']>): void => {
          waiters.delete(id)
          enders.delete(id)
          signal?.removeEventListener('abort', cancel)
          resolve(result)
        }
        waiters.set(id, settle)
        enders.set(id, (failure) => settle({ ok: false, failure: failure ?? CLOSED }))
        signal?.addEventListener('abort', cancel)
        port.send(callFrame(id, name, values))
      })
    },

    open<N extends StreamName>(
      name: N,
      values: Streams[N]['arguments'],
      listener: (item: Streams[N]['item']) => void | Promise<void>,
      options: { readonly credit?: number } = {},
    ): OpenStream {
      const id = nextId()
      const credit = options.credit ?? DEFAULT_CREDIT
      if (closed) return { stop: () => {}, ended: Promise.resolve(CLOSED) }
      // Not Promise.withResolvers: the commands' thin client runs this file on Node 20.
      let resolve: (failure: Failure | null) => void = () => {}
      const ended = new Promise<Failure | null>((settle) => {
        resolve = settle
      })
      const waiters: Map<number, (item: Streams[N]['item']) => void> = items[name] ?? new Map()
      items[name] = waiters
      let open = true
      let owed = 0

      const end = (failure: Failure | null): void => {
        open = false
        waiters.delete(id)
        enders.delete(id)
        resolve(failure)
      }
      /** Half a window at a time: half the frames, and the engine never runs dry while the window keeps up. */
      const giveBack = (): void => {
        owed += 1
        if (!open || owed * 2 < credit) return
        port.send({ type: 'credit', id, credit: owed })
        owed = 0
      }
      waiters.set(id, (item) => {
        const done = listener(item)
        if (done === undefined) giveBack()
        else void done.then(giveBack)
      })
      enders.set(id, end)
      port.send(openFrame(id, name, values, credit))
      return {
        ended,
        stop() {
          if (!open) return
          end(null)
          port.send({ type: 'cancel', id })
        },
      }
    },

    onClose: (listener) => port.onClose(listener),
    close: () => port.close(),
  }
}

const CLOSED: Failure = { code: 'closed', message: 'The connection to the engine is closed.' }
const CANCELLED: Failure = { code: 'cancelled', message: 'Cancelled.' }

// Each is checked here as one name with its own values; see ClientMessage and EngineMessage.

function callFrame<N extends CallName>(id: number, name: N, values: Calls[N]['arguments']): CallFrame<N> {
  return { type: 'call', id, name, arguments: values }
}

function openFrame<N extends StreamName>(
  id: number,
  name: N,
  values: Streams[N]['arguments'],
  credit: number,
): OpenFrame<N> {
  return { type: 'open', id, name, arguments: values, credit }
}

function answerFrame<N extends CallName>(id: number, name: N, result: Result<Calls[N]['value']>): AnswerFrame<N> {
  return { type: 'answer', id, name, result }
}

function itemFrame<N extends StreamName>(id: number, name: N, item: Streams[N]['item']): ItemFrame<N> {
  return { type: 'item', id, name, item }
}
