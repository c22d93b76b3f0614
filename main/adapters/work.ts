// The Work port: pure functions of the core on one worker thread, one at a time, in the order in which they were asked.
import type { Jobs } from '../core/jobs.ts'
import { startThread, type QuestionTable, type ThreadOptions, type ThreadRole } from './thread.ts'

/** The texts of a large file before and after a save are named by one job after the other; UTF-16 units. */
const KEPT_TEXTS = 32 * 1024 * 1024

/** Questions to one thread, one at a time. */
export interface Questions<Table extends QuestionTable<Table>> {
  run<Name extends keyof Table>(
    name: Name,
    input: Table[Name]['input'],
    signal: AbortSignal,
  ): Promise<Table[Name]['output']>
  /** Starts a lazy thread. */
  warm(): void
  close(): Promise<void>
}

export interface WorkOptions extends ThreadOptions {
  /** A job that runs longer than this is given up, and its worker replaced; ms. All jobs are bounded far below it. */
  readonly limitMs?: number
}

export function createWork(options: WorkOptions = {}): Questions<Jobs> {
  return createQueue<Jobs>({ role: 'jobs' }, { keptTexts: KEPT_TEXTS, ...options })
}

/**
 * Starts the worker at once, unless it is to be lazy. `run` rejects with the signal's reason when it aborts (the answer is dropped; a job that has
 * not begun never runs), and with an Error when the job throws, its worker dies, or it takes longer than the limit: then
 * the next job gets a new worker. Only the job that ran when the worker died is lost.
 */
export function createQueue<Table extends QuestionTable<Table>>(
  role: ThreadRole,
  options: WorkOptions = {},
): Questions<Table> {
  const limitMs = options.limitMs ?? 20_000
  const thread = startThread<Table>(role, options)
  const queue: (() => Promise<void>)[] = []
  let running = false

  function next(): void {
    const job = queue.shift()
    running = job !== undefined
    if (job !== undefined) void job()
  }

  return {
    run(name, input, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        const job = async () => {
          const late = (): void => thread.discard(new Error(`${String(name)} took longer than ${limitMs} ms`))
          const limit = setTimeout(late, limitMs)
          try {
            resolve(await thread.ask(name, input))
          } catch (error) {
            reject(error)
          } finally {
            clearTimeout(limit)
            signal.removeEventListener('abort', abort)
            next()
          }
        }
        const abort = () => {
          reject(signal.reason)
          const waiting = queue.indexOf(job)
          if (waiting >= 0) queue.splice(waiting, 1)
        }
        signal.addEventListener('abort', abort, { once: true })
        queue.push(job)
        if (!running) next()
      })
    },
    warm: thread.warm,
    close() {
      return thread.close()
    },
  }
}
