// S10: what S2 to S7 measure with two more streams and a busy renderer, beside the same without.
import { setTimeout as delay } from 'node:timers/promises'
import { inTurn } from '../pairs.ts'
import { PROJECT_READY, STREAM, tidy } from '../product.ts'
import { makeLoad } from '../load.ts'
import type { Bench, Row } from '../row.ts'
import { firstTokenLag, keyDown, lastToken, type Stand } from '../stands.ts'
import { openTalking } from '../talking.ts'
import { openBenchWindow } from '../window.ts'
import { micros } from './s6.ts'

/** `pid`: of the engine. `others`: the requests that run beside. */
interface Loaded {
  readonly stand: Stand
  readonly pid: number
  readonly others: readonly number[]
}

const APART_MS = 1100

function loaded(id: string, what: string, unit: Row['unit'], take: (loaded: Loaded) => Promise<number>): Row {
  return {
    id: `S10/${id}`,
    what: `two more streams, busy renderer: ${what}`,
    unit,
    floor: 'the same alone',
    target: { p50: null, p95: null, ratio: { p50: 2, p95: 2 } },
    repeats: 20,
    sampleLimitMs: 8000,
    async run(bench: Bench) {
      const stage = await openTalking(bench, 'http')
      const window = await openBenchWindow(bench, stage.url, PROJECT_READY)
      const { server } = stage
      const pid = await stage.engine.ask('pid', null)
      const load = makeLoad(stage, window)
      const alone: Stand = {
        server,
        window,
        selector: STREAM,
        ask: async () => (await stage.ask()).arrival,
        over: (request) => server.over(request),
      }
      // The key stops the stream that was painted last, which may be any of the three.
      const beside: Stand = { ...alone, over: id === 'S7' ? () => server.nextOver() : alone.over }
      const samples = await inTurn(
        bench,
        async () => {
          const others = await load.begin()
          const value = await take({ stand: beside, pid, others })
          await load.end()
          return value
        },
        async () => {
          const value = await take({ stand: alone, pid, others: [] })
          await tidy(window)
          return value
        },
      )
      return { ...samples, notes: [] }
    },
  }
}

const UNBOUNDED = 20_000

export const s10: readonly Row[] = [
  loaded('S2', 'first byte → painted', 'ms', ({ stand }) => firstTokenLag(stand)),
  loaded('S3', "last token's lag, 1,000 tokens/s", 'ms', async ({ stand }) => (await lastToken(stand, 1000, 1000)).lag),
  loaded(
    'S4',
    "last token's lag, 5,000 tokens/s",
    'ms',
    async ({ stand }) => (await lastToken(stand, 5000, 10_000)).lag,
  ),
  loaded('S5', 'unbounded, per token', 'µs', async ({ stand }) => {
    const { shown } = await lastToken(stand, 0, UNBOUNDED)
    return (shown * 1000) / UNBOUNDED
  }),
  loaded('S6', "engine's processor time, per token of all", 'µs', ({ stand, pid, others }) =>
    micros(stand, [pid], others),
  ),
  loaded('S7', 'key down → close', 'ms', async ({ stand }) => {
    const { took } = await keyDown(stand)
    await delay(APART_MS)
    return took
  }),
]
