// One run of the app under plain Node: puts the session together with its adapters, and serves the window on loopback.
import { mkdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '../../preload/contract.ts'
import { dataFolder, runtimeFolder, settingsFile, surroundings } from '../adapters/folders.ts'
import { createSettings } from '../adapters/settings.ts'
import { thisDesktop, openWindow } from './browser.ts'
import { startControl, type Control } from './control.ts'
import { createEngine, type Engine } from './engine.ts'
import type { RunOptions } from './options.ts'
import { createToken, startServer, type BrowserHost } from './server.ts'

/** Folder of the built window: beside out/main, or under out/ when this runs unbuilt. */
const ASSETS = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../out/renderer/' : '../renderer/', import.meta.url),
)

/** Serves until the process is told to end. Resolves with the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const ended = endSignal()
  const root = await projectRoot(options.path)
  if (!root.ok) return refused(root.failure.message)
  if (options.host === 'desktop') say('No desktop shell yet: the same window is served for a browser on this machine.')
  const around = surroundings()
  const data = dataFolder(around, options.data)
  const made = await mkdir(data, { recursive: true, mode: 0o700 }).then(
    () => null,
    (error: unknown) =>
      `The data folder ${data} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
  )
  if (made !== null) return refused(made)
  const engine = await createEngine({
    root: root.value,
    data,
    settings: createSettings(settingsFile(data)),
    options,
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
  const control = await begin(engine.value, server.value, root.value)
  if (options.open) say(await openWindow(server.value.openingUrl(), join(data, 'browser'), thisDesktop()))
  await ended
  await control?.close()
  await server.value.close()
  await engine.value.close()
  return 0
}

/** Everything that the ready line need not wait for. */
async function begin(engine: Engine, server: BrowserHost, root: string): Promise<Control | null> {
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
  const warmed = await Promise.allSettled([server.warm(), engine.warm()])
  for (const outcome of warmed) if (outcome.status === 'rejected') engine.onBug(outcome.reason)
  return control.ok ? control.value : null
}

async function projectRoot(path: string): Promise<Result<string>> {
  try {
    const root = await realpath(path)
    if ((await stat(root)).isDirectory()) return { ok: true, value: root }
    return {
      ok: false,
      failure: { code: 'project', message: `${basename(path)} is a file: name the project's folder` },
    }
  } catch {
    return { ok: false, failure: { code: 'project', message: `there is no folder ${path}` } }
  }
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
