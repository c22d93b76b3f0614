// The desktop shell in a real page: the built preload script and window in a Chromium that stands in for BrowserWindow, over
// the real bridge and engine. What only Electron itself can do is in electron.test.ts.
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEngine } from '../../main/host/engine.ts'
import { DEFAULT_PREFERENCES } from '../../main/shell/preferences.ts'
import { startShell } from '../../main/shell/main.ts'
import { createFakeElectron, type FakeElectron } from '../fakes/electron.ts'
import { builtPreload } from '../fakes/electron-ipc.ts'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'
import { keysAlive, startBrowser } from './app.ts'

const BEFORE = `export function mean(items) {
  const sum = total(items)
  return sum / items.length
}
`
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
const MAP_PATCH = PATCH.replace(GUARD, '  return new Map([[0, 0]]).get(items.length) ?? sum / items.length')
const ORIGIN = 'app://slipstream'
/** A page cannot be given a scheme of its own here; over https it is as secure a context as over `app:`. */
const STAND_IN = 'https://slipstream.test'

let browser: Browser
let home = ''
let electron: FakeElectron
let server: ModelServer
let page: Page
let errors: string[] = []

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
})
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-desktop-')))
  await mkdir(join(home, 'shop'))
  await mkdir(join(home, 'run'), { mode: 0o700 })
  await writeFile(join(home, 'shop', 'total.js'), BEFORE)
  electron = createFakeElectron()
  electron.app.ready.resolve()
  errors = []
})
afterEach(async () => {
  await page.context().close()
  electron.app.quit()
  await electron.app.exited.promise
  await server.close()
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
  expect(errors, 'a session logs no console error').toEqual([])
})

/** The shell on the fake, and a page that runs what its window would run. */
async function open(): Promise<void> {
  server = await startModelServer({
    script: [
      { when: 'use a Map', reply: MAP_PATCH },
      { when: 'totalOf', reply: PATCH, fault: { type: 'stall', after: 12 }, times: 1 },
      { when: 'totalOf', reply: PATCH },
    ],
  })
  await startShell(electron, {
    argv: [
      'electron',
      'shell.mjs',
      '--',
      '--provider=compatible',
      `--base-url=${server.url}`,
      `--data=${join(home, 'data')}`,
      join(home, 'shop'),
    ],
    cwd: home,
    around: {
      platform: process.platform,
      environment: { XDG_RUNTIME_DIR: join(home, 'run'), SLIPSTREAM_LOCAL_SERVERS: '', DISPLAY: ':0' },
      home,
      temporary: tmpdir(),
      user: process.getuid?.() ?? -1,
    },
    program: join(import.meta.dirname, '..', '..'),
    executable: process.execPath,
    openEngine: createEngine,
    updates: { hasSource: false, load: () => Promise.reject(new Error('not wanted here')) },
    now: () => performance.now(),
    say: (line) => errors.push(line),
  })
  page = await newPage()
  await page.goto(`${STAND_IN}/`)
  await page.getByTestId('status').getByText('shop').first().waitFor()
}

