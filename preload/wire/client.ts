// The asking end of the wire: asks over a port, and listens to streams.
import type { CallName, Calls, Failure, Result, StreamName, Streams } from '../contract.ts'
import type { AnswerFrame, CallFrame, ClientPort, ItemFrame, OpenFrame, Stop } from '../wire.ts'

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

// Each is checked here as one name with its own values; see ClientMessage.

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
