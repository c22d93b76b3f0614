// S8: from `interrupt()` in the engine to the server seeing its client close, by WebSocket and by HTTP.
import { startBare } from '../bare.ts'
import type { BareKind } from '../bare-process.ts'
import { openTalking, quick } from '../talking.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'

function interrupting(transport: 'websocket' | 'http', kind: BareKind) {
  return async (bench: Parameters<Row['run']>[0]) => {
    const stage = await openTalking(bench, transport)
    const bare = await startBare(bench, stage.server)
    const samples = await inTurn(
      bench,
      () => quick.interrupted(stage),
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
