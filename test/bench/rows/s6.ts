// S6: processor time per token at 1,000 tokens per second: of the engine's process, and of the whole app.
import { setTimeout as delay } from 'node:timers/promises'
import { startBare } from '../bare.ts'
import { processesOf } from '../browser-processes.ts'
import { cpuBetween, readCpu } from '../cpu.ts'
import { until } from '../clock.ts'
import { inTurn } from '../pairs.ts'
import { tidy } from '../product.ts'
import { marker, replyThatEndsWith } from '../project.ts'
import type { Row } from '../row.ts'
import type { Stand } from '../stands.ts'
import { openStage } from '../streams.ts'
import type { BenchServer } from '../model-server.ts'

const RATE = 1000
const TOKENS = 1500
const TTFT_MS = 60
/** What the last token causes is over by then. */
const REST_MS = 100
const LOOK_MS = 100
const LIMIT_MS = 20_000

async function script(server: BenchServer): Promise<void> {
  const reply = replyThatEndsWith(marker(0), TOKENS)
  await server.answer({ reply, ttft: TTFT_MS, rate: RATE, fault: { type: 'stall', after: TOKENS }, times: 1 })
}

/**
 * µs of these processes for each token of one stream, from the request's arrival to the last token's paint; `others` are the
 * requests whose tokens come meanwhile and count, too.
 */
export async function micros(stand: Stand, pids: readonly number[], others: readonly number[] = []): Promise<number> {
  const { server } = stand
  const sent = async (): Promise<number> => {
    const times = await Promise.all(others.map((other) => server.times(other)))
    return times.reduce((sum, { tokens }) => sum + tokens, 0)
  }
  await script(server)
  const { id } = await stand.ask()
  const sentBefore = await sent()
  const before = readCpu(pids)
  await until(LIMIT_MS, 'the last token', async () => (await stand.server.times(id)).tokens === TOKENS, LOOK_MS)
  await delay(REST_MS)
  const used = cpuBetween(before, readCpu(pids))
  return used / (TOKENS + (await sent()) - sentBefore)
}

const engine: Row = {
  id: 'S6/engine',
  what: 'processor time per token, 1,000 tokens/s, engine with its window',
  unit: 'µs',
  floor: 'bare openai SDK loop over HTTP',
  target: { p50: 120, p95: null },
  repeats: 20,
  sampleLimitMs: 7000,
  async run(bench) {
    const { shop, product, window, server } = await openStage(bench, 'plain')
    const bare = await startBare(bench, server)
    const samples = await inTurn(
      bench,
      async () => {
        const value = await micros(shop, [product.pid])
        await tidy(window)
        return value
      },
      async () => {
        await script(server)
        return (await bare.process.ask('loop', { kind: 'sdk', tokens: TOKENS })).cpu
      },
    )
    return { ...samples, notes: [] }
  },
}

const app: Row = {
  id: 'S6/app',
  what: 'the same of the whole app: engine and browser',
  unit: 'µs',
  floor: 'the browser with a bare page that shows the same tokens',
  target: { p50: null, p95: null, over: 120 },
  repeats: 20,
  sampleLimitMs: 7000,
  async run(bench) {
    const { shop, bare, floor, product, window } = await openStage(bench, 'plain')
    const browser = await bench.browser()
    const samples = await inTurn(
      bench,
      async () => {
        const value = await micros(shop, [product.pid, ...(await processesOf(browser))])
        await tidy(window)
        return value
      },
      async () => {
        const value = await micros(bare, await processesOf(browser))
        await floor.ask('stop', null)
        return value
      },
    )
    return { ...samples, notes: [] }
  },
}

export const s6: readonly Row[] = [engine, app]
