// The whole shell on the fake: starts, windows, hotkeys, tray and key together, with an engine that the test holds.
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventBatch, Result } from '../../preload/contract.ts'
import { connect, type Client } from '../../preload/wire/client.ts'
import { DEFAULT_SETTINGS } from '../../main/adapters/settings.ts'
import { createEngine, type Engine, type EngineOptions } from '../../main/host/engine.ts'
import { DEFAULT_PREFERENCES } from '../../main/shell/preferences.ts'
import { startShell } from '../../main/shell/main.ts'
import { createFakeElectron, type FakeElectron, type FakeWindow } from '../fakes/electron.ts'
import { buildPreload, runPreload } from '../fakes/electron-ipc.ts'
import { createHandlers } from '../fakes/handlers.ts'
import { startModelServer } from '../fakes/model-server/server.ts'
import { batch, suggestionView } from '../renderer/views.ts'

const NEVER = new AbortController().signal

/** An engine whose events the test sends, and whose close it may hold. */
interface HeldEngine {
  readonly options: EngineOptions
  readonly log: string[]
  tell(batch: EventBatch): void
  /** Set before the close: it then waits for it. */
  closing: Promise<void>
}

let home = ''
let electron: FakeElectron
let engines: HeldEngine[] = []
let said: string[] = []
let now = 0
let environment: Record<string, string> = {}

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-shell-')))
  for (const folder of ['shop', 'blog', 'run']) await mkdir(join(home, folder), { mode: 0o700 })
  electron = createFakeElectron()
  engines = []
  said = []
  now = 0
  environment = { XDG_RUNTIME_DIR: join(home, 'run'), SLIPSTREAM_LOCAL_SERVERS: '' }
  electron.app.ready.resolve()
})
afterEach(async () => {
  electron.app.quit()
  await electron.app.exited.promise
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
})

