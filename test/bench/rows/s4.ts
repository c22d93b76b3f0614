// S4: the last token's lag at 5,000 tokens per second, after 10,000 of them.
import { LAST_TOKEN_FLOOR, measureLag } from '../last-token.ts'
import type { Row } from '../row.ts'

export const s4: Row = {
  id: 'S4',
  what: "last token's lag, 5,000 tokens/s × 10,000 (window)",
  unit: 'ms',
  floor: LAST_TOKEN_FLOOR,
  target: { p50: 15, p95: 30 },
  repeats: 30,
  sampleLimitMs: 10_000,
  run: (bench) => measureLag(bench, 5000, 10_000),
}
