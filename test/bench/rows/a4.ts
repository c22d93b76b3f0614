// A4: from the last byte of a hunk to its lines in the review queue, while the reply stays open.
import { setTimeout as delay } from 'node:timers/promises'
import { inTurn } from '../pairs.ts'
import { marker } from '../project.ts'
import type { Row } from '../row.ts'
import { firstTokenLag } from '../stands.ts'
import { openStage } from '../streams.ts'

const HUNK = '[data-testid="hunk"]'
const TTFT_MS = 60
const RANDOM_MS = 50

export const a4: Row = {
  id: 'A4',
  what: 'a hunk complete in the stream → reviewable on screen (window)',
  unit: 'ms',
  floor: 'bare page that appends what its WebSocket brings, behind a bare relay',
  target: { p50: 20, p95: 40 },
  repeats: 30,
  sampleLimitMs: 5000,
  async run(bench) {
    const { shop, bare } = await openStage(bench, 'plain')
    const { server, window } = shop
    const samples = await inTurn(
      bench,
      async (round) => {
        const word = marker(500_000 + round)
        const reply = `One.\n*** Begin Patch\n*** Add File: src/${word}.ts\n+export const ${word} = 1\n*** End Patch\n`
        const tokens = Math.ceil(reply.length / word.length)
        const fault = { type: 'stall', after: tokens } as const
        await server.answer({ reply, ttft: TTFT_MS + Math.random() * RANDOM_MS, rate: 0, fault, times: 1 })
        const painted = await window.painted(HUNK, `const ${word}`)
        const { id } = await shop.ask()
        const paintedAt = await painted.happened
        const { lastTokenAt } = await server.times(id)
        if (lastTokenAt === null) throw new Error('no token was sent')
        // The stream is still open: the next save supersedes it.
        await delay(RANDOM_MS)
        return paintedAt - lastTokenAt
      },
      () => firstTokenLag(bare),
    )
    return { ...samples, notes: [] }
  },
}
