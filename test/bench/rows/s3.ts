// S3: the last token's lag at 1,000 tokens per second.
import { LAST_TOKEN_FLOOR, measureLag } from '../last-token.ts'
import type { Row } from '../row.ts'

export const s3: Row = {
  id: 'S3',
  what: "last token's lag, 1,000 tokens/s (window)",
  unit: 'ms',
  floor: LAST_TOKEN_FLOOR,
  target: { p50: 10, p95: 20 },
  repeats: 30,
  sampleLimitMs: 6000,
  run: (bench) => measureLag(bench, 1000, 1000),
}
