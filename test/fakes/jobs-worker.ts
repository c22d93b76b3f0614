// A jobs worker for tests: what it does with a 'diff' is said by the first line of `before`; it answers the rest as the second.
import { parentPort } from 'node:worker_threads'
import type { Jobs } from '../../main/core/jobs.ts'
import { serveThread } from '../../main/adapters/thread.ts'

if (parentPort === null) throw new Error('this file is the entry of a worker thread')
const ran: string[] = []

serveThread<Jobs>(parentPort, (job) => {
  if (job.name !== 'diff') throw new Error(`not for ${job.name}`)
  const [order, name = ''] = job.input.before
  ran.push(name)
  switch (order) {
    case 'throw':
      throw new RangeError('a job that threw')
    case 'die':
      return process.exit(3)
    case 'hang':
      for (;;) ran.at(0)
    case 'wait':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30)
  }
  // The names of everything that ran so far in this worker, as line changes whose numbers are the names.
  return ran.map((each) => ({ oldStart: Number(each), oldEnd: 0, newStart: 0, newEnd: 0 }))
})