async function holdEngine(options: EngineOptions): Promise<Result<Engine>> {
  const log: string[] = []
  const listeners = new Set<(batch: EventBatch) => void>()
  const held: HeldEngine = {
    options,
    log,
    closing: Promise.resolve(),
    tell(some) {
      for (const listener of listeners) listener(some)
    },
  }
  engines.push(held)
  const handlers = createHandlers({
    calls: {
      interrupt: async () => {
        log.push('interrupt')
        return { ok: true, value: { stopped: [] } }
      },
      key: async ({ key }) => {
        log.push(`key ${key}`)
        return { ok: true, value: null }
      },
    },
    streams: {
      async *events(_values, signal) {
        const waiting = [batch({ first: true })]
        let wake = (): void => {}
        listeners.add((some) => {
          waiting.push(some)
          wake()
        })
        signal.addEventListener('abort', () => wake())
        while (!signal.aborted) {
          const next = waiting.shift()
          if (next !== undefined) yield next
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      },
    },
  })
  const engine: Engine = {
    handlers,
    onBug: (cause) => log.push(`bug ${String(cause)}`),
    start: async () => void log.push('start'),
    warm: async () => void log.push('warm'),
    woke: () => void log.push('woke'),
    async close() {
      log.push('closing')
      await held.closing
      log.push('closed')
    },
  }
  return { ok: true, value: engine }
}

interface Starting {
  readonly openEngine?: typeof createEngine
  readonly cwd?: string
}

function start(words: readonly string[], { openEngine = holdEngine, cwd = home }: Starting = {}): Promise<void> {
  return startShell(electron, {
    argv: electron.app.isPackaged ? ['slipstream', ...words] : ['electron', 'shell.mjs', '--', ...words],
    cwd,
    around: { platform: 'linux', environment, home, temporary: tmpdir(), user: process.getuid?.() ?? -1 },
    program: join(import.meta.dirname, '..', '..'),
    executable: '/opt/Slipstream/slipstream',
    openEngine,
    updates: {
      hasSource: false,
      load: async () => {
        throw new Error('not wanted here')
      },
    },
    now: () => now,
    say: (line) => said.push(line),
  })
}

function window(index = 0): FakeWindow {
  const found = electron.windows[index]
  if (found === undefined) throw new Error(`there is no window ${index}`)
  return found
}

/** What a window's page sees: the real preload script over the real bridge. */
async function page(index = 0): Promise<Client> {
  return connect(runPreload(await preload, electron.ipcMain, window(index).webContents).connect())
}
const preload = buildPreload()

const data = (): string[] => ['--data', join(home, 'data')]

describe('a start', () => {
  test('opens the project in a safe window at the edge, without taking the focus', async () => {
    await start([...data(), 'shop'])
    expect(engines[0]?.options.root).toBe(join(home, 'shop'))
    expect(window().options).toMatchObject({
      x: 1500,
      y: 30,
      width: 420,
      height: 1050,
      title: 'shop \u2013 Slipstream',
      alwaysOnTop: true,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        backgroundThrottling: false,
      },
    })
    expect(window().url).toBe('app://slipstream/')
    expect(window().calls).toEqual(['showInactive'])
    expect(electron.app.paths.get('userData')).toBe(join(home, 'data', 'desktop'))
    await expect.poll(() => engines[0]?.log).toEqual(['start', 'warm'])
  })

  test('says at once what has to be said before the app is ready', async () => {
    electron = createFakeElectron()
    const starting = start([...data(), 'shop'])
    expect(electron.schemes).toHaveLength(1)
    expect(electron.app.lockData).toEqual({ words: [...data(), 'shop'], cwd: home })
    expect(electron.app.paths.has('userData')).toBe(true)
    electron.app.ready.resolve()
    await starting
  })

  test('on Wayland passes no position, and says why', async () => {
    environment['XDG_SESSION_TYPE'] = 'wayland'
    await start([...data(), 'shop'])
    expect(window().options).not.toHaveProperty('x')
    expect(window().options).not.toHaveProperty('y')
    const answer = await (await page()).call('desktop', {})
    expect(answer).toMatchObject({ ok: true, value: { placement: expect.stringContaining('Wayland') } })
    expect(electron.app.switches.get('enable-features')).toBe('GlobalShortcutsPortal')
  })

  test('of what is no folder ends with 1 and the reason', async () => {
    await start([...data(), 'missing'])
    expect(await electron.app.exited.promise).toBe(1)
    expect(said).toEqual([expect.stringContaining('there is no folder')])
  })

  test('of an installed app with a command runs that command, and sets nothing up', async () => {
    electron.app.isPackaged = true
    await start(['apply', '--nonsense'])
    expect(await electron.app.exited.promise).toBe(2)
    expect(electron.app.lockData).toBeNull()
  })

  test('of an installed app by a click asks for a project, and remembers it', async () => {
    electron.app.isPackaged = true
    electron.picked = [join(home, 'blog')]
    await start(data())
    expect(engines.map(({ options }) => options.root)).toEqual([join(home, 'blog')])
    electron.app.quit()
    await electron.app.exited.promise
    electron = createFakeElectron()
    electron.app.isPackaged = true
    electron.app.ready.resolve()
    await start(data())
    expect(engines.map(({ options }) => options.root)).toEqual([join(home, 'blog'), join(home, 'blog')])
  })

  test('by a click, when no project is picked, ends', async () => {
    electron.app.isPackaged = true
    await start(data())
    expect(await electron.app.exited.promise).toBe(0)
  })
})

describe('a second start', () => {
  test('with the same project focuses its window', async () => {
    await start([...data(), 'shop'])
    electron.app.emit('second-instance', {}, [], '/', { words: ['.'], cwd: join(home, 'shop') })
    await expect.poll(() => window().calls).toEqual(['showInactive', 'show'])
    expect(engines).toHaveLength(1)
  })

  test('with another project opens a window beside the first', async () => {
    await start([...data(), 'shop'])
    electron.app.emit('second-instance', {}, [], '/', { words: ['blog'], cwd: home })
    await expect.poll(() => electron.windows.length).toBe(2)
    expect(window(1).options).toMatchObject({ x: 1080, width: 420 })
  })

  test('while the first is still getting ready is not lost', async () => {
    electron = createFakeElectron()
    const starting = start([...data(), 'shop'])
    await expect.poll(() => electron.app.lockData).not.toBeNull()
    electron.app.emit('second-instance', {}, [], '/', { words: ['blog'], cwd: home })
    electron.app.ready.resolve()
    await starting
    expect(electron.windows).toHaveLength(2)
  })

  test('is the one that ends', async () => {
    electron.app.isFirst = false
    await start([...data(), 'shop'])
    expect(await electron.app.exited.promise).toBe(0)
    expect(electron.windows).toEqual([])
  })
})

