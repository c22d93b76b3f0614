// Opens the browser host's address: as an app window of a Chromium, Chrome or Edge on this machine, else in the default browser.
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** What finding and starting a browser depends on. */
export interface Desktop {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Chromium's sandbox does not start for root, so only then it is left off. */
  readonly root: boolean
  isExecutable(file: string): boolean
  /** Starts a program that outlives us; resolves with false when it cannot be started. Arguments never pass a shell. */
  start(program: string, words: readonly string[]): Promise<boolean>
}

export function thisDesktop(): Desktop {
  return {
    platform: process.platform,
    environment: process.env,
    root: process.getuid?.() === 0,
    isExecutable(file) {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    },
    start(program, words) {
      return new Promise((resolve) => {
        const child = spawn(program, [...words], { detached: true, stdio: 'ignore' })
        child.once('error', () => resolve(false))
        child.once('spawn', () => resolve(true))
        child.unref()
      })
    },
  }
}

/** The sketch's narrow window beside an editor, in CSS pixels. */
const WINDOW_SIZE = '420,900'

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
]
const MAC_APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser']
const WINDOWS_PROGRAMS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
]

/** A browser of the Chromium family: CHROMIUM_PATH, else the usual places of the platform; null when there is none. */
export function findBrowser(desktop: Desktop): string | null {
  return browserPlaces(desktop).find((file) => desktop.isExecutable(file)) ?? null
}

function browserPlaces({ platform, environment }: Desktop): readonly string[] {
  const named = environment['CHROMIUM_PATH'] ?? ''
  const first = named === '' ? [] : [named]
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(environment['HOME'] ? [join(environment['HOME'], 'Applications')] : [])]
    return [
      ...first,
      ...MAC_APPLICATIONS.flatMap((name) =>
        folders.map((folder) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)),
      ),
    ]
  }
  if (platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] || [])
    return [...first, ...WINDOWS_PROGRAMS.flatMap((parts) => folders.map((folder) => join(folder, ...parts)))]
  }
  // A relative entry of PATH would let the project's folder say what is started.
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return [...first, ...LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))]
}

/**
 * Opens `url` in a window; the profile lies in `profile`. Never fails: resolves with one line for people about what was
 * done. The line does not hold the address.
 */
export async function openWindow(url: string, profile: string, desktop: Desktop = thisDesktop()): Promise<string> {
  const { platform, environment } = desktop
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    return 'There is no display here: open the address in a browser yourself.'
  }
  const browser = findBrowser(desktop)
  if (browser !== null) {
    const words = [
      `--app=${url}`,
      `--window-size=${WINDOW_SIZE}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      ...(platform === 'linux' && desktop.root ? ['--no-sandbox'] : []),
    ]
    if (await desktop.start(browser, words)) return `Opened a window of ${browser}.`
  }
  const [program, ...words] = DEFAULT_OPENERS[platform] ?? ['xdg-open']
  if (await desktop.start(program, [...words, url])) {
    return 'No Chromium, Chrome or Edge was found: opened the default browser.'
  }
  return 'No browser was found: open the address yourself.'
}

const DEFAULT_OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // Not `start`, which is a word of the shell.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}
