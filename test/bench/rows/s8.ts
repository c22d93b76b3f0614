// S8: from `interrupt()` in the engine to the server seeing its client close, by WebSocket and by HTTP.
import { setTimeout as delay } from 'node:timers/promises'
import { startBare } from '../bare.ts'
import type { BareKind } from '../bare-process.ts'
import type { EngineStage } from '../engine.ts'
import { openTalking, quick } from '../talking.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'

const THREE_MS = 300
/** Between a request and the interrupt of it: it streams by then. */
const APART_MS = 60

/** Three interrupts, a nudge after each of the first two: ms of the third, for which no connection may be missing. */
async function third(stage: EngineStage): Promise<number> {
  const { suggestion, arrival: first } = await stage.stream(quick.wait())
  const begun = performance.now()
  await stage.interrupt({ suggestion, arrival: first })
  const second = await stage.nudge(suggestion)
  await delay(APART_MS)
  await stage.interrupt({ suggestion, arrival: second.arrival })
  const { arrival } = await stage.nudge(suggestion)
  await delay(APART_MS)
  const took = await stage.interrupt({ suggestion, arrival })
  const all = performance.now() - begun
  if (all > THREE_MS) throw new Error(`three interrupts took ${Math.round(all)} ms`)
  await stage.dismiss(suggestion)
  return took
}

function interrupting(transport: 'websocket' | 'http', kind: BareKind, sample = quick.interrupted) {
  return async (bench: Parameters<Row['run']>[0]) => {
    const stage = await openTalking(bench, transport)
    const bare = await startBare(bench, stage.server)
    const samples = await inTurn(
      bench,
      () => sample(stage),
      () => bare.stopped(kind, quick.wait()),
    )
    return { ...samples, notes: [] }
  }
}

export const s8: readonly Row[] = [
  {
    id: 'S8/ws',
    what: 'interrupt() → server sees the close, WebSocket',
    unit: 'ms',
    floor: 'terminate() of a bare ws socket',
    target: { p50: 0.6, p95: 2.5 },
    repeats: 40,
    sampleLimitMs: 2000,
    run: interrupting('websocket', 'ws'),
  },
  {
    id: 'S8/third',
    what: 'the third of three within 300 ms, each after a nudge, WebSocket',
    unit: 'ms',
    floor: 'terminate() of a bare ws socket',
    target: { p50: 0.6, p95: 2.5 },
    repeats: 40,
    sampleLimitMs: 4000,
    run: interrupting('websocket', 'ws', third),
  },
  {
    id: 'S8/http',
    what: 'interrupt() → server sees the close, HTTP',
    unit: 'ms',
    floor: 'abort of a bare openai SDK stream',
    target: { p50: null, p95: null, ratio: { p50: 1.5, p95: null } },
    repeats: 40,
    sampleLimitMs: 2000,
    run: interrupting('http', 'sdk'),
  },
]
