// The Work port: pure functions of the core on one worker thread, one at a time, in the order in which they were asked.
import type { Jobs } from '../core/jobs.ts'
import type { Work } from '../core/ports.ts'
import { startThread } from './thread.ts'

/** The texts of a large file before and after a save are named by one job after the other; UTF-16 units. */
const KEPT_TEXTS = 32 * 1024 * 1024

export interface WorkOptions {
  /** A job that runs longer than this is given up, and its worker replaced; ms. All jobs are bounded far below it. */
  readonly limitMs?: number
  /** Another worker, for tests. */
  readonly entry?: URL
}

/**
 * Starts the worker at once. `run` rejects with the signal's reason when it aborts (the answer is dropped; a job that has
 * not begun never runs), and with an Error when the job throws, its worker dies, or it takes longer than the limit: then
 * the next job gets a new worker. Only the job that ran when the worker died is lost.
 */
export function createWork(options: WorkOptions = {}): Work & { close(): Promise<void> } {
  const limitMs = options.limitMs ?? 20_000
  const thread = startThread<Jobs>({ role: 'jobs' }, { entry: options.entry, keptTexts: KEPT_TEXTS })
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
          const limit = setTimeout(() => thread.discard(new Error(`${name} took longer than ${limitMs} ms`)), limitMs)
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
    close() {
      return thread.close()
    },
  }
}
