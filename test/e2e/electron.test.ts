// The desktop shell in the real Electron: the loop, hotkeys, fences and a restart. Runs wherever a runtime and a display are.
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_PREFERENCES } from '../../main/shell/preferences.ts'
import { findElectron } from '../electron-runtime.mjs'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'
import { keysAlive } from './app.ts'

const SHELL = join(import.meta.dirname, '..', '..', 'out', 'main', 'shell.mjs')
const BEFORE = 'export function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const AFTER = BEFORE.replace('total(items)', 'totalOf(items)')
const GUARD = '  return items.length === 0 ? 0 : sum / items.length'
const PATCH = `Guard the empty cart.
*** Begin Patch
*** Update File: total.js
@@
   const sum = totalOf(items)
-  return sum / items.length
+${GUARD}
 }
*** End Patch
`

let home = ''
let server: ModelServer
let app: ElectronApplication | null = null

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-electron-')))
  await mkdir(join(home, 'shop'))
  await mkdir(join(home, 'run'), { mode: 0o700 })
  await writeFile(join(home, 'shop', 'total.js'), BEFORE)
  server = await startModelServer({ script: [{ when: 'totalOf', reply: PATCH }] })
})
afterEach(async () => {
  await app?.close()
  app = null
  await server.close()
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
})

/** Starts the shell on the project; answers its window once the first scan is over. */
async function open(): Promise<{ readonly app: ElectronApplication; readonly page: Page }> {
  const found = findElectron()
  if ('absent' in found) throw new Error(found.absent)
  const root = process.platform === 'linux' && process.getuid?.() === 0
  const words = [
    '--provider=compatible',
    `--base-url=${server.url}`,
    `--data=${join(home, 'data')}`,
    join(home, 'shop'),
  ]
  const environment = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  const started = await _electron.launch({
    executablePath: found.path,
    args: [...(root ? ['--no-sandbox'] : []), SHELL, '--', ...words],
    env: { ...Object.fromEntries(environment), XDG_RUNTIME_DIR: join(home, 'run'), SLIPSTREAM_LOCAL_SERVERS: '' },
  })
  app = started
  const page = await started.firstWindow()
  page.setDefaultTimeout(15_000)
  await page.getByTestId('status').getByText('shop').first().waitFor()
  await page.getByText('Reading the project').waitFor({ state: 'detached' })
  await page.waitForTimeout(1_000)
  return { app: started, page }
}

async function ready(page: Page): Promise<void> {
  await writeFile(join(home, 'shop', 'total.js'), AFTER)
  await page.locator('[data-testid="hunk"][data-state="pending"]').first().waitFor()
}

function read(): Promise<string> {
  return readFile(join(home, 'shop', 'total.js'), 'utf8')
}

test('the loop: edit, stream, accept, undo', async () => {
  const { page } = await open()
  await ready(page)
  await page.getByTestId('hunk-accept').first().click()
  await expect.poll(read).toContain(GUARD)
  await keysAlive(page)
  await page.getByTestId('undo').click()
  await expect.poll(read).toBe(AFTER)
})

test('the hotkeys are taken, or refused with the reason; never silently', async () => {
  const { app, page } = await open()
  await page.getByTestId('settings').click()
  const status = await page.getByTestId('hotkey-status-interrupt').getAttribute('data-status')
  const held = await app.evaluate(
    ({ globalShortcut }, chord) => globalShortcut.isRegistered(chord),
    DEFAULT_PREFERENCES.hotkeys.interrupt,
  )
  expect(status).toBe(held ? 'unproven' : 'refused')
})

test('the page is fenced in', async () => {
  const { app, page } = await open()
  expect(await page.evaluate('[typeof require, typeof process, Object.keys(slipstream)]')).toEqual([
    'undefined',
    'undefined',
    ['connect'],
  ])
  await page.evaluate('window.open("https://example.org/")')
  await page.evaluate('location.href = "https://example.org/"').catch(() => null)
  await page.waitForTimeout(500)
  expect(page.url()).toBe('app://slipstream/')
  expect(app.windows()).toHaveLength(1)
})

test('after a restart the queue is there again', async () => {
  const first = await open()
  await ready(first.page)
  await first.app.close()
  const second = await open()
  await second.page.locator('[data-testid="hunk"][data-state="pending"]').first().waitFor()
  await second.page.getByTestId('hunk-accept').first().click()
  await expect.poll(read).toContain(GUARD)
})
