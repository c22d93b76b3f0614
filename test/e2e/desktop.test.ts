// The bin without a word about a host: hands over to an Electron that is there, and serves a browser in seconds when none is.
import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const BIN = join(import.meta.dirname, '..', '..', 'main', 'launch.mjs')
let home = ''

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipstream-handover-'))
  for (const folder of ['shop', 'run', 'dist', 'empty']) await mkdir(join(home, folder), { mode: 0o700 })
})
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the bin on a desktop that has no browser, with `dist` as its Electron; ended once it is ready, where it gets so far. */
function start(...words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, join(home, 'shop'), '--data', join(home, 'data'), ...words], {
    env: {
      PATH: join(home, 'empty'),
      HOME: home,
      DISPLAY: ':99',
      XDG_RUNTIME_DIR: join(home, 'run'),
      SLIPSTREAM_LOCAL_SERVERS: '',
      ELECTRON_OVERRIDE_DIST_PATH: join(home, 'dist'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve) => {
    let out = ''
    let err = ''
    child.stdout.on('data', (part) => {
      out += String(part)
      if (out.includes('Slipstream ready')) child.kill('SIGTERM')
    })
    child.stderr.on('data', (part) => (err += String(part)))
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

/** What stands in for Electron's program. */
async function electron(code: string): Promise<void> {
  const file = join(home, 'dist', process.platform === 'win32' ? 'electron.exe' : 'electron')
  await writeFile(file, `#!${process.execPath}\n${code}`)
  await chmod(file, 0o755)
}

test('an Electron that is there gets the words, and its exit code is ours', async () => {
  await electron(`
    require('node:fs').writeFileSync(${JSON.stringify(join(home, 'words.json'))}, JSON.stringify(process.argv.slice(2)))
    process.exit(0)
  `)
  const { code, out } = await start('--model', 'a b')
  expect({ code, out }).toEqual({ code: 0, out: '' })
  const words: unknown = JSON.parse(await readFile(join(home, 'words.json'), 'utf8'))
  expect(words).toEqual(
    expect.arrayContaining(['--', `--data=${join(home, 'data')}`, '--model=a b', '--', join(home, 'shop')]),
  )
})

test('without one the same window is served for a browser, with one line that says so', async () => {
  const { code, out, err } = await start()
  expect(code).toBe(0)
  expect(out).toMatch(/^Slipstream ready: http:\/\/127\.0\.0\.1:\d+\/#token=\S+\n$/)
  expect(err.split('\n').filter((line) => line.includes('served for a browser'))).toHaveLength(1)
})

test('one that does not start here leads to the browser, too', async () => {
  await electron('process.exit(127)')
  const { out, err } = await start()
  expect(out).toContain('Slipstream ready')
  expect(err).toContain('does not start here (exit code 127)')
})

test.each([['--host', 'browser'], ['--no-open'], ['--port', '0', '--host', 'browser']])(
  'who asks for an address (%s) gets one, and no Electron',
  async (...words) => {
    await electron('process.exit(9)')
    const { out, err } = await start(...words)
    expect(out).toContain('Slipstream ready')
    expect(err).not.toContain('Electron')
  },
)
