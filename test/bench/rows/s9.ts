// S9: from a nudge in the engine to the continued request at the server: interrupt and continuation.
import { startBare } from '../bare.ts'
import type { BareKind } from '../bare-process.ts'
import { openTalking, quick } from '../talking.ts'
import { inTurn } from '../pairs.ts'
import type { Bench, Row } from '../row.ts'

const TARGET = { p50: 3, p95: 8 } as const

function nudging(transport: 'websocket' | 'http', kind: BareKind) {
  return async (bench: Bench) => {
    const stage = await openTalking(bench, transport)
    const bare = await startBare(bench, stage.server)
    const samples = await inTurn(
      bench,
      async () => {
        const running = await stage.stream(quick.wait())
        const { took, arrival } = await stage.nudge(running.suggestion)
        await stage.interrupt({ ...running, arrival })
        await stage.dismiss(running.suggestion)
        return took
      },
      () => bare.askedAgain(kind, quick.wait()),
    )
    return { ...samples, notes: [] }
  }
}

export const s9: readonly Row[] = [
  {
    id: 'S9/ws',
    what: 'nudge → continued request at the server, WebSocket',
    unit: 'ms',
    floor: 'terminate() of a bare ws socket, and a request on a spare one',
    target: TARGET,
    repeats: 30,
    sampleLimitMs: 2000,
    run: nudging('websocket', 'ws'),
  },
  {
    id: 'S9/http',
    what: 'nudge → continued request at the server, HTTP',
    unit: 'ms',
    floor: 'node:http: request destroyed, and a request on a spare connection',
    target: TARGET,
    repeats: 30,
    sampleLimitMs: 2000,
    run: nudging('http', 'http'),
  },
]
