// The real program for browser tests: its bin on a real folder, with a real browser window on it.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { findChromium } from '../chromium.mjs'
import type { StatusView } from '../../preload/contract.ts'
import type { ModelServer } from '../fakes/model-server/server.ts'

const BIN = fileURLToPath(new URL('../../main/launch.mjs', import.meta.url))
const READY = /^Slipstream ready: (http:\/\/127\.0\.0\.1:\d+\/#token=\S+)$/
const LIMIT_MS = 30_000

export interface AppOptions {
  /** Files of the project, by path. */
  readonly files: Record<string, string>
  /** A model server to use as `compatible`; without one the embedded engine answers. */
  readonly server?: ModelServer
  /** Further words for the command line; with these, `server` is not named by itself. */
  readonly words?: readonly string[]
  readonly environment?: Record<string, string>
}

export interface CommandResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface App {
  readonly project: string
  url: string
  read(path: string): Promise<string>
  /** Another program saves the file. */
  save(path: string, text: string): Promise<void>
  command(...words: string[]): Promise<CommandResult>
  status(): Promise<StatusView>
  /** Ends the process (`SIGKILL` for a crash) and starts it again on the same project and data. */
  restart(signal?: NodeJS.Signals): Promise<void>
  close(): Promise<void>
}

export async function startApp(options: AppOptions): Promise<App> {
  const home = await mkdtemp(join(tmpdir(), 'slipstream-e2e-'))
  const project = join(home, 'shop')
  const runtime = join(home, 'run')
  await mkdir(runtime, { mode: 0o700 })
  for (const [path, text] of Object.entries(options.files)) await write(join(project, path), text)
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    SLIPSTREAM_LOCAL_SERVERS: '',
    ...options.environment,
  }
  const provider =
    options.words ??
    (options.server ? ['--provider', 'compatible', '--base-url', options.server.url] : ['--provider', 'local'])
  const words = [project, '--host', 'browser', '--no-open', '--data', join(home, 'data'), ...provider]

  let running = await start(words, environment)
  const app: App = {
    project,
    url: running.url,
    read: (path) => readFile(join(project, path), 'utf8'),
    save: (path, text) => write(join(project, path), text),
    command: (...given) => command(given, environment, project),
    async status() {
      const result = await command(['status', '--json'], environment, project)
      if (result.code !== 0) throw new Error(`status failed: ${result.err}`)
      const status: StatusView = JSON.parse(result.out)
      return status
    },
    async restart(signal = 'SIGTERM') {
      await end(running.child, signal)
      running = await start(words, environment)
      app.url = running.url
      await watching(app, options)
    },
    async close() {
      await end(running.child, 'SIGTERM')
      await rm(home, { recursive: true, force: true })
    },
  }
  await watching(app, options)
  return app
}

/** Until every file has its baseline: a save before that is a first sight. */
async function watching(app: App, options: AppOptions): Promise<void> {
  const files = Object.keys(options.files).length
  for (const end = performance.now() + LIMIT_MS; performance.now() < end; await setTimeout(50)) {
    const result = await app.command('status', '--json')
    if (result.code !== 0) continue
    const { project }: StatusView = JSON.parse(result.out)
    if (project.watch.state === 'watching' && project.watch.baselines >= files) return
  }
  throw new Error('the first scan has not ended')
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

function start(words: readonly string[], env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [BIN, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let out = ''
    let err = ''
    const limit = globalThis.setTimeout(() => reject(new Error(`not ready: ${out}${err}`)), LIMIT_MS)
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
      const url = READY.exec(out.split('\n')[0] ?? '')?.[1]
      if (url === undefined || !out.includes('\n')) return
      clearTimeout(limit)
      resolve({ child, url })
    })
    child.once('exit', (code) => {
      clearTimeout(limit)
      reject(new Error(`ended with ${code}: ${out}${err}`))
    })
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

function command(words: readonly string[], env: Record<string, string>, cwd: string): Promise<CommandResult> {
  const child = spawn(process.execPath, [BIN, ...words], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve) => {
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

export async function startBrowser(): Promise<Browser> {
  const found = findChromium()
  if ('failure' in found) throw new Error(found.failure)
  return chromium.launch({
    executablePath: found.path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A window on the app. `errors` are console errors, page errors and refused requests: a normal session has none. */
export interface Window {
  readonly page: Page
  readonly errors: string[]
  suggestion(index?: number): Locator
  /** Hunks of all suggestions in this state. */
  hunks(state: string): Locator
  close(): Promise<void>
}

export async function openWindow(browser: Browser, app: App, width = 420): Promise<Window> {
  const context = await browser.newContext({ viewport: { width, height: 860 } })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('requestfailed', (request) => errors.push(`${request.url()}: ${request.failure()?.errorText}`))
  await page.goto(app.url)
  await page.getByTestId('status').getByText('shop').first().waitFor()
  return {
    page,
    errors,
    suggestion: (index = 0) => page.getByTestId('suggestion').nth(index),
    hunks: (state) => page.locator(`[data-testid="hunk"][data-state="${state}"]`),
    close: () => context.close(),
  }
}

/** Bare keys are dead for half a second after the window gains the focus, and after a hunk changed. */
export async function keysAlive(page: Page): Promise<void> {
  await page.bringToFront()
  await page.waitForTimeout(1000)
}
