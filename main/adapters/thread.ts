// A worker thread that answers named questions in order and is replaced when it dies: both ends of it.
import { Worker, type MessagePort } from 'node:worker_threads'
import { TextReceiver, TextSender } from './texts.ts'

/** What one thread can be asked: a table of names, each with the types of its input and output. */
export type QuestionTable<Table> = {
  readonly [Name in keyof Table]: { readonly input: unknown; readonly output: unknown }
}

/** One question as it crosses to the worker, with its own type of input for each name. */
export type Question<Table extends QuestionTable<Table>> = {
  readonly [Name in keyof Table]: { readonly id: number; readonly name: Name; readonly input: Table[Name]['input'] }
}[keyof Table]

/** `never`: the type of a value is known to the asker alone, and nobody else takes it out. */
type Answer =
  | { readonly id: number; readonly ok: true; readonly value: never }
  | { readonly id: number; readonly ok: false; readonly error: unknown }

interface Pending {
  readonly name: string
  readonly resolve: (value: never) => void
  readonly reject: (reason: Error) => void
}

export interface Thread<Table extends QuestionTable<Table>> {
  /**
   * Posts at once; questions are answered in the order in which they were asked. Rejects with an Error when the worker
   * threw on this question, died before it answered, or is closed.
   */
  ask<Name extends keyof Table>(name: Name, input: Table[Name]['input']): Promise<Table[Name]['output']>
  /** Throws the present worker away: what it has not answered rejects with `reason`. The next question gets a new one. */
  discard(reason: Error): void
  /** Ends the worker at once. Calling it twice is harmless. */
  close(): Promise<void>
}

/** What a worker is for, as it finds it in its `workerData`. */
export interface ThreadRole {
  readonly role: 'store' | 'jobs'
  /** What this role needs to begin with; a structured clone. */
  readonly data?: unknown
}

/**
 * The worker's entry beside this file. The build lays entries and chunks flat in one folder; unbuilt, Node strips the types.
 */
function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.mjs', import.meta.url)
}

/** Starts a worker at once, so that the first question finds it warm. `entry` is another worker for tests. */
export function startThread<Table extends QuestionTable<Table>>(
  role: ThreadRole,
  entry: URL = workerEntry(),
): Thread<Table> {
  const pending = new Map<number, Pending>()
  let closed = false
  let lastId = 0
  let texts = new TextSender()
  let worker: Worker | null = start()

  function start(): Worker {
    texts = new TextSender()
    const started = new Worker(entry, { name: `slipstream-${role.role}`, workerData: role })
    let fault: unknown = null
    started.on('message', (answer: Answer) => {
      const waiting = pending.get(answer.id)
      if (waiting === undefined) return
      pending.delete(answer.id)
      if (answer.ok) waiting.resolve(answer.value)
      else waiting.reject(new Error(`${waiting.name} failed: ${textOf(answer.error)}`, { cause: answer.error }))
    })
    started.on('error', (error) => {
      fault = error
    })
    started.on('exit', (code) => {
      if (started !== worker) return
      drop(new Error(`the ${role.role} worker stopped: ${fault === null ? `exit code ${code}` : textOf(fault)}`))
    })
    return started
  }

  /** Lazily replaced: a worker that cannot even start would otherwise be started again and again. */
  function drop(reason: Error): void {
    worker = null
    const lost = [...pending.values()]
    pending.clear()
    for (const waiting of lost) waiting.reject(reason)
  }

  return {
    ask(name, input) {
      if (closed) return Promise.reject(new Error(`the ${role.role} worker is closed`))
      worker ??= start()
      lastId += 1
      const id = lastId
      // First posted, then noted: an input that cannot be cloned throws here and leaves nothing behind.
      const packed = role.role === 'jobs' && isObject(input) ? texts.pack(input) : null
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      worker.postMessage(packed === null ? { id, name, input } : { id, name, input: packed.input, texts: packed.texts })
      packed?.sent()
      return new Promise((resolve, reject) => pending.set(id, { name: String(name), resolve, reject }))
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

/** The worker's end: answers each question with what `answer` returns, or with the error that it throws. */
export function serveThread<Table extends QuestionTable<Table>>(
  port: MessagePort,
  answer: (question: Question<Table>) => unknown,
): void {
  const texts = new TextReceiver()
  port.on('message', (message) => {
    for (const named of message.texts ?? []) message.input[named.field] = texts.take(named)
    const question: Question<Table> = message
    reply(port, question.id, () => answer(question))
  })
}

/** One answer over the thread's protocol; `compute` may throw. */
export function reply(port: MessagePort, id: number, compute: () => unknown): void {
  try {
    port.postMessage({ id, ok: true, value: compute() })
  } catch (error) {
    port.postMessage({ id, ok: false, error: error instanceof Error ? error : new Error(String(error)) })
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