describe('the window', () => {
  test('closed by the person goes on in the tray, and comes back from there', async () => {
    await start([...data(), 'shop'])
    let prevented = false
    window().emit('close', { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(true)
    expect(window().visible).toBe(false)
    electron.trays[0]?.emit('click')
    expect(window().visible).toBe(true)
  })

  test('without a tray its end is the end', async () => {
    electron.trayless = true
    await start([...data(), 'shop'])
    window().emit('close', { preventDefault() {} })
    expect(await electron.app.exited.promise).toBe(0)
    expect(engines[0]?.log).toContain('closed')
  })

  test('is loaded again when its page dies, but not for ever', async () => {
    await start([...data(), 'shop'])
    for (let count = 0; count < 5; count += 1)
      window().webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(window().webContents.reloads).toBe(3)
    expect(said).toHaveLength(2)
    now = 61_000
    window().webContents.emit('render-process-gone', {}, { reason: 'oom' })
    expect(window().webContents.reloads).toBe(4)
  })

  test('after its page died the next page has the state from the engine', async () => {
    await start([...data(), 'shop'])
    async function firstBatch(): Promise<boolean> {
      const client = await page()
      return new Promise((resolve) => void client.open('events', {}, (some) => resolve(some.first)))
    }
    expect(await firstBatch()).toBe(true)
    window().webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect(await firstBatch()).toBe(true)
  })

  test('remembers its place for each display', async () => {
    electron.displays.push({ id: 2, workArea: { x: 1920, y: 0, width: 1600, height: 900 } })
    await start([...data(), 'shop'])
    window().drag({ x: 100, y: 100, width: 500, height: 600 })
    const stored = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(home, 'data', 'desktop.json'), 'utf8').catch(() => '{}'))
    await expect.poll(stored).toMatchObject({ places: { 1: { x: 100, y: 100, width: 500, height: 600 } } })
    window().hide()
    electron.cursor = { x: 2000, y: 500 }
    electron.chords.get('CommandOrControl+Alt+Space')?.()
    expect(window().bounds).toEqual({ x: 3100, y: 0, width: 420, height: 900 })
    window().hide()
    electron.cursor = { x: 100, y: 500 }
    electron.chords.get('CommandOrControl+Alt+Space')?.()
    expect(window().bounds).toEqual({ x: 100, y: 100, width: 500, height: 600 })
  })

  test('docks at the other edge, stays on top or not, and becomes a strip, as it is told', async () => {
    await start([...data(), 'shop'])
    const client = await page()
    const found = await client.call('desktop', {})
    if (!found.ok) throw new Error(found.failure.message)
    const { preferences } = found.value
    await client.call('desktopConfigure', { preferences: { ...preferences, side: 'left', alwaysOnTop: false } })
    expect(window().bounds).toMatchObject({ x: 0, width: 420 })
    expect(window().alwaysOnTop).toBe(false)
    await client.call('desktopConfigure', { preferences: { ...preferences, side: 'left', compact: true } })
    expect(window().bounds.height).toBe(48)
    await client.call('desktopConfigure', { preferences: { ...preferences, side: 'left', compact: false } })
    expect(window().bounds).toEqual({ x: 0, y: 30, width: 420, height: 1050 })
  })

  test('does not take the edge it was docked at for a place of the person', async () => {
    await start([...data(), 'shop'])
    const client = await page()
    const found = await client.call('desktop', {})
    if (!found.ok) throw new Error(found.failure.message)
    await client.call('desktopConfigure', { preferences: { ...found.value.preferences, side: 'left' } })
    await sleep(600)
    expect(JSON.parse(await readFile(join(home, 'data', 'desktop.json'), 'utf8'))).toMatchObject({ places: {} })
    expect(await readFile(join(home, 'data', 'desktop.json'), 'utf8')).not.toContain('"width"')
  })

  test('comes back when its display has gone', async () => {
    await start([...data(), 'shop'])
    electron.displays.splice(0, 1, { id: 3, workArea: { x: 0, y: 0, width: 1280, height: 700 } })
    electron.screen.on('display-removed', () => {})
    if ('emit' in electron.screen && typeof electron.screen.emit === 'function') electron.screen.emit('display-removed')
    expect(window().bounds).toEqual({ x: 860, y: 0, width: 420, height: 700 })
  })
})

test('a wake of the machine is told to every open project', async () => {
  await start([...data(), 'shop'])
  electron.app.emit('second-instance', {}, [], '/', { words: ['blog'], cwd: home })
  await expect.poll(() => electron.windows.length).toBe(2)
  electron.powerMonitor.emit('resume')
  expect(engines.map(({ log }) => log.filter((line) => line === 'woke'))).toEqual([['woke'], ['woke']])
})

