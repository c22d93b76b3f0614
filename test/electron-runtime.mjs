// Finds an Electron runtime and a display for it, for the tests of the desktop shell; never fetches one.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules', 'electron')
const NAMES = { darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'), win32: 'electron.exe' }

/**
 * The one in ELECTRON_OVERRIDE_DIST_PATH, else that of the package `electron`, if it was installed.
 * @returns {{ path: string } | { absent: string }} `absent` is why these tests do not run, in a few words
 */
export function findElectron() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(PACKAGE, 'dist')
  const path = join(folder, NAMES[process.platform] ?? 'electron')
  if (!existsSync(path)) return { absent: 'no runtime here' }
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return { absent: 'no display here' }
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return { path }
  const wanted = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version
  const found = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
  return found === wanted ? { path } : { absent: `the runtime here is ${found}, not ${wanted}` }
}