async function newPage(): Promise<Page> {
  const [window] = electron.windows
  if (window === undefined) throw new Error('no window was opened')
  const { webContents: contents } = window
  const context = await browser.newContext({ viewport: { width: 420, height: 860 } })
  const made = await context.newPage()
  made.setDefaultTimeout(15_000)
  made.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  made.on('pageerror', (error) => errors.push(String(error)))
  // What the protocol handler answers to `app://slipstream/…`.
  await made.route(`${STAND_IN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const response = await electron.fetch(`${ORIGIN}${pathname}`, route.request().method())
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  })
  await made.exposeBinding('slipstreamSend', (_source, channel: string, values: unknown[]) => {
    electron.ipcMain.receive(contents, channel, values)
  })
  contents.onSend = (channel, values) => {
    // A page that is being left hears no more.
    made.evaluate(`slipstreamReceive(${JSON.stringify([channel, values])})`).catch(() => {})
  }
  // The sandboxed world of the preload script, without the isolation: Chromium alone has none to offer.
  await made.addInitScript({
    content: `{
      const listeners = new Map()
      const of = (channel) => listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel)
      window.slipstreamReceive = ([channel, values]) => {
        for (const listener of [...of(channel)]) listener({}, ...values)
      }
      const electron = {
        contextBridge: { exposeInMainWorld: (name, api) => { window[name] = api } },
        ipcRenderer: {
          send: (channel, ...values) => { window.slipstreamSend(channel, values) },
          on: (channel, listener) => { of(channel).add(listener) },
          removeListener: (channel, listener) => { of(channel).delete(listener) },
        },
      }
      const require = (name) => {
        if (name === 'electron') return electron
        throw new Error('a sandboxed preload script has no ' + name)
      }
      const module = { exports: {} }
      ;((require, module, exports) => {${builtPreload()}
      })(require, module, module.exports)
    }`,
  })
  return made
}

async function save(text: string): Promise<void> {
  await writeFile(join(home, 'shop', 'total.js'), text)
}

function read(): Promise<string> {
  return readFile(join(home, 'shop', 'total.js'), 'utf8')
}

/** Until the file has its baseline: a save before that is a first sight. */
async function watching(): Promise<void> {
  await expect.poll(() => page.getByTestId('latency').isEnabled()).toBe(true)
  await page.getByText('Reading the project').waitFor({ state: 'detached' })
  await page.waitForTimeout(500)
}

test('the whole loop: edit, stream, interrupt from anywhere, nudge, accept, undo', async () => {
  await open()
  await watching()
  await save(AFTER)
  const suggestion = page.getByTestId('suggestion').first()
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('streaming')
  await expect.poll(() => electron.trays[0]?.image).toContain('tray-streaming')

  electron.chords.get(DEFAULT_PREFERENCES.hotkeys.interrupt)?.()
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('interrupted')

  await suggestion.getByTestId('nudge').fill('use a Map')
  await suggestion.getByTestId('nudge-send').click()
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('ready')
  await expect.poll(() => electron.trays[0]?.image).toContain('tray-review')

  await suggestion.getByTestId('hunk-accept').first().click()
  await expect.poll(read).toContain('new Map')
  await keysAlive(page)
  await page.getByTestId('undo').click()
  await expect.poll(read).toBe(AFTER)
})

test('a page that is loaded anew has the state from the engine', async () => {
  await open()
  await watching()
  await save(AFTER)
  const suggestion = page.getByTestId('suggestion').first()
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('streaming')
  electron.windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
  expect(electron.windows[0]?.webContents.reloads).toBe(1)
  await page.reload()
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('streaming')
})

test('the settings show the desktop: hotkeys with their status, key store, keymaps', async () => {
  await open()
  await page.getByTestId('settings').click()
  const desktop = page.getByTestId('desktop')
  await desktop.waitFor()
  expect(await page.getByTestId('hotkey-status-interrupt').getAttribute('data-status')).toBe('unproven')
  electron.taken.add('Control+Alt+I')
  await page.getByTestId('hotkey-interrupt').fill('Control+Alt+I')
  await desktop.getByRole('button', { name: 'Use these keys' }).click()
  await expect.poll(() => page.getByTestId('hotkey-status-interrupt').getAttribute('data-status')).toBe('refused')
  await desktop.getByText('Keys in your editor instead').click()
  for (const editor of ['VS Code', 'JetBrains', 'Neovim', 'Emacs', 'Sublime', 'Zed']) {
    expect(await desktop.getByText(editor).first().isVisible()).toBe(true)
  }
  await page.getByTestId('desktop-side').selectOption('left')
  await expect.poll(() => electron.windows[0]?.bounds.x).toBe(0)
})

test('as a strip it still shows what streams and how much is to review', async () => {
  await open()
  await watching()
  await page.setViewportSize({ width: 420, height: 48 })
  const strip = page.getByTestId('strip')
  await strip.getByText('Watching').waitFor()
  expect(await page.getByTestId('status').isVisible()).toBe(false)
  await save(AFTER)
  await strip.getByText('total.js').waitFor()
  await strip.getByRole('button', { name: 'Stop' }).click()
  await strip.getByText('Watching').waitFor()
})
