// The bench's end of the bare clients' process.
import type { BareKind, BareQuestions } from './bare-process.ts'
import { measureSkew, onThisClock } from './clock.ts'
import { startHelper, type Helper } from './helper.ts'
import type { BenchServer } from './model-server.ts'
import type { Bench } from './row.ts'
import { setTimeout as delay } from 'node:timers/promises'

export interface Bare {
  readonly process: Helper<BareQuestions>
  /** Lets a stream run for `ms`, breaks it off; resolves with the ms until the server saw the close. */
  stopped(kind: BareKind, ms: number): Promise<number>
  /** The same, and asks again at once; resolves with the ms until the new request was at the server. */
  askedAgain(kind: BareKind, ms: number): Promise<number>
}

export async function startBare(bench: Bench, server: BenchServer): Promise<Bare> {
  const entry = new URL('./bare-process.ts', import.meta.url)
  const helper = bench.own(startHelper<BareQuestions, never>(entry, [server.url], () => {}))
  const skew = await measureSkew(() => helper.ask('now', null))

  async function streaming(kind: BareKind, ms: number): Promise<number> {
    await helper.ask('warm', kind)
    const arrival = server.next()
    await helper.ask('begin', kind)
    // While the stream runs, its connection is in use: this makes another one for what follows.
    await helper.ask('warm', kind)
    await delay(ms)
    return (await arrival).id
  }

  return {
    process: helper,
    async stopped(kind, ms) {
      const id = await streaming(kind, ms)
      const [at, over] = await Promise.all([helper.ask('stop', kind), server.over(id)])
      return over.at - onThisClock(at, skew)
    },
    async askedAgain(kind, ms) {
      await streaming(kind, ms)
      const arrival = server.next()
      const at = await helper.ask('again', kind)
      const took = (await arrival).at - onThisClock(at, skew)
      await helper.ask('stop', kind)
      return took
    },
  }
}
