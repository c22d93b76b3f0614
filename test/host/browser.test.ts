// Opening the window: which browser, with which words, and what is said when there is none.
import { describe, expect, test } from 'vitest'
import { findBrowser, openWindow, type Desktop } from '../../main/host/browser.ts'

interface FakeDesktop extends Desktop {
  readonly started: { readonly program: string; readonly words: readonly string[] }[]
}

/** A machine on which only `programs` exist; `broken` ones cannot be started. */
function desktop(
  some: Partial<Pick<Desktop, 'platform' | 'environment' | 'root'>> & {
    readonly programs?: readonly string[]
    readonly broken?: readonly string[]
  },
): FakeDesktop {
  const started: { program: string; words: readonly string[] }[] = []
  const programs = new Set(some.programs)
  return {
    platform: some.platform ?? 'linux',
    environment: some.environment ?? { PATH: '/usr/local/bin:/usr/bin', DISPLAY: ':0' },
    root: some.root ?? false,
    started,
    isExecutable: (file) => programs.has(file),
    async start(program, words) {
      if (some.broken?.includes(program)) return false
      started.push({ program, words })
      return programs.has(program) || ['xdg-open', 'open', 'rundll32'].includes(program)
    },
  }
}

const url = 'http://127.0.0.1:4000/open/ticket'

describe('opening a window', () => {
  test('Chromium on the PATH opens a narrow app window with a profile of its own', async () => {
    const machine = desktop({ programs: ['/usr/bin/chromium'] })
    expect(await openWindow(url, '/data/browser', machine)).toBe('Opened a window of /usr/bin/chromium.')
    expect(machine.started).toEqual([
      {
        program: '/usr/bin/chromium',
        words: [
          `--app=${url}`,
          '--window-size=420,900',
          '--user-data-dir=/data/browser',
          '--no-first-run',
          '--no-default-browser-check',
        ],
      },
    ])
  })

  test('the sandbox is left off for root on Linux, and only there', async () => {
    for (const root of [true, false]) {
      const machine = desktop({ programs: ['/usr/bin/chromium'], root })
      await openWindow(url, '/data/browser', machine)
      expect(machine.started[0]?.words.includes('--no-sandbox')).toBe(root)
    }
    const mac = desktop({
      platform: 'darwin',
      root: true,
      programs: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    })
    await openWindow(url, '/data/browser', mac)
    expect(mac.started[0]?.words).not.toContain('--no-sandbox')
  })

  test('CHROMIUM_PATH comes first', () => {
    const environment = { PATH: '/usr/bin', CHROMIUM_PATH: '/opt/own/chrome' }
    expect(findBrowser(desktop({ environment, programs: ['/usr/bin/chromium', '/opt/own/chrome'] }))).toBe(
      '/opt/own/chrome',
    )
  })

  test('relative entries of PATH are not trusted', () => {
    const environment = { PATH: '.:bin:', DISPLAY: ':0' }
    expect(findBrowser(desktop({ environment, programs: ['chromium', 'bin/chromium', './chromium'] }))).toBeNull()
  })

  test('without a browser of that family the default one is used', async () => {
    const machine = desktop({})
    expect(await openWindow(url, '/data/browser', machine)).toContain('default browser')
    expect(machine.started).toEqual([{ program: 'xdg-open', words: [url] }])
  })

  test('a browser that does not start gives way to the default one', async () => {
    const machine = desktop({ programs: ['/usr/bin/chromium'], broken: ['/usr/bin/chromium'] })
    expect(await openWindow(url, '/data/browser', machine)).toContain('default browser')
  })

  test('with nothing at all it says so instead of failing', async () => {
    const machine = desktop({ broken: ['xdg-open'] })
    expect(await openWindow(url, '/data/browser', machine)).toBe('No browser was found: open the address yourself.')
  })

  test('without a display nothing is started', async () => {
    const machine = desktop({ environment: { PATH: '/usr/bin' }, programs: ['/usr/bin/chromium'] })
    expect(await openWindow(url, '/data/browser', machine)).toContain('no display')
    expect(machine.started).toEqual([])
  })

  test('the address never goes through a shell', async () => {
    const machine = desktop({ platform: 'win32', environment: {} })
    await openWindow(url, '/data/browser', machine)
    expect(machine.started).toEqual([{ program: 'rundll32', words: ['url.dll,FileProtocolHandler', url] }])
  })
})
