// The `bin`, copied into a project of the test's own: what it starts, hands over, builds and passes on.
import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let root = ''
const children = new Set<ChildProcess>()

/** Says under which version it runs and what it was given; `wait` keeps it running until a signal, `kill` ends it by one. */
const program = `
export async function cli(words) {
  console.log(JSON.stringify({ cli: words, major: Number.parseInt(process.versions.node) }))
  if (words[0] === 'wait') {
    const signal = await new Promise((resolve) => {
      setInterval(() => {}, 1_000)
      for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.once(name, () => resolve(name))
    })
    console.log(signal)
    process.exit(7)
  }
  return Number(words[0] ?? 0)
}
`
const client = `
export async function runClient(words) {
  console.log(JSON.stringify({ client: words, major: Number.parseInt(process.versions.node) }))
  return 1
}
`
/** Stands for the build tool: talks on standard output, as the real one does, and makes or mends the program. */
const buildTool = `
import { mkdirSync, writeFileSync } from 'node:fs'
console.log('vite says something')
if (process.env.BREAK_BUILD) process.exit(1)
mkdirSync('out/main', { recursive: true })
writeFileSync('out/main/cli.mjs', ${JSON.stringify(program)})
writeFileSync('out/main/client.mjs', ${JSON.stringify(client)})
writeFileSync('out/.built', process.argv.slice(2).join(' '))
`
/** Makes the launcher believe that it runs under the Node of a bare machine. */
const oldNode = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-launch-')))
  for (const folder of [
    'main/host',
    'preload',
    'renderer',
    'out/main',
    'node_modules/node/bin',
    'node_modules/electron-vite/bin',
  ]) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await cp(join(import.meta.dirname, '../main/launch.mjs'), join(root, 'main/launch.mjs'))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  await writeFile(join(root, 'main/host/cli.ts'), '')
  await writeFile(join(root, 'old.mjs'), oldNode)
  await writeFile(join(root, 'out/main/cli.mjs'), program)
  await writeFile(join(root, 'out/main/client.mjs'), client)
  await writeFile(join(root, 'out/.built'), '')
  await writeFile(join(root, 'node_modules/electron-vite/bin/electron-vite.js'), buildTool)
  await symlink(process.execPath, join(root, 'node_modules/node/bin/node'))
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await rm(root, { recursive: true, force: true, maxRetries: 5 })
})

interface Launched {
  readonly child: ChildProcess
  /** Standard output and standard error so far. */
  readonly text: { out: string; error: string }
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

function launch(words: readonly string[], options: { readonly old?: boolean; readonly env?: object } = {}): Launched {
  const first = options.old === true ? ['--import', join(root, 'old.mjs')] : []
  const child = spawn(process.execPath, [...first, join(root, 'main/launch.mjs'), ...words], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const text = { out: '', error: '' }
  child.stdout.on('data', (part) => {
    text.out += String(part)
  })
  child.stderr.on('data', (part) => {
    text.error += String(part)
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  return { child, text, ended }
}

async function makeStale(): Promise<void> {
  await utimes(join(root, 'out/.built'), new Date(0), new Date(0))
}

describe('the launcher', () => {
  test('under a new enough Node starts the program at once, and passes words and exit code on', async () => {
    const { text, ended } = launch(['3', 'a b'])
    expect(await ended).toEqual({ code: 3, signal: null })
    expect(text.out).toBe('{"cli":["3","a b"],"major":24}\n')
    expect(text.error).toBe('')
  })

  test('under an old Node hands over to the one that came with the project', async () => {
    const { text, ended } = launch(['4', '$HOME; "x"'], { old: true })
    expect(await ended).toEqual({ code: 4, signal: null })
    expect(text.out).toBe('{"cli":["4","$HOME; \\"x\\""],"major":24}\n')
  })

  test.each(['interrupt', 'continue', 'nudge', 'ask', 'accept', 'reject', 'undo', 'status'])(
    '%s runs in the old Node itself, without a look at the sources',
    async (command) => {
      await makeStale()
      const { text, ended } = launch([command, 'x'], { old: true })
      expect(await ended).toMatchObject({ code: 1 })
      expect(text).toEqual({ out: `{"client":["${command}","x"],"major":20}\n`, error: '' })
    },
  )

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s reaches the program, whose exit code comes back',
    async (signal) => {
      const { child, text, ended } = launch(['wait'], { old: true })
      await expect.poll(() => text.out).toContain('cli')
      child.kill(signal)
      expect(await ended).toEqual({ code: 7, signal: null })
      expect(text.out).toContain(`\n${signal}\n`)
    },
  )

  test('when the launcher is killed outright the program ends too', async () => {
    const { child, text, ended } = launch(['wait'], { old: true })
    await expect.poll(() => text.out).toContain('cli')
    child.kill('SIGKILL')
    // The pipes close only when the program, which holds them too, is gone.
    await ended
    expect(text.out).toContain('\nSIGTERM\n')
  })

  test('without its Node it says what to do', async () => {
    await rm(join(root, 'node_modules/node'), { recursive: true })
    const { text, ended } = launch(['0'], { old: true })
    expect(await ended).toMatchObject({ code: 1 })
    expect(text).toEqual({
      out: '',
      error: `slipstream: it needs Node 24, and the one that comes with it is missing: run \`npm ci\` in ${root}.\n`,
    })
  })
})

describe('building', () => {
  test('happens when a source is newer, and talks on standard error only', async () => {
    await makeStale()
    const { text, ended } = launch(['0'])
    expect(await ended).toMatchObject({ code: 0 })
    expect(text.out).toBe('{"cli":["0"],"major":24}\n')
    expect(text.error).toContain('building')
    expect(text.error).toContain('vite says something')
    expect(await readFile(join(root, 'out/.built'), 'utf8')).toBe(
      `build -c ${join('main', 'electron.vite.config.ts')} --logLevel warn`,
    )
  })

  test('happens when there is no build yet, also for a command of the thin client', async () => {
    await rm(join(root, 'out'), { recursive: true })
    const { text, ended } = launch(['0'])
    expect(await ended).toMatchObject({ code: 0 })
    expect(text.error).toContain('building')
    await rm(join(root, 'out'), { recursive: true })
    expect(await launch(['undo']).ended).toMatchObject({ code: expect.any(Number), signal: null })
    expect(await readFile(join(root, 'out/main/client.mjs'), 'utf8')).toBe(client)
  })

  test('does not happen when nothing has changed', async () => {
    const { text, ended } = launch(['0'])
    await ended
    expect(text.error).toBe('')
  })

  test('that fails ends the start', async () => {
    await makeStale()
    const { text, ended } = launch(['0'], { env: { BREAK_BUILD: '1' } })
    expect(await ended).toMatchObject({ code: 1 })
    expect(text.out).toBe('')
    expect(text.error).toContain('slipstream: the build failed')
  })

  test('without its tools, and without a build, is told in one line', async () => {
    await rm(join(root, 'node_modules/electron-vite'), { recursive: true })
    await rm(join(root, 'out'), { recursive: true })
    const { text, ended } = launch(['0'])
    expect(await ended).toMatchObject({ code: 1 })
    expect(text.error).toBe(
      `slipstream: it is not built, and its build tools are missing: run \`npm ci\` in ${root}.\n`,
    )
  })

  test('without its tools uses the build that is there', async () => {
    await rm(join(root, 'node_modules/electron-vite'), { recursive: true })
    await makeStale()
    expect(await launch(['0']).ended).toMatchObject({ code: 0 })
  })
})
