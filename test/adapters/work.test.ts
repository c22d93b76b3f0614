// The Work port: order, abort, jobs that throw, workers that die.
import { afterEach, expect, test } from 'vitest'
import { createWork, type WorkOptions } from '../../main/adapters/work.ts'

const fake = new URL('../fakes/jobs-worker.ts', import.meta.url)
const never = new AbortController().signal
let works: ReturnType<typeof createWork>[] = []

afterEach(async () => {
  await Promise.all(works.map((work) => work.close()))
  works = []
})

function start(options: WorkOptions = { entry: fake }): ReturnType<typeof createWork> {
  const work = createWork(options)
  works.push(work)
  return work
}

/** Runs the fake's job `name` and answers the names of all jobs that its worker has run so far. */
async function run(
  work: ReturnType<typeof createWork>,
  order: string,
  name: number,
  signal = never,
): Promise<number[]> {
  const { changes } = await work.run('diff', { before: order, after: String(name) }, signal)
  return changes.map((change) => change.oldStart)
}

test('a job of the core is answered by the real worker', async () => {
  const work = start({})
  const { changes } = await work.run('diff', { before: 'a\nb\n', after: 'a\nc\n' }, never)
  expect(changes).toEqual([{ oldStart: 2, oldEnd: 3, newStart: 2, newEnd: 3 }])
})

test('a long text that crosses again is the same text', async () => {
  const work = start({})
  const long = 'line\n'.repeat(10_000)
  const changed = `${long}more\n`
  const changes = { changes: [{ oldStart: 10_001, oldEnd: 10_001, newStart: 10_001, newEnd: 10_002 }], coarse: false }
  expect(await work.run('diff', { before: long, after: changed }, never)).toEqual(changes)
  expect(await work.run('diff', { before: long, after: changed }, never)).toEqual(changes)
  expect(await work.run('diff', { before: changed, after: changed }, never)).toEqual({ changes: [], coarse: false })
  expect(await work.run('diff', { before: long, after: changed }, never)).toEqual(changes)
})

test('jobs are answered in the order in which they were asked', async () => {
  const work = start()
  const answered: number[] = []
  await Promise.all(
    [1, 2, 3].map((name) => run(work, name === 1 ? 'wait' : 'go', name).then(() => answered.push(name))),
  )
  expect(answered).toEqual([1, 2, 3])
})

test('an abort rejects with its reason and drops the answer', async () => {
  const work = start()
  const controller = new AbortController()
  const running = run(work, 'wait', 1, controller.signal)
  const reason = new Error('not wanted any more')
  controller.abort(reason)
  await expect(running).rejects.toBe(reason)
  expect(await run(work, 'go', 2)).toEqual([1, 2])
})

test('a job that is aborted before its turn never runs', async () => {
  const work = start()
  const controller = new AbortController()
  const first = run(work, 'wait', 1)
  const second = run(work, 'go', 2, controller.signal)
  controller.abort()
  await expect(second).rejects.toBe(controller.signal.reason)
  await first
  expect(await run(work, 'go', 3)).toEqual([1, 3])
})

test('a signal that aborted before the call runs nothing', async () => {
  const work = start()
  await expect(run(work, 'go', 1, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  expect(await run(work, 'go', 2)).toEqual([2])
})

test('a job that throws rejects with what it said, and its worker goes on', async () => {
  const work = start()
  const thrown = run(work, 'throw', 1)
  await expect(thrown).rejects.toThrow('diff failed: a job that threw')
  await expect(thrown).rejects.toMatchObject({ cause: { name: 'RangeError' } })
  expect(await run(work, 'go', 2)).toEqual([1, 2])
})

test('when the worker dies its job rejects and the ones behind it run in a new worker', async () => {
  const work = start()
  const [dead, next] = await Promise.allSettled([run(work, 'die', 1), run(work, 'go', 2)])
  expect(dead).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('exit code 3') } })
  expect(next).toEqual({ status: 'fulfilled', value: [2] })
})

test('a job without end is given up at the limit', async () => {
  const work = start({ entry: fake, limitMs: 1_500 })
  await expect(run(work, 'hang', 1)).rejects.toThrow('longer than 1500 ms')
  expect(await run(work, 'go', 2)).toEqual([2])
})

test('a worker that cannot start rejects each job with what kept it', async () => {
  const work = start({ entry: new URL('../fakes/no-such-worker.ts', import.meta.url) })
  await expect(run(work, 'go', 1)).rejects.toThrow('no-such-worker')
  await expect(run(work, 'go', 2)).rejects.toThrow('no-such-worker')
})

test('closing rejects what runs and what waits', async () => {
  const work = start()
  const jobs = Promise.allSettled([run(work, 'wait', 1), run(work, 'go', 2)])
  await work.close()
  expect((await jobs).map((job) => job.status)).toEqual(['rejected', 'rejected'])
})

test('an input that cannot cross to the worker rejects only its own job', async () => {
  const work = start()
  const input = { before: 'go', after: '1', extra: () => null }
  await expect(work.run('diff', input, never)).rejects.toThrow('could not be cloned')
  expect(await run(work, 'go', 2)).toEqual([2])
})
