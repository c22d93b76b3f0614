// Where Electron starts: the one place in the main process that imports it, and hands it to the shell.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
} from 'electron'
import { surroundings } from '../adapters/folders.ts'
import { createEngine } from '../host/engine.ts'
import type { Electron } from './electron.ts'
import { startShell } from './main.ts'

/** Given by getters, for some of them may not be touched before the app is ready. */
const electron: Electron = {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  Notification,
  get powerMonitor() {
    return powerMonitor
  },
  protocol,
  safeStorage,
  get screen() {
    return screen
  },
  get session() {
    return session
  },
  shell,
  Tray,
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => app.quit())

function say(line: string): void {
  process.stderr.write(`slipstream: ${line}\n`)
}

startShell(electron, {
  argv: process.argv,
  cwd: resolve('.'),
  around: surroundings(),
  // Two folders up both from main/shell and, once built, from out/main.
  program: join(import.meta.dirname, '..', '..'),
  executable: process.execPath,
  openEngine: createEngine,
  updates: {
    hasSource: existsSync(join(process.resourcesPath, 'app-update.yml')),
    load: async () => (await import('electron-updater')).default.autoUpdater,
  },
  now: () => performance.now(),
  say,
}).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  app.exit(1)
})
