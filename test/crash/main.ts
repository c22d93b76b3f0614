// `npm run crash -- [kill|held|bytes] [RUNS] [SEED]`: the long loops of targets.md R1 and R2, and of saves into replaced files.
import { keepBytes } from './bytes.ts'
import { holdOpen } from './held.ts'
import { killAtRandom } from './kill.ts'
import { randomFrom, type Outcome } from './outcome.ts'

const LOOPS = {
  kill: { runs: 1_000, run: killAtRandom },
  held: { runs: 10_000, run: holdOpen },
  bytes: { runs: 100_000, run: keepBytes },
} as const
const SHOWN = 20

const [name, runs, given] = process.argv.slice(2)
const seed = given === undefined ? Date.now() % 1_000_000 : Number(given)
const chosen = Object.entries(LOOPS).filter(([loop]) => name === undefined || name === loop)
const wanted = runs === undefined ? null : Number(runs)
if (chosen.length === 0 || !Number.isSafeInteger(wanted ?? 1) || (wanted ?? 1) < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('npm run crash -- [kill|held|bytes] [RUNS] [SEED]\n')
  process.exit(2)
}
for (const [loop, { runs: usual, run }] of chosen) {
  const begun = performance.now()
  const outcome = await run(wanted ?? usual, randomFrom(seed))
  report(loop, outcome, (performance.now() - begun) / 1000)
}

function report(loop: string, { what, runs, failures, notes }: Outcome, seconds: number): void {
  const good = Math.max(0, runs - failures.length)
  process.stdout.write(`${what}: ${good} of ${runs} (${notes}), ${seconds.toFixed(0)} s, seed ${seed}\n`)
  for (const failure of failures.slice(0, SHOWN)) process.stdout.write(`  ${failure}\n`)
  if (failures.length > SHOWN) process.stdout.write(`  and ${failures.length - SHOWN} more\n`)
  if (failures.length === 0) return
  process.stdout.write(`  again: npm run crash -- ${loop} ${runs} ${seed}\n`)
  process.exitCode = 1
}