describe('the hotkeys', () => {
  test('interrupt stops the project that streams, also when another was used last', async () => {
    await start([...data(), 'shop'])
    electron.app.emit('second-instance', {}, [], '/', { words: ['blog'], cwd: home })
    await expect.poll(() => engines.length).toBe(2)
    engines[0]?.tell(batch({ suggestions: [suggestionView('s', 1, { state: 'streaming' })] }))
    await expect.poll(() => electron.trays[0]?.image).toContain('tray-streaming')
    electron.chords.get(DEFAULT_PREFERENCES.hotkeys.interrupt)?.()
    expect(engines.map(({ log }) => log.includes('interrupt'))).toEqual([true, false])
  })

  test('show and hide leave the focus where it is', async () => {
    await start([...data(), 'shop'])
    electron.chords.get('CommandOrControl+Alt+Space')?.()
    electron.chords.get('CommandOrControl+Alt+Space')?.()
    expect(window().calls).toEqual(['showInactive', 'hide', 'showInactive'])
  })

  test('are told with their status, and can be changed', async () => {
    electron.taken.add(DEFAULT_PREFERENCES.hotkeys.interrupt)
    await start([...data(), 'shop'])
    const client = await page()
    const before = await client.call('desktop', {})
    if (!before.ok) throw new Error(before.failure.message)
    expect(before.value.hotkeys.map(({ status }) => status)).toEqual(['refused', 'unproven'])
    const { preferences } = before.value
    const after = await client.call('desktopConfigure', {
      preferences: { ...preferences, hotkeys: { interrupt: 'Control+Alt+I', toggle: '' } },
    })
    expect(after).toMatchObject({ value: { hotkeys: [{ status: 'unproven' }, { status: 'off' }] } })
    electron.chords.get('Control+Alt+I')?.()
    expect(engines[0]?.log).toContain('interrupt')
  })
})

describe('the key', () => {
  test('goes to the engine and into the key store, never back to the window, and is there in the next run', async () => {
    await start([...data(), 'shop'])
    const answer = await (await page()).call('desktopKey', { key: 'sk-secret' })
    expect(answer).toMatchObject({ ok: true, value: { keyStore: { state: 'stored' } } })
    expect(engines[0]?.log).toContain('key sk-secret')
    expect(JSON.stringify(window().webContents.sent)).not.toContain('sk-secret')
    electron.app.quit()
    await electron.app.exited.promise
    electron = createFakeElectron()
    electron.app.ready.resolve()
    await start([...data(), 'shop'])
    expect(engines[1]?.log).toContain('key sk-secret')
  })

  test('of the environment goes before a stored one', async () => {
    await start([...data(), 'shop'])
    await (await page()).call('desktopKey', { key: 'sk-secret' })
    electron.app.quit()
    await electron.app.exited.promise
    environment['OPENAI_API_KEY'] = 'sk-environment'
    electron = createFakeElectron()
    electron.app.ready.resolve()
    await start([...data(), 'shop'])
    expect(engines[1]?.log.filter((line) => line.startsWith('key'))).toEqual([])
  })

  test('is refused where it would lie open, and the window is told why', async () => {
    electron.keyStore.backend = 'basic_text'
    await start([...data(), 'shop'])
    const answer = await (await page()).call('desktopKey', { key: 'sk-secret' })
    expect(answer).toMatchObject({
      ok: false,
      failure: { code: 'keystore', message: expect.stringContaining('basic_text') },
    })
    expect(engines[0]?.log.filter((line) => line.startsWith('key'))).toEqual([])
  })
})

describe('the end', () => {
  test('waits until every engine is closed', async () => {
    await start([...data(), 'shop'])
    electron.app.emit('second-instance', {}, [], '/', { words: ['blog'], cwd: home })
    await expect.poll(() => engines.length).toBe(2)
    const held = Promise.withResolvers<void>()
    if (engines[0] !== undefined) engines[0].closing = held.promise
    let ended = false
    void electron.app.exited.promise.then(() => (ended = true))
    electron.app.quit()
    electron.app.quit()
    await expect.poll(() => engines[1]?.log).toContain('closed')
    expect(ended).toBe(false)
    held.resolve()
    expect(await electron.app.exited.promise).toBe(0)
    expect(engines[0]?.log.filter((line) => line === 'closing')).toHaveLength(1)
    expect(electron.windows.every((one) => one.destroyed)).toBe(true)
    expect(electron.trays[0]?.destroyed).toBe(true)
    expect(electron.chords.size).toBe(0)
  })

  test('answers what a window still asks with `closed`', async () => {
    await start([...data(), 'shop'])
    const client = await page()
    const stream = client.open('events', {}, () => {})
    await client.call('desktop', {})
    electron.app.quit()
    expect(await stream.ended).toMatchObject({ code: 'closed' })
  })
})

