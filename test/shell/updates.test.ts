// Updates: never before they are wanted, only from where the build says, on the channel that was chosen.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setupUpdates, type Updates, type UpdaterPort } from '../../main/shell/updates.ts'
import { FakeEvents } from '../fakes/electron.ts'

class FakeUpdater extends FakeEvents implements UpdaterPort {
  autoDownload = false
  autoInstallOnAppQuit = false
  channel: string | null = null
  allowDowngrade = true
  logger: unknown = console
  checks = 0
  async checkForUpdates(): Promise<unknown> {
    this.checks += 1
    return null
  }
}

let updater: FakeUpdater
let loads: number
let updates: Updates

function setup(isPackaged = true, hasSource = true): void {
  updates = setupUpdates({
    isPackaged,
    hasSource,
    async load() {
      loads += 1
      return updater
    },
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  updater = new FakeUpdater()
  loads = 0
  setup()
})
afterEach(() => {
  updates.close()
  vi.useRealTimers()
})

test('when they are off nothing is even loaded', async () => {
  updates.apply('off')
  await vi.advanceTimersByTimeAsync(24 * 3_600_000)
  expect(loads).toBe(0)
})

test('the chosen channel is looked at, at once and every six hours, and never an older version', async () => {
  updates.apply('beta')
  await vi.advanceTimersByTimeAsync(0)
  expect(updater).toMatchObject({ channel: 'beta', allowDowngrade: false, autoDownload: true, logger: null, checks: 1 })
  await vi.advanceTimersByTimeAsync(6 * 3_600_000)
  expect(updater.checks).toBe(2)
})

test('switching them off ends it', async () => {
  updates.apply('latest')
  await vi.advanceTimersByTimeAsync(0)
  updates.apply('off')
  await vi.advanceTimersByTimeAsync(24 * 3_600_000)
  expect(updater.checks).toBe(1)
})

test.each([
  [false, true],
  [true, false],
])('packed %s, with a source %s: none are looked for, and that is said', async (isPackaged, hasSource) => {
  setup(isPackaged, hasSource)
  updates.apply('latest')
  await vi.advanceTimersByTimeAsync(0)
  expect(loads).toBe(0)
  expect(updates.line()).toContain('none are looked for')
})

test('a version that came, and a failure, are one line', async () => {
  updates.apply('latest')
  await vi.advanceTimersByTimeAsync(0)
  updater.emit('update-downloaded', { version: '1.2.3' })
  expect(updates.line()).toContain('1.2.3')
  updater.emit('error', new Error('no way\n at somewhere'))
  expect(updates.line()).toBe('Looking for updates failed: no way')
})
