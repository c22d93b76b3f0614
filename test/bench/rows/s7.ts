// S7: from the key going down in the window to the server seeing its client close.
import { setTimeout as delay } from 'node:timers/promises'
import { inTurn } from '../pairs.ts'
import { FLOOR_TEXT, STREAM, tidy } from '../product.ts'
import { marker } from '../project.ts'
import type { Row } from '../row.ts'
import { openStage } from '../streams.ts'
import type { Arrival } from '../model-server.ts'
import type { BenchWindow } from '../window.ts'

/** Tokens per second, and enough of them that the stream is far from its end when it is stopped. */
const RATE = 500
const REST = ' and so on'.repeat(2000)
/** How long the stream has been painted when the key goes down. A second press within a second would mean something else. */
const LEAST_WAIT_MS = 300
const RANDOM_WAIT_MS = 100
const APART_MS = 1100

export const s7: Row = {
  id: 'S7',
  what: 'interrupt: key down (window) → server sees the close',
  unit: 'ms',
  floor: 'bare page: key down → WebSocket message → request destroyed',
  target: { p50: 3, p95: 8 },
  repeats: 20,
  sampleLimitMs: 8000,
  async run(bench) {
    const stage = await openStage(bench, 'plain')
    const { server } = stage
    let count = 0

    async function sample(
      window: BenchWindow,
      selector: string,
      ask: () => Promise<Arrival>,
    ): Promise<{ readonly took: number; readonly after: number | null }> {
      count += 1
      const first = marker(count)
      await server.answer({ reply: first + REST, ttft: LEAST_WAIT_MS, rate: RATE, times: 1 })
      const painted = await window.painted(selector, first)
      const { id } = await ask()
      await painted.happened
      await delay(LEAST_WAIT_MS + Math.random() * RANDOM_WAIT_MS)
      const escape = await window.escape(selector)
      const [over] = await Promise.all([server.over(id), window.page.keyboard.press('Escape')])
      if (over.how !== 'client-closed') throw new Error(`the exchange ended otherwise: ${over.how}`)
      const { at, changedAt } = await escape.happened
      return { took: over.at - at, after: changedAt === null ? null : changedAt - at }
    }

    const late: { readonly product: number[]; readonly floor: number[] } = { product: [], floor: [] }
    const samples = await inTurn(
      bench,
      async (round) => {
        const { took, after } = await sample(stage.window, STREAM, () => stage.ask(round))
        if (after !== null) late.product.push(after)
        await tidy(stage.window)
        await delay(APART_MS)
        return took
      },
      async () => {
        const { took, after } = await sample(stage.floorWindow, FLOOR_TEXT, () => stage.askFloor())
        if (after !== null) late.floor.push(after)
        return took
      },
    )
    return { ...samples, notes: [lateLine('product', late.product), lateLine('floor', late.floor)] }
  },
}

/** Nothing may be painted after the key's frame. `late`: the last change that was, in ms from the key. */
function lateLine(whose: string, late: readonly number[]): string {
  const worst = late.length === 0 ? '' : `, the last ${Math.max(...late).toFixed(1)} ms after the key went down`
  return `streams of the ${whose} that were painted after the key's frame, warm-ups included: ${late.length}${worst}`
}
