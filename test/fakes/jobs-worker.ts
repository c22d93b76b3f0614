// A jobs worker for tests: what it does with a 'diff' is said by `before`; `after` is the job's number, and it answers which ran so far.
import { parentPort } from 'node:worker_threads'
import type { Jobs } from '../../main/core/jobs.ts'
import { serveThread } from '../../main/adapters/thread.ts'

if (parentPort === null) throw new Error('this file is the entry of a worker thread')
const ran: number[] = []

serveThread<Jobs>(parentPort, (job) => {
  if (job.name !== 'diff') throw new Error(`not for ${job.name}`)
  ran.push(Number(job.input.after))
  switch (job.input.before) {
    case 'throw':
      throw new RangeError('a job that threw')
    case 'die':
      return process.exit(3)
    case 'hang':
      for (;;) ran.at(0)
    case 'wait':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30)
  }
  // As line changes, whose first numbers are those of the jobs.
  const changes = ran.map((oldStart) => ({ oldStart, oldEnd: 0, newStart: 0, newEnd: 0 }))
  return { changes, coarse: false } satisfies Jobs['diff']['output']
})
