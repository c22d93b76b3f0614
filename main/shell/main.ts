// The desktop shell: a flat list of what is set up, in order; each noun has its own file, and the engine is the host's.
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Result } from '../../preload/contract.ts'
import { dataFolder, runtimeFolder, settingsFile, type Surroundings } from '../adapters/folders.ts'
import { createSettings } from '../adapters/settings.ts'
import { cli, parseCommand } from '../host/cli.ts'
import type { createEngine } from '../host/engine.ts'
import type { RunOptions } from '../host/options.ts'
import { projectRoot } from '../host/root.ts'
import { connectTo, setupBridge } from './bridge.ts'
import { createDesktop } from './desktop.ts'
import type { Electron } from './electron.ts'
import { enablePortal, setupHotkeys } from './hotkeys.ts'
import { claimInstance, wordsOf, type Start } from './instance.ts'
import { setupMenu } from './menu.ts'
import { setupNotifications } from './notifications.ts'
import { whyNotPlaced } from './placement.ts'
import { openPreferences } from './preferences.ts'
import { createProjects, type Project } from './projects.ts'
import { setupSecrets } from './secrets.ts'
import { registerScheme, setupSecurity } from './security.ts'
import { setupShutdown } from './shutdown.ts'
import { setupTray } from './tray.ts'
import { setupUpdates, type UpdatesOptions } from './updates.ts'
import { openSideWindow } from './window.ts'

export interface ShellOptions {
  /** All of the process's arguments. */
  readonly argv: readonly string[]
  readonly cwd: string
  readonly around: Surroundings
  /** Folder that holds `out/` and `main/shell/icons`. */
  readonly program: string
  /** The Electron program: an installed app that is started by a click has its folder, or none, as the current one. */
  readonly executable: string
  readonly openEngine: typeof createEngine
  readonly updates: Omit<UpdatesOptions, 'isPackaged'>
  /** Monotonic ms. */
  now(): number
  /** One line on standard error. */
  say(line: string): void
}

