// A worker thread that answers named questions in order and is replaced when it dies: both ends of it.
import { Worker, type MessagePort } from 'node:worker_threads'
import { createInbox, createOutbox, packed, unpacked, type Outbox, type Parcel } from './parcels.ts'

/** What one thread can be asked: a table of names, each with the types of its input and output. */
export type QuestionTable<Table> = {
  readonly [Name in keyof Table]: { readonly input: unknown; readonly output: unknown }
}

/** One question as it crosses to the worker, with its own type of input for each name. */
export type Question<Table extends QuestionTable<Table>> = {
  readonly [Name in keyof Table]: { readonly id: number; readonly name: Name; readonly input: Table[Name]['input'] }
}[keyof Table]

/** Nobody waits for the answer of the question with this id any more. */
interface Cancel {
  readonly cancel: number
}

/** `never`: the type of a value is known to the asker alone, and nobody else takes it out. */
type Answer =
  | ({ readonly id: number; readonly ok: true } & Parameters<typeof unpacked<never>>[0])
  | { readonly id: number; readonly ok: false; readonly error: unknown }

interface Pending {
  readonly name: string
  readonly resolve: (value: never) => void
  readonly reject: (reason: Error) => void
}

export interface Thread<Table extends QuestionTable<Table>> {
  /**
   * Posts at once; questions are answered in the order in which they were asked. Rejects with an Error when the worker
   * threw on this question, died before it answered, or is closed. When `signal` aborts, the worker is told; what it answers
   * then is its own matter.
   */
  ask<Name extends keyof Table>(
    name: Name,
    input: Table[Name]['input'],
    signal?: AbortSignal,
  ): Promise<Table[Name]['output']>
  /** Starts a lazy worker, so that the first question finds it warm. */
  warm(): void
  /** Throws the present worker away: what it has not answered rejects with `reason`. The next question gets a new one. */
  discard(reason: Error): void
  /** Ends the worker at once. Calling it twice is harmless. */
  close(): Promise<void>
}

/** What a worker is for, as it finds it in its `workerData`. */
export interface ThreadRole {
  readonly role: 'store' | 'jobs' | 'project' | 'syntax'
  /** What this role needs to begin with; a structured clone. */
  readonly data?: unknown
}

/**
 * The worker's entry beside this file. The build lays entries and chunks flat in one folder; unbuilt, Node strips the types.
 */
function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.mjs', import.meta.url)
}

export interface ThreadOptions {
  /** Another worker, for tests. */
  readonly entry?: URL | undefined
  /** Starts the worker with the first question. */
  readonly lazy?: boolean
  /** Long texts that the worker keeps for questions that hold them again; UTF-16 units. */
  readonly keptTexts?: number
  /** Room for new objects, which is otherwise up to 48 MB a thread; with less, memory stays low and collections are more. */
  readonly youngMegabytes?: number
}

/** Starts a worker at once, so that the first question finds it warm, unless it is to be lazy. */
export function startThread<Table extends QuestionTable<Table>>(
  role: ThreadRole,
  options: ThreadOptions = {},
): Thread<Table> {
  const entry = options.entry ?? workerEntry()
  const pending = new Map<number, Pending>()
  let closed = false
  let lastId = 0
  const resourceLimits =
    options.youngMegabytes === undefined ? {} : { maxYoungGenerationSizeMb: options.youngMegabytes }
  let worker: Worker | null = null
  let outbox: Outbox | null = null
  if (options.lazy !== true) start()

  function start(): Outbox {
    const started = new Worker(entry, { name: `slipstream-${role.role}`, workerData: role, resourceLimits })
    let fault: unknown = null
    started.on('message', (answer: Answer) => {
      const waiting = pending.get(answer.id)
      if (waiting === undefined) return
      if (answer.ok) waiting.resolve(unpacked(answer))
      else waiting.reject(new Error(`${waiting.name} failed: ${textOf(answer.error)}`, { cause: answer.error }))
    })
    started.on('error', (error) => {
      fault = error
    })
    started.on('exit', (code) => {
      if (outbox !== own) return
      drop(new Error(`the ${role.role} worker stopped: ${fault === null ? `exit code ${code}` : textOf(fault)}`))
    })
    worker = started
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    const own = createOutbox((message) => started.postMessage(message), options.keptTexts ?? 0)
    outbox = own
    return own
  }

  /** Lazily replaced: a worker that cannot even start would otherwise be started again and again. */
  function drop(reason: Error): void {
    outbox = null
    const lost = [...pending.values()]
    pending.clear()
    for (const waiting of lost) waiting.reject(reason)
  }

  return {
    ask(name, input, signal) {
      if (closed) return Promise.reject(new Error(`the ${role.role} worker is closed`))
      const own = outbox ?? start()
      lastId += 1
      const id = lastId
      return new Promise((resolve, reject) => {
        const cancel = (): void => own.send({ cancel: id } satisfies Cancel, () => undefined)
        const settled = (): void => {
          pending.delete(id)
          signal?.removeEventListener('abort', cancel)
        }
        pending.set(id, {
          name: String(name),
          resolve(value) {
            settled()
            resolve(value)
          },
          reject(reason) {
            settled()
            reject(reason)
          },
        })
        own.send({ id, name, input }, (error) =>
          pending.get(id)?.reject(error instanceof Error ? error : new Error(String(error))),
        )
        if (signal?.aborted === true) cancel()
        else signal?.addEventListener('abort', cancel, { once: true })
      })
    },
    warm() {
      if (!closed && outbox === null) start()
    },
    discard(reason) {
      const present = worker
      drop(reason)
      void present?.terminate()
    },
    async close() {
      closed = true
      const present = worker
      drop(new Error(`the ${role.role} worker was closed`))
      await present?.terminate()
    },
  }
}

/** The worker's end: answers each question with what `answer` returns or resolves to, or with the error that it throws. */
export function serveThread<Table extends QuestionTable<Table>>(
  port: MessagePort,
  answer: (question: Question<Table>, signal: AbortSignal) => unknown,
): void {
  const open = createInbox<Question<Table> | Cancel>()
  const running = new Map<number, AbortController>()
  port.on('message', (parcel: Parcel<Question<Table> | Cancel>) => {
    const message = open(parcel)
    if (message === null) return
    if ('cancel' in message) {
      running.get(message.cancel)?.abort()
      return
    }
    const controller = new AbortController()
    const { id } = message
    try {
      const value = answer(message, controller.signal)
      if (!(value instanceof Promise)) {
        give(port, id, value)
        return
      }
      running.set(id, controller)
      void value
        .then((found: unknown) => give(port, id, found))
        .catch((error: unknown) => fail(port, id, error))
        .finally(() => running.delete(id))
    } catch (error) {
      fail(port, id, error)
    }
  })
}

/** One answer over the thread's protocol; `compute` may throw. */
export function reply(port: MessagePort, id: number, compute: () => unknown): void {
  try {
    give(port, id, compute())
  } catch (error) {
    fail(port, id, error)
  }
}

function give(port: MessagePort, id: number, answer: unknown): void {
  const { value, texts, moves } = packed(answer)
  port.postMessage({ id, ok: true, value, texts }, moves)
}

function fail(port: MessagePort, id: number, error: unknown): void {
  port.postMessage({ id, ok: false, error: error instanceof Error ? error : new Error(String(error)) })
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
