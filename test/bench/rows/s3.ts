// S3: the last token's lag at 1,000 tokens per second, and at 50, where each token has a frame of its own.
import { LAST_TOKEN_FLOOR, measureLag } from '../last-token.ts'
import type { Row } from '../row.ts'

const fast: Row = {
  id: 'S3',
  what: "last token's lag, 1,000 tokens/s (window)",
  unit: 'ms',
  floor: LAST_TOKEN_FLOOR,
  target: { p50: 10, p95: 20 },
  repeats: 30,
  sampleLimitMs: 6000,
  run: (bench) => measureLag(bench, 1000, 1000),
}

const slow: Row = {
  ...fast,
  id: 'S3/50',
  what: "last token's lag, 50 tokens/s (window)",
  run: (bench) => measureLag(bench, 50, 60),
}

export const s3: readonly Row[] = [fast, slow]
