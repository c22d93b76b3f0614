// `npm run fuzz -- [RUNS] [SEED] [--minutes N]`: targets.md R4, hostile replies through parser, locator and applier.
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { randomFrom, type Outcome } from '../crash/outcome.ts'
import { fuzz } from './fuzz.ts'

interface Share {
  readonly runs: number
  readonly seed: number
  readonly minutes: number
}

const USUAL = 10_000_000

if (!isMainThread) {
  const { runs, seed, minutes }: Share = workerData
  const outcome = await fuzz(runs, randomFrom(seed), performance.now() + minutes * 60_000)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  parentPort?.postMessage(outcome)
} else await main()

async function main(): Promise<void> {
  const words = process.argv.slice(2)
  const at = words.indexOf('--minutes')
  const [, minutesWord] = at < 0 ? [] : words.splice(at, 2)
  const minutes = at < 0 ? Infinity : Number(minutesWord)
  const runs = Number(words[0] ?? USUAL)
  const seed = Number(words[1] ?? Date.now() % 1_000_000)
  if (!(Number.isSafeInteger(runs) && runs > 0 && Number.isSafeInteger(seed) && minutes > 0)) {
    process.stderr.write('npm run fuzz -- [RUNS] [SEED] [--minutes N]\n')
    process.exit(2)
  }
  const begun = performance.now()
  const threads = Math.min(availableParallelism(), Math.ceil(runs / 10_000))
  const shares = Array.from({ length: threads }, (_, index) => {
    const share = Math.floor(runs / threads) + (index < runs % threads ? 1 : 0)
    return runIn({ runs: share, seed: seed + index, minutes })
  })
  const outcomes = await Promise.all(shares)
  const failures = outcomes.flatMap((outcome) => outcome.failures)
  const done = outcomes.reduce((sum, outcome) => sum + outcome.runs, 0)
  const seconds = ((performance.now() - begun) / 1000).toFixed(0)
  process.stdout.write(`hostile replies: ${done - failures.length} of ${done}, ${seconds} s, seed ${seed}\n`)
  for (const { notes } of outcomes) process.stdout.write(`  ${notes}\n`)
  for (const failure of failures) process.stdout.write(`  ${failure}\n`)
  if (failures.length > 0) process.exitCode = 1
}

function runIn(share: Share): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
