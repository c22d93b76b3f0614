// A worker thread that answers named questions in order and is replaced when it dies: both ends of it.
import { Worker, type MessagePort } from 'node:worker_threads'

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
  readonly role: 'store' | 'jobs' | 'syntax'
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
  readonly entry?: URL
  /** Starts the worker with the first question. */
  readonly lazy?: boolean
}

/** Starts a worker at once, so that the first question finds it warm, unless it is to be lazy. */
export function startThread<Table extends QuestionTable<Table>>(
  role: ThreadRole,
  { entry = workerEntry(), lazy = false }: ThreadOptions = {},
): Thread<Table> {
  const pending = new Map<number, Pending>()
  let closed = false
  let lastId = 0
  let worker: Worker | null = lazy ? null : start()

  function start(): Worker {
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
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      worker.postMessage({ id, name, input })
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
  port.on('message', (question: Question<Table>) => reply(port, question.id, () => answer(question)))
}

/** One answer over the thread's protocol; `compute` may throw. */
export function reply(port: MessagePort, id: number, compute: () => unknown): void {
  try {
    port.postMessage({ id, ok: true, value: compute() })
  } catch (error) {
    port.postMessage({ id, ok: false, error: error instanceof Error ? error : new Error(String(error)) })
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
