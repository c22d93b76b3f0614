// The bench's end of the model server's process: says what it is to answer, and waits for requests.
import { measureSkew, onThisClock } from './clock.ts'
import { startHelper } from './helper.ts'
import type { PlainRule, RequestTimes, ServerNews, ServerQuestions } from './model-server-process.ts'
import type { Bench } from './row.ts'

/** Times are epoch ms of this process's clock. */
export interface Arrival {
  readonly id: number
  /** When the whole request had arrived. */
  readonly at: number
  readonly transport: 'http' | 'websocket'
}

export interface Over {
  readonly at: number
  readonly how: string
}

export interface BenchServer {
  /** "http://127.0.0.1:PORT/v1". */
  readonly url: string
  /** The next requests are answered so. */
  answer(rule: PlainRule): Promise<void>
  /** Resolves with the first request that arrives after this call; `asked`: the first that the bench asked. */
  next(which?: 'any' | 'asked'): Promise<Arrival>
  times(id: number): Promise<RequestTimes>
  /** Resolves when that exchange is over, also when it was long ago. */
  over(id: number): Promise<Over>
  /** Resolves with the first exchange that is over after this call. */
  nextOver(): Promise<Over>
  close(): Promise<void>
}

export async function startBenchServer(bench: Bench): Promise<BenchServer> {
  const arrivals: { readonly asked: boolean; resolve(arrival: Arrival): void }[] = []
  const ends: ((over: Over) => void)[] = []
  const over = new Map<number, PromiseWithResolvers<Over>>()
  let here = (time: number): number => time

  function overOf(id: number): PromiseWithResolvers<Over> {
    const known = over.get(id) ?? Promise.withResolvers<Over>()
    over.set(id, known)
    return known
  }

  const helper = bench.own(
    startHelper<ServerQuestions, ServerNews>(new URL('./model-server-process.ts', import.meta.url), [], (news) => {
      const at = here(news.at)
      if (news.type === 'over') {
        const end = { at, how: news.how }
        overOf(news.id).resolve(end)
        for (const resolve of ends.splice(0)) resolve(end)
        return
      }
      for (const waiting of arrivals.splice(0)) {
        if (waiting.asked && !news.asked) arrivals.push(waiting)
        else waiting.resolve({ id: news.id, at, transport: news.transport })
      }
    }),
  )
  const url = await helper.ask('url', null)
  const skew = await measureSkew(() => helper.ask('now', null))
  here = (time) => onThisClock(time, skew)
  return {
    url,
    async answer(rule) {
      await helper.ask('script', rule)
    },
    next(which = 'any') {
      return new Promise((resolve) => {
        arrivals.push({ asked: which === 'asked', resolve })
      })
    },
    nextOver() {
      return new Promise((resolve) => {
        ends.push(resolve)
      })
    },
    async times(id) {
      const { firstTokenAt, lastTokenAt, tokens } = await helper.ask('times', id)
      return {
        firstTokenAt: firstTokenAt === null ? null : here(firstTokenAt),
        lastTokenAt: lastTokenAt === null ? null : here(lastTokenAt),
        tokens,
      }
    },
    over: (id) => overOf(id).promise,
    close: () => helper.close(),
  }
}
