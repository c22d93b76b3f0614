// S5: a stream as fast as it comes, per token, beside bare readers of the same.
import { LAST_TOKEN_FLOOR, measureLastToken } from '../last-token.ts'
import { startBare } from '../bare.ts'
import type { BareKind } from '../bare-process.ts'
import { startBenchServer } from '../model-server.ts'
import { replyThatEndsWith } from '../project.ts'
import type { Bench, Row } from '../row.ts'
import { median } from '../statistics.ts'

const KINDS: readonly BareKind[] = ['sdk', 'http', 'ws']
const LOOPS = 5

function unbounded(id: string, tokens: number): Row {
  return {
    id,
    what: `${tokens.toLocaleString('en')} tokens, unbounded, per token (window)`,
    unit: 'µs',
    floor: LAST_TOKEN_FLOOR,
    target: { p50: 15, p95: null },
    repeats: 20,
    sampleLimitMs: 6000,
    async run(bench) {
      const perToken = (ms: number): number => (ms * 1000) / tokens
      const { sent, ...samples } = await measureLastToken(bench, 0, tokens, ({ shown }) => perToken(shown))
      return {
        ...samples,
        notes: [
          `of it the server took ${perToken(median(sent)).toFixed(1)} µs to send one (median)`,
          await bareLoops(bench, tokens),
        ],
      }
    },
  }
}

/** One line: medians of the bare readers, which show nothing. */
async function bareLoops(bench: Bench, tokens: number): Promise<string> {
  const server = await startBenchServer(bench)
  await server.answer({
    reply: replyThatEndsWith('last', tokens),
    ttft: 20,
    rate: 0,
    fault: { type: 'stall', after: tokens },
  })
  const bare = await startBare(bench, server)
  const parts: string[] = []
  for (const kind of KINDS) {
    const walls: number[] = []
    const cpus: number[] = []
    for (let round = 0; round < LOOPS; round += 1) {
      await bare.process.ask('warm', kind)
      const { cpu, wall } = await bare.process.ask('loop', { kind, tokens })
      walls.push(wall)
      cpus.push(cpu)
    }
    parts.push(`${kind} ${median(walls).toFixed(1)} (processor ${median(cpus).toFixed(1)})`)
  }
  return `bare readers of the same, µs per token, medians of ${LOOPS}: ${parts.join(', ')}`
}

export const s5: readonly Row[] = [unbounded('S5', 20_000), unbounded('S5/2k', 2000)]
