// In a real window: when the project asks is shown and changed, files are muted, and what the code asks is labelled.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'
import { keysAlive, openWindow, startApp, startBrowser, type App, type Window } from './app.ts'

const BEFORE = 'export function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const AFTER = BEFORE.replace('total(items)', 'totalOf(items)')
const PATCH = `Guard the empty cart.
*** Begin Patch
*** Update File: src/total.js
@@
-  return sum / items.length
+  return items.length === 0 ? 0 : sum / items.length
*** End Patch
`

let browser: Browser
const closing: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(): Promise<{ app: App; window: Window; server: ModelServer }> {
  const server = await startModelServer({ reply: PATCH })
  closing.push(() => server.close())
  const app = await startApp({ files: { 'src/total.js': BEFORE, 'src/other.js': 'one()\n' }, server })
  closing.push(() => app.close())
  const window = await openWindow(browser, app)
  closing.push(() => window.page.close())
  return { app, window, server }
}

describe('when it asks', () => {
  test('is shown, changed by keys alone, and kept over a restart', async () => {
    const { app, window } = await open()
    const { page } = window
    const when = page.getByTestId('when')
    await expect.poll(() => when.innerText()).toBe('on save')
    await keysAlive(page)
    await page.keyboard.press('m')
    await page.getByTestId('when-panel').waitFor()
    await page.getByTestId('trigger-save').press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => when.innerText()).toBe('on request')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByTestId('when-panel').isVisible()).toBe(false)
    await app.save('src/total.js', `// guard it ai!\n${AFTER}`)
    await expect.poll(() => window.suggestion().getByTestId('intent').innerText()).toBe('ai!')
    await app.restart()
    expect((await app.status()).project.when.trigger).toBe('request')
  })

  test('its panel is left by Esc from any of its buttons, gives the focus back, and is never beside the other one', async () => {
    const { window } = await open()
    const { page } = window
    await page.getByTestId('latency').click()
    await page.getByTestId('judgement').waitFor()
    await page.getByTestId('when').click()
    await page.getByTestId('when-panel').waitFor()
    expect(await page.getByTestId('judgement').count()).toBe(0)
    await page.getByTestId('mute-for').first().focus()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByTestId('when-panel').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('when')
  })

  test('a card mutes its file; the status says so, and takes it back', async () => {
    const { app, window } = await open()
    const { page } = window
    await app.save('src/total.js', AFTER)
    await window.hunks('pending').first().waitFor()
    await window.suggestion().getByTestId('hunk').first().click()
    await window.suggestion().getByTestId('mute-file').click()
    await expect.poll(() => page.getByTestId('muted').innerText()).toContain('src/total.js')
    expect((await app.status()).project.when.mutes).toEqual([{ kind: 'file', name: 'src/total.js', until: null }])
    await page.getByTestId('unmute-all').click()
    await expect.poll(() => page.getByTestId('muted').count()).toBe(0)
  })

  test('everything is snoozed from the panel, and again by a command', async () => {
    const { app, window } = await open()
    const { page } = window
    await page.getByTestId('when').click()
    await page.getByTestId('mute-for').first().click()
    await expect.poll(() => page.getByTestId('when').innerText()).toBe('muted')
    expect((await app.command('unmute')).out).toBe('nothing is muted\n')
    await expect.poll(() => page.getByTestId('when').innerText()).toBe('on save')
    expect((await app.command('mute', '--for', '1h', 'src/')).code).toBe(0)
    await expect.poll(() => page.getByTestId('mute').innerText()).toContain('Folder src/ until')
  })
})
