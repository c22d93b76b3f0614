// One run of the app: handed over to the desktop shell where there is one, else served on loopback under plain Node.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { dataFolder, runtimeFolder, settingsFile, surroundings } from '../adapters/folders.ts'
import { createSettings } from '../adapters/settings.ts'
import { thisDesktop, openWindow } from './browser.ts'
import { startControl, type Control } from './control.ts'
import { runDesktop } from './desktop.ts'
import { createEngine, type Engine } from './engine.ts'
import { keepHeapSmall } from './heap.ts'
import type { RunOptions } from './options.ts'
import { projectRoot } from './root.ts'
import { createToken, startServer, type BrowserHost } from './server.ts'

/** Folder of the built window: beside out/main, or under out/ when this runs unbuilt. */
const ASSETS = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../out/renderer/' : '../renderer/', import.meta.url),
)

/** Serves until the process is told to end. Resolves with the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const root = await projectRoot(options.path)
  if (!root.ok) return refused(root.failure.message)
  const around = surroundings()
  const data = dataFolder(around, options.data)
  const made = await mkdir(data, { recursive: true, mode: 0o700 }).then(
    () => null,
    (error: unknown) =>
      `The data folder ${data} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
  )
  if (made !== null) return refused(made)
  // An address to be printed, or one at a certain port, is what a browser is for.
  if (options.host === 'desktop' && options.open && options.port === 0) {
    const desktop = await runDesktop({ options, data, say })
    if (desktop.ok) return desktop.value
    say(`${desktop.failure.message} The same window is served for a browser on this machine.`)
  }
  const ended = endSignal()
  keepHeapSmall()
  const engine = await createEngine({
    root: root.value,
    data,
    settings: createSettings(settingsFile(data)),
    options,
    dryRun: options.dryRun,
    environment: process.env,
  })
  if (!engine.ok) return refused(engine.failure.message)
  const { handlers, onBug } = engine.value
  const server = await startServer({
    port: options.port,
    token: createToken(),
    assets: ASSETS,
    handlers: () => handlers,
    onBug,
  })
  if (!server.ok) {
    await engine.value.close()
    return refused(server.failure.message)
  }
  process.stdout.write(`Slipstream ready: ${server.value.url}\n`)
  // The window takes longest to come up, so it is asked for first.
  const opened = options.open ? openWindow(server.value.openingUrl(), join(data, 'browser'), thisDesktop()) : null
  const control = await begin(engine.value, server.value, root.value)
  if (opened !== null) say(await opened)
  await ended
  await control?.close()
  await server.value.close()
  await engine.value.close()
  return 0
}

/** Everything that the ready line need not wait for. */
async function begin(engine: Engine, server: BrowserHost, root: string): Promise<Control | null> {
  // What the window waits for goes first.
  server.warm().catch(engine.onBug)
  await engine.start()
  const folder = runtimeFolder(surroundings())
  const control = folder.ok
    ? await startControl({
        runtimeFolder: folder.value,
        root,
        handlers: () => engine.handlers,
        onBug: engine.onBug,
      })
    : folder
  if (!control.ok) say(control.failure.message)
  // Not waited for: on a dead line the list of models alone takes its time.
  warmUp(engine, server).catch(engine.onBug)
  return control.ok ? control.value : null
}

/** No window may come: then what the first request profits from is loaded all the same. */
const LONGEST_WARM_UP_MS = 1_500
/** The window is shown what there is, in ms, before this thread is held up. */
const SHOWING_MS = 200

async function warmUp(engine: Engine, server: BrowserHost): Promise<void> {
  await Promise.race([server.connected, delay(LONGEST_WARM_UP_MS, undefined, { ref: false })])
  await delay(SHOWING_MS, undefined, { ref: false })
  await engine.warm()
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve())
  })
}

function say(line: string): void {
  process.stderr.write(`slipstream: ${line}\n`)
}

function refused(message: string): number {
  say(message)
  return 1
}
