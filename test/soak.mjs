// Runs the law tests at full length (`npm run soak`): every prefix of 200 replies, interrupted there, continued in six ways and nudged.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const config = fileURLToPath(new URL('./vitest.config.ts', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', config, '--project', 'unit', 'core/session/continue.test.ts', '--reporter=default'],
  { stdio: 'inherit', env: { ...process.env, SLIPSTREAM_SOAK: '1' } },
)
process.exitCode = status ?? 1
