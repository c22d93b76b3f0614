// A3: from a change to its regions, off the streaming thread.
import { setTimeout as delay } from 'node:timers/promises'
import { createWork } from '../../../main/adapters/work.ts'
import { epoch } from '../clock.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'
import { sourceFile, UNEDITED } from '../project.ts'

const LINES = 100_000
const EDITS = 5

export const a3: Row = {
  id: 'A3',
  what: `change → regions, ${EDITS} edits in ${LINES.toLocaleString('en')} lines, off the streaming thread`,
  unit: 'ms',
  floor: 'both texts split and compared line by line in plain Node',
  target: { p50: 30, p95: 50 },
  repeats: 30,
  sampleLimitMs: 2000,
  async run(bench) {
    const work = createWork()
    bench.own(work)
    const signal = new AbortController().signal
    const before = sourceFile(LINES, UNEDITED)
    let stall = 0
    const samples = await inTurn(
      bench,
      async (round) => {
        const after = edited(before, round)
        const watched = watchStalls()
        const from = epoch()
        const { regions } = await work.run('regions', { path: 'src/anchor.ts', before, after }, signal)
        const took = epoch() - from
        stall = Math.max(stall, await watched.longest())
        if (regions.length !== EDITS) throw new Error(`${regions.length} regions for ${EDITS} edits`)
        return took
      },
      (round) => {
        const after = edited(before, round)
        const from = epoch()
        const [old, fresh] = [before.split('\n'), after.split('\n')]
        const changed = old.filter((line, at) => line !== fresh[at])
        if (changed.length !== EDITS) throw new Error(`${changed.length} changed lines`)
        return Promise.resolve(epoch() - from)
      },
    )
    return {
      ...samples,
      notes: [`longest stall of the asking thread, the copying of both texts included: ${stall.toFixed(1)} ms`],
    }
  },
}

/** The same lines change in every round, far apart, each time to something else. */
function edited(text: string, round: number): string {
  const step = Math.floor(text.length / (EDITS + 1))
  let result = text
  for (let edit = EDITS; edit >= 1; edit -= 1) {
    const at = result.indexOf('const label', edit * step) + 'const '.length
    result = `${result.slice(0, at)}r${round}${result.slice(at)}`
  }
  return result
}

/** How late a timer of this thread comes at most, until `longest` is asked. */
function watchStalls(): { longest(): Promise<number> } {
  let last = epoch()
  let most = 0
  const timer = setInterval(() => {
    const now = epoch()
    most = Math.max(most, now - last - 1)
    last = now
  }, 1)
  return {
    async longest() {
      await delay(2)
      clearInterval(timer)
      return most
    },
  }
}
