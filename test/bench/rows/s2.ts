// S2: from the first token's byte at the server to its paint in the window.
import { inTurn } from '../pairs.ts'
import { FLOOR_TEXT, STREAM } from '../product.ts'
import { marker } from '../project.ts'
import type { Row } from '../row.ts'
import { openStage } from '../streams.ts'
import type { Arrival } from '../model-server.ts'
import type { BenchWindow } from '../window.ts'

/** A fast model thinks for about so long; random, so that samples fall on no one place within a frame or after the request. */
const LEAST_WAIT_MS = 60
const RANDOM_WAIT_MS = 200
/** Tokens per second after the first. */
const RATE = 200
const REST = ' is a word, and some more of them follow until this short reply is over and says no more.'

export const s2: Row = {
  id: 'S2',
  what: 'first byte sent → first token painted (window)',
  unit: 'ms',
  floor: 'bare page that appends what its WebSocket brings, behind a bare relay',
  target: { p50: 5, p95: 17 },
  repeats: 30,
  sampleLimitMs: 5000,
  async run(bench) {
    const stage = await openStage(bench, 'plain')
    const { server } = stage
    let count = 0

    async function sample(window: BenchWindow, selector: string, ask: () => Promise<Arrival>): Promise<number> {
      count += 1
      const first = marker(count)
      const ttft = LEAST_WAIT_MS + Math.random() * RANDOM_WAIT_MS
      await server.answer({ reply: first + REST, ttft, rate: RATE, times: 1 })
      const painted = await window.painted(selector, first)
      const { id } = await ask()
      const paintedAt = await painted.happened
      await server.over(id)
      const { firstTokenAt } = await server.times(id)
      if (firstTokenAt === null) throw new Error('no token was sent')
      return paintedAt - firstTokenAt
    }

    const samples = await inTurn(
      bench,
      (round) => sample(stage.window, STREAM, () => stage.ask(round)),
      () => sample(stage.floorWindow, FLOOR_TEXT, () => stage.askFloor()),
    )
    return { ...samples, notes: [] }
  },
}