describe('with the real engine', () => {
  const BEFORE = 'export function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
  const AFTER = BEFORE.replace('total(items)', 'totalOf(items)')
  const PATCH = `Guard it.\n*** Begin Patch\n*** Update File: a.js\n@@\n   const sum = totalOf(items)\n-  return sum / items.length\n+  return items.length === 0 ? 0 : sum / items.length\n }\n*** End Patch\n`

  async function open(rule: object): Promise<{ readonly client: Client; readonly close: () => Promise<void> }> {
    await writeFile(join(home, 'shop', 'a.js'), BEFORE)
    const server = await startModelServer({ script: [{ when: 'totalOf', reply: PATCH, ...rule }] })
    await start([...data(), '--provider=compatible', `--base-url=${server.url}`, 'shop'], { openEngine: createEngine })
    const client = await page()
    await expect
      .poll(() => client.call('status', {}), { timeout: 10_000 })
      .toMatchObject({ value: { project: { watch: { state: 'watching', baselines: 1 } } } })
    await writeFile(join(home, 'shop', 'a.js'), AFTER)
    return { client, close: () => server.close() }
  }

  async function suggestions(client: Client) {
    const status = await client.call('status', {})
    return status.ok ? status.value.suggestions : []
  }

  async function reopen(): Promise<Engine> {
    const made = await createEngine({
      root: join(home, 'shop'),
      data: join(home, 'data'),
      settings: {
        load: () => ({ settings: DEFAULT_SETTINGS, fault: null }),
        save: async () => ({ ok: true, value: null }),
      },
      options: { provider: 'local', baseUrl: null, model: null, deepModel: null },
      environment,
    })
    if (!made.ok) throw new Error(made.failure.message)
    await made.value.start()
    return made.value
  }

  test('a host without a shell answers what only the shell knows with `host`', async () => {
    const engine = await reopen()
    expect(await engine.handlers.calls.desktop({}, NEVER)).toMatchObject({ ok: false, failure: { code: 'host' } })
    await engine.close()
  })

  test('an end in mid-stream loses nothing of what had come', async () => {
    const { client, close } = await open({ fault: { type: 'stall', after: 20 } })
    await expect.poll(() => suggestions(client), { timeout: 10_000 }).toMatchObject([{ state: 'streaming' }])
    electron.app.quit()
    expect(await electron.app.exited.promise).toBe(0)
    const engine = await reopen()
    const status = await engine.handlers.calls.status({}, NEVER)
    expect(status).toMatchObject({ ok: true, value: { suggestions: [{ state: 'interrupted', path: 'a.js' }] } })
    await engine.close()
    await close()
  })

  test('an end in mid-apply leaves the file whole, and what was applied can be undone', async () => {
    const { client, close } = await open({})
    await expect
      .poll(() => suggestions(client), { timeout: 10_000 })
      .toMatchObject([{ state: 'ready', hunks: [{ state: 'pending' }] }])
    const [suggestion] = await suggestions(client)
    const [hunk] = suggestion?.hunks ?? []
    if (suggestion === undefined || hunk === undefined) throw new Error('there is no hunk')
    void client.call('accept', { hunks: [{ suggestion: suggestion.id, hunk: hunk.id, hash: hunk.hash }] })
    await Promise.resolve()
    await Promise.resolve()
    electron.app.quit()
    expect(await electron.app.exited.promise).toBe(0)
    const applied = AFTER.replace('return sum /', 'return items.length === 0 ? 0 : sum /')
    const text = await readFile(join(home, 'shop', 'a.js'), 'utf8')
    expect([AFTER, applied]).toContain(text)
    const engine = await reopen()
    const undone = await engine.handlers.calls.undo({}, NEVER)
    expect(undone.ok).toBe(text === applied)
    expect(await readFile(join(home, 'shop', 'a.js'), 'utf8')).toBe(AFTER)
    await engine.close()
    await close()
  })
})
