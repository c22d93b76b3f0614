// Getting the Electron runtime: found, fetched once with progress, given up in seconds, and not tried again the same day.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureRuntime, type RuntimeOptions } from '../../main/host/runtime.ts'

let folder = ''
let electron = ''
let said: string[] = []
let now = 1_000_000_000_000

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipstream-runtime-'))
  electron = join(folder, 'electron')
  await mkdir(electron)
  await mkdir(join(folder, 'data'))
  await mkdir(join(folder, 'tmp'))
  await writeFile(join(electron, 'package.json'), '{"version":"45.3.4"}')
  said = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function ensure(some: Partial<RuntimeOptions> = {}, signal = new AbortController().signal) {
  return ensureRuntime(
    {
      electron,
      platform: 'linux',
      environment: { DISPLAY: ':0', PATH: process.env['PATH'] },
      data: join(folder, 'data'),
      temporary: join(folder, 'tmp'),
      now: () => now,
      say: (line) => said.push(line),
      ...some,
    },
    signal,
  )
}

/** What stands in for the package's own `install.js`. */
async function installer(code: string): Promise<void> {
  await writeFile(join(electron, 'install.js'), code)
}

const INSTALLS = `
const { mkdirSync, writeFileSync, appendFileSync } = require('node:fs')
appendFileSync(__dirname + '/runs', 'x')
mkdirSync(__dirname + '/dist', { recursive: true })
writeFileSync(__dirname + '/dist/electron', '')
writeFileSync(__dirname + '/dist/version', 'v45.3.4')
`
const FAILS = `
require('node:fs').appendFileSync(__dirname + '/runs', 'x')
console.error("TypeError: fetch failed\\n  [cause]: Error: getaddrinfo ENOTFOUND github.com { code: 'ENOTFOUND' }")
process.exit(1)
`

async function runs(): Promise<number> {
  const names = await readdir(electron)
  return names.includes('runs') ? 1 : 0
}

describe('a runtime that is there', () => {
  test('is taken from the package when it is of its version', async () => {
    await installer(INSTALLS)
    await ensure()
    said = []
    expect(await ensure()).toEqual({ ok: true, value: join(electron, 'dist', 'electron') })
    expect(said).toEqual([])
  })

  test('of another version is fetched anew', async () => {
    await mkdir(join(electron, 'dist'))
    await writeFile(join(electron, 'dist', 'electron'), '')
    await writeFile(join(electron, 'dist', 'version'), '44.0.0')
    await installer(INSTALLS)
    expect(await ensure()).toMatchObject({ ok: true })
    expect(await runs()).toBe(1)
  })

  test('is taken from ELECTRON_OVERRIDE_DIST_PATH before anything else, without fetching', async () => {
    const environment = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'mine') }
    expect(await ensure({ environment, electron: null })).toMatchObject({ ok: false, failure: { code: 'missing' } })
    await mkdir(join(folder, 'mine', 'Electron.app', 'Contents', 'MacOS'), { recursive: true })
    for (const name of ['electron', 'electron.exe', join('Electron.app', 'Contents', 'MacOS', 'Electron')]) {
      await writeFile(join(folder, 'mine', name), '')
    }
    const found = (platform: NodeJS.Platform) => ensure({ environment, electron: null, platform })
    expect(await found('linux')).toEqual({ ok: true, value: join(folder, 'mine', 'electron') })
    expect(await found('win32')).toEqual({ ok: true, value: join(folder, 'mine', 'electron.exe') })
    expect(await found('darwin')).toMatchObject({ value: expect.stringMatching(/MacOS.Electron$/) })
  })
})

describe('without one', () => {
  test('it is fetched, with a word before', async () => {
    await installer(INSTALLS)
    expect(await ensure()).toEqual({ ok: true, value: join(electron, 'dist', 'electron') })
    expect(said[0]).toContain('fetching the Electron runtime')
  })

  test('where nothing can be shown nothing is fetched', async () => {
    await installer(INSTALLS)
    expect(await ensure({ environment: {} })).toMatchObject({ ok: false, failure: { code: 'display' } })
    expect(await runs()).toBe(0)
  })

  test('and without the package, that is said', async () => {
    expect(await ensure({ electron: null })).toMatchObject({ ok: false, failure: { code: 'missing' } })
  })

  test('a failure names its reason, and leaves nothing lying about', async () => {
    await installer(FAILS)
    expect(await ensure()).toEqual({
      ok: false,
      failure: { code: 'missing', message: 'The Electron runtime cannot be fetched (ENOTFOUND).' },
    })
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  test('after a failure it is tried again the next day, not before', async () => {
    await installer(FAILS)
    await ensure()
    await rm(join(electron, 'runs'))
    expect(await ensure()).toMatchObject({ ok: false, failure: { message: expect.stringContaining('earlier today') } })
    expect(await runs()).toBe(0)
    now += 86_400_000
    await installer(INSTALLS)
    expect(await ensure()).toMatchObject({ ok: true })
  })

  test('a failure with another version does not count', async () => {
    await installer(FAILS)
    await ensure()
    await writeFile(join(electron, 'package.json'), '{"version":"45.3.5"}')
    await installer(INSTALLS.replace('45.3.4', '45.3.5'))
    expect(await ensure()).toMatchObject({ ok: true })
  })

  test('a server that does not answer is given up', async () => {
    await installer('setInterval(() => {}, 1000)')
    const patience = { first: 100, next: 60_000, look: 20 }
    const result = await ensure({ patience, now: Date.now })
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('does not answer') } })
  })

  test('a download that goes on slowly is not given up, and shows its progress', async () => {
    await installer(`
      const { mkdtempSync, appendFileSync } = require('node:fs')
      const file = require('node:os').tmpdir() + '/electron.zip'
      let count = 0
      const timer = setInterval(() => {
        appendFileSync(file, Buffer.alloc(3_000_000))
        count += 1
        if (count < 14) return
        clearInterval(timer)
        { ${INSTALLS} }
      }, 40)
    `)
    const patience = { first: 10_000, next: 5_000, look: 20 }
    expect(await ensure({ patience, now: Date.now })).toMatchObject({ ok: true })
    expect(said.filter((line) => line.endsWith(' MB') && !line.includes('fetching')).length).toBeGreaterThan(0)
  })

  test('a proxy of the environment is used', async () => {
    await installer(`
      if (process.env.ELECTRON_GET_USE_PROXY !== '1') process.exit(1)
      ${INSTALLS}
    `)
    const environment = { DISPLAY: ':0', HTTPS_PROXY: 'http://proxy:3128' }
    expect(await ensure({ environment })).toMatchObject({ ok: true })
  })

  test('an interrupt ends it', async () => {
    await installer('setInterval(() => {}, 1000)')
    const controller = new AbortController()
    const result = ensure({}, controller.signal)
    setTimeout(() => controller.abort(), 100)
    expect(await result).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
  })

  test('a data folder that cannot be written costs only the memory of it', async () => {
    await installer(FAILS)
    await rm(join(folder, 'data'), { recursive: true })
    expect(await ensure()).toMatchObject({ ok: false, failure: { code: 'missing' } })
  })
})
