// S2: from the first token's byte at the server to its paint in the window.
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'
import { firstTokenLag } from '../stands.ts'
import { openStage } from '../streams.ts'

export const s2: Row = {
  id: 'S2',
  what: 'first byte sent → first token painted (window)',
  unit: 'ms',
  floor: 'bare page that appends what its WebSocket brings, behind a bare relay',
  target: { p50: 5, p95: 17 },
  repeats: 30,
  sampleLimitMs: 5000,
  async run(bench) {
    const { shop, bare } = await openStage(bench, 'plain')
    const samples = await inTurn(
      bench,
      () => firstTokenLag(shop),
      () => firstTokenLag(bare),
    )
    return { ...samples, notes: [] }
  },
}
