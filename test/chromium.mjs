// Finds a Chromium for the browser tests, or installs one where that is possible without asking anybody (root and apt).
import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const NAMES = [
  ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'msedge'],
  ['microsoft-edge-stable', 'brave-browser'],
].flat()

/**
 * The first that runs of: CHROMIUM_PATH; the names of Chromium, Chrome and Edge on PATH; the usual places of macOS and Windows.
 * As root with apt-get it is installed otherwise, which takes a minute and is told on standard error.
 * @returns {{ path: string } | { failure: string }} `failure` is one line that says what to install
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named) return runs(named) ? { path: named } : { failure: `CHROMIUM_PATH names ${named}, which does not run` }
  const found = candidates().find(runs)
  if (found) return { path: found }
  const missing = 'no Chromium found for the browser tests'
  if (!mayInstall()) {
    const how = process.platform === 'linux' ? 'install the package chromium' : 'install Chrome, Edge or Chromium'
    return { failure: `${missing}: ${how}, or set CHROMIUM_PATH to its program` }
  }
  process.stderr.write(`${missing}: installing it with apt-get\n`)
  const failed = install()
  const installed = failed ? undefined : candidates().find(runs)
  return installed
    ? { path: installed }
    : { failure: `${missing}, and ${failed ?? 'the package chromium brought none'}` }
}

function candidates() {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)))
  return [...onPath, ...usualPlaces()]
}

function usualPlaces() {
  if (process.platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      names.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
    )
  }
  if (process.platform === 'win32') {
    const { LOCALAPPDATA, PROGRAMFILES, 'PROGRAMFILES(X86)': PROGRAMFILES_X86 } = process.env
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe']
    return [PROGRAMFILES, PROGRAMFILES_X86, LOCALAPPDATA]
      .filter(Boolean)
      .flatMap((folder) => [...programs, 'Microsoft\\Edge\\Application\\msedge.exe'].map((name) => join(folder, name)))
  }
  return []
}

/** On Linux a name may be a mere stub (Ubuntu's chromium-browser without snap), so it is asked for its version. */
function runs(path) {
  try {
    if (!statSync(path).isFile()) return false
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
}

function mayInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && hasAptGet()
}

function hasAptGet() {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

/** What failed, or null. */
function install() {
  const commands = [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]
  for (const words of commands) {
    // Standard output belongs to whoever asked for the path.
    const { status } = spawnSync('apt-get', words, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) return `\`apt-get ${words.join(' ')}\` failed`
  }
  return null
}
