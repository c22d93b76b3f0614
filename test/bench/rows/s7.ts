// S7: from the key going down in the window to the server seeing its client close; also with the window busy and 5,000 tokens a second.
import { setTimeout as delay } from 'node:timers/promises'
import { inTurn } from '../pairs.ts'
import { tidy } from '../product.ts'
import type { Bench, Figures, Row } from '../row.ts'
import { keyDown, type KeyDown, type Stand } from '../stands.ts'
import { openStage } from '../streams.ts'
import type { BenchWindow } from '../window.ts'

/** A second press within a second would mean something else. */
const APART_MS = 1100
const BUSY_RATE = 5000

const calm: Row = {
  id: 'S7',
  what: 'interrupt: key down (window) → server sees the close',
  unit: 'ms',
  floor: 'bare page: key down → WebSocket message → request destroyed',
  target: { p50: 3, p95: 8 },
  repeats: 20,
  sampleLimitMs: 8000,
  run: (bench) => measure(bench, async () => {}, undefined),
}

const busy: Row = {
  ...calm,
  id: 'S7/busy',
  what: 'the same, the window busy half of the time, 5,000 tokens/s',
  floor: 'bare page, as busy: key down → WebSocket message → request destroyed',
  target: { p50: null, p95: null, ratio: { p50: 2, p95: 2 } },
  run: (bench) =>
    measure(bench, ({ page }, on) => page.evaluate((burning) => window.bench.burn(burning), on), BUSY_RATE),
}

export const s7: readonly Row[] = [calm, busy]

/** `burn` makes a page busy, or lets it rest; `rate` in tokens per second. */
async function measure(
  bench: Bench,
  burn: (of: BenchWindow, on: boolean) => Promise<void>,
  rate: number | undefined,
): Promise<Figures> {
  const { shop, bare, window } = await openStage(bench, 'plain')
  const pressed = async (stand: Stand): Promise<KeyDown> => {
    const down = await keyDown(stand, {}, () => burn(stand.window, true), rate)
    await burn(stand.window, false)
    return down
  }
  const late: { readonly product: number[]; readonly floor: number[] } = { product: [], floor: [] }
  const samples = await inTurn(
    bench,
    async () => {
      const { took, after } = await pressed(shop)
      if (after !== null) late.product.push(after)
      await tidy(window)
      await delay(APART_MS)
      return took
    },
    async () => {
      const { took, after } = await pressed(bare)
      if (after !== null) late.floor.push(after)
      return took
    },
  )
  return { ...samples, notes: [lateLine('product', late.product), lateLine('floor', late.floor)] }
}

/** Nothing may be painted after the key's frame. `late`: the last change that was, in ms from the key. */
function lateLine(whose: string, late: readonly number[]): string {
  const worst = late.length === 0 ? '' : `, the last ${Math.max(...late).toFixed(1)} ms after the key went down`
  return `streams of the ${whose} that were painted after the key's frame, warm-ups included: ${late.length}${worst}`
}
