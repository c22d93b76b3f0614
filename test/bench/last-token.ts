// The lag of a stream's last token: from its byte at the server to its paint in the window.
import { inTurn } from './pairs.ts'
import { FLOOR_ROWS, STREAM, tidy } from './product.ts'
import { marker, replyThatEndsWith } from './project.ts'
import type { Bench, Figures } from './row.ts'
import { openStage } from './streams.ts'
import type { Arrival } from './model-server.ts'
import type { BenchWindow } from './window.ts'

const LEAST_WAIT_MS = 60
/** Random, so that samples fall on no one place within a frame. */
const RANDOM_WAIT_MS = 50

export const LAST_TOKEN_FLOOR = 'bare xterm written on arrival, behind a bare relay'

/** `rate` in tokens per second. The stream stays open after its last token: one that ends is folded away before it is painted. */
export async function measureLastToken(bench: Bench, rate: number, tokens: number): Promise<Figures> {
  const stage = await openStage(bench, 'xterm')
  const { server } = stage
  let count = 0
  let slowest = 0

  async function sample(window: BenchWindow, selector: string, ask: () => Promise<Arrival>): Promise<number> {
    count += 1
    const last = marker(count)
    const ttft = LEAST_WAIT_MS + Math.random() * RANDOM_WAIT_MS
    const reply = replyThatEndsWith(last, tokens)
    await server.answer({ reply, ttft, rate, fault: { type: 'stall', after: tokens }, times: 1 })
    const painted = await window.painted(selector, last)
    const { id } = await ask()
    const paintedAt = await painted.happened
    const times = await server.times(id)
    if (times.firstTokenAt === null || times.lastTokenAt === null) throw new Error('no token was sent')
    slowest = Math.max(slowest, (times.lastTokenAt - times.firstTokenAt) / ((tokens / rate) * 1000))
    return paintedAt - times.lastTokenAt
  }

  const samples = await inTurn(
    bench,
    async (round) => {
      const lag = await sample(stage.window, STREAM, () => stage.ask(round))
      await tidy(stage.window)
      return lag
    },
    async () => {
      const lag = await sample(stage.floorWindow, FLOOR_ROWS, () => stage.askFloor())
      await stage.floor.ask('stop', null)
      return lag
    },
  )
  return { ...samples, notes: [`the slowest stream took ${slowest.toFixed(2)} × its schedule to be sent`] }
}
