// S7: from the key going down in the window to the server seeing its client close.
import { setTimeout as delay } from 'node:timers/promises'
import { inTurn } from '../pairs.ts'
import { tidy } from '../product.ts'
import type { Row } from '../row.ts'
import { keyDown } from '../stands.ts'
import { openStage } from '../streams.ts'

/** A second press within a second would mean something else. */
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
    const { shop, bare, window } = await openStage(bench, 'plain')
    const late: { readonly product: number[]; readonly floor: number[] } = { product: [], floor: [] }
    const samples = await inTurn(
      bench,
      async () => {
        const { took, after } = await keyDown(shop)
        if (after !== null) late.product.push(after)
        await tidy(window)
        await delay(APART_MS)
        return took
      },
      async () => {
        const { took, after } = await keyDown(bare)
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