/** Runs until the app ends; resolves once everything is set up, or the process was told to exit. */
export async function startShell(electron: Electron, options: ShellOptions): Promise<void> {
  const { app, screen } = electron
  const { around, program, say } = options
  const start: Start = { words: wordsOf(options.argv, app.isPackaged), cwd: options.cwd }
  const command = parseCommand(start.words)
  // An installed `slipstream interrupt` is this very program: then there is nothing to set up.
  if (command.kind !== 'run') return app.exit(await cli(start.words))

  const data = dataFolder(around, command.options.data)
  // Up to `whenReady` nothing is waited for: what has to be said before the app is ready would come too late.
  const made = makeFolder(join(data, 'desktop'))
  if (!made.ok) {
    say(made.failure.message)
    return app.exit(1)
  }
  app.setName('Slipstream')
  app.setAppUserModelId('dev.slipstream.app')
  app.setPath('userData', join(data, 'desktop'))
  const early: Start[] = []
  let open = (second: Start): void => void early.push(second)
  let complained = false
  if (!claimInstance(electron, start, (second) => open(second))) return app.exit(0)

  const wayland = whyNotPlaced(around.platform, around.environment, app.commandLine.getSwitchValue('ozone-platform'))
  if (wayland !== null) enablePortal(app)
  registerScheme(electron)
  await app.whenReady()

  const preferences = openPreferences(join(data, 'desktop.json'))
  const settings = createSettings(settingsFile(data))
  setupSecurity(electron, { assets: join(program, 'out', 'renderer'), now: options.now, say })
  setupMenu(electron, around.platform)
  const bridge = setupBridge(electron)
  const secrets = setupSecrets(electron, { file: join(data, 'key.bin'), platform: around.platform })
  const updates = setupUpdates({ isPackaged: app.isPackaged, ...options.updates })
  const hotkeys = setupHotkeys(electron, {
    wayland: wayland !== null,
    actions: { interrupt: () => interrupt(), toggle: () => toggle() },
  })
  const desktop = createDesktop({ preferences, hotkeys, secrets, updates, placement: wayland, useKey })
  const notifications = setupNotifications(electron, () => preferences.current().preferences.notifications)
  const tray = setupTray(electron, {
    icons: join(program, 'main', 'shell', 'icons'),
    platform: around.platform,
    actions: {
      interrupt,
      openProject: () => void chooseProject(),
      configure: desktop.configure,
      quit: () => app.quit(),
    },
  })
  const projects = createProjects({
    openEngine: (root, words) =>
      options.openEngine({
        root,
        data,
        settings,
        options: words,
        dryRun: words.dryRun,
        environment: around.environment,
      }),
    desktopCalls: desktop.calls,
    openWindow: (project) =>
      openSideWindow(electron, {
        title: `${project.name} \u2013 Slipstream`,
        preload: join(program, 'out', 'preload', 'preload.cjs'),
        icon: join(program, 'main', 'shell', 'icons', 'icon-256.png'),
        preferences,
        placeable: wayland === null,
        taken: () => projects.list().map(({ window }) => window.place()),
        attach: (contents) =>
          void bridge.attach(contents, connectTo({ handlers: () => project.handlers, onBug: project.onBug })),
        onSight: project.onSight,
        onClose: () => tray === null && app.quit(),
        now: options.now,
        say,
      }),
    runtimeFolder: runtimeFolder(around),
    onChange,
    say,
  })
  setupShutdown(electron, { close, onBug: (cause) => say(`closing failed: ${String(cause)}`) })
  // Without a listener Electron ends by itself when the windows are gone, and not in order.
  app.on('window-all-closed', () => {})
  app.on('activate', () => projects.active()?.window.show(true))
  for (const event of ['display-removed', 'display-metrics-changed'] as const) {
    screen.on(event, () => {
      for (const { window } of projects.list()) window.settle()
    })
  }
  electron.powerMonitor.on('resume', () => {
    for (const project of projects.list()) project.woke()
  })
  let applied = preferences.current().preferences
  preferences.onChange(({ preferences: next }) => {
    const before = applied
    applied = next
    for (const { window } of projects.list()) window.apply(before, next)
    drawTray()
  })
  const { hotkeys: chords, updates: channel } = applied
  hotkeys.apply(chords)
  updates.apply(channel)
  const storedKey = await secrets.read()

  open = (second) => void openStart(second)
  await openStart(start)
  for (const second of early) await openStart(second)
  if (projects.list().length === 0) app.exit(complained ? 1 : 0)

  /** Opens the project that the words name; an installed app without any: those that were open last, else it asks. */
  async function openStart({ words, cwd }: Start): Promise<void> {
    const asked = parseCommand(words)
    if (asked.kind !== 'run') return
    if (asked.options.path !== '.' || !isNowhere(cwd))
      return openProject(resolve(cwd, asked.options.path), asked.options)
    const active = projects.active()
    if (active !== null) return active.window.show(true)
    for (const root of preferences.current().projects) await openProject(root, asked.options)
    if (projects.list().length === 0) await chooseProject()
  }

  async function openProject(path: string, words: RunOptions): Promise<void> {
    const root = await projectRoot(path)
    const opened = root.ok ? await projects.open(root.value, words) : root
    if (!opened.ok) return complain(opened.failure.message)
    if (storedKey !== '' && !around.environment['OPENAI_API_KEY']?.trim()) await giveKey(opened.value, storedKey)
    preferences.keep({ projects: projects.list().map((project) => project.root) })
  }

  async function chooseProject(): Promise<void> {
    const { filePaths } = await electron.dialog.showOpenDialog({
      properties: ['openDirectory'],
      title: 'Open a project',
    })
    const [path] = filePaths
    const run = parseCommand([])
    if (path !== undefined && run.kind === 'run') await openProject(path, run.options)
  }

  /** Started by a click: from no folder of anybody's work. */
  function isNowhere(cwd: string): boolean {
    return app.isPackaged && [around.home, dirname(options.executable), dirname(cwd)].includes(cwd)
  }

  function interrupt(): void {
    void call(projects.streaming(), 'interrupt')
  }

  function toggle(): void {
    const window = projects.active()?.window
    if (window?.seen()) window.hide()
    else window?.show(false)
  }

  async function useKey(key: string): Promise<void> {
    for (const project of projects.list()) await giveKey(project, key)
  }

  function onChange(project: Project): void {
    const { root, name, window } = project
    notifications.take({ root, name, seen: window.seen(), show: () => window.show(true) }, project.pulse())
    drawTray()
  }

  function drawTray(): void {
    const shown = projects.list().map((project) => ({
      name: project.name,
      pulse: project.pulse(),
      visible: project.window.seen(),
      show: () => project.window.show(true),
      hide: () => project.window.hide(),
      pause: (paused: boolean) => void project.handlers.calls.pause({ paused }, new AbortController().signal),
    }))
    tray?.update(shown, preferences.current().preferences)
  }

  async function close(): Promise<void> {
    hotkeys.close()
    updates.close()
    tray?.close()
    bridge.close()
    await projects.close()
    await preferences.flush()
  }

  function complain(message: string): void {
    complained = true
    say(message)
    // Without a window there may be nobody who reads standard error.
    if (app.isPackaged) electron.dialog.showErrorBox('Slipstream', message)
  }
}

async function call(project: Project | null, name: 'interrupt'): Promise<void> {
  await project?.handlers.calls[name]({ suggestion: null }, new AbortController().signal)
}

async function giveKey(project: Project, key: string): Promise<void> {
  await project.handlers.calls.key({ key }, new AbortController().signal)
}

function makeFolder(folder: string): Result<null> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { ok: true, value: null }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, failure: { code: 'io', message: `The data folder ${folder} cannot be made: ${reason}` } }
  }
}
