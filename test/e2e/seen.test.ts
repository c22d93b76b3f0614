// "What did it see?" in the real window, and a dry run: the request is shown, and nothing was sent.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SeenView } from '../../preload/contract.ts'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'
import { keysAlive, openWindow, startApp, startBrowser, type App, type Window } from './app.ts'

const CODE = `export function mean(items) {
  const password = 'hunter2!x'
  const sum = total(items)
  return sum / items.length
}
`
const EDITED = CODE.replace('total(items)', 'totalOf(items)')
const LONG = Array.from({ length: 400 }, (_, index) => `const row${index} = load(${index}, table)\n`).join('')

let browser: Browser
let server: ModelServer
let app: App
let window: Window

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  server = await startModelServer({ script: [{ reply: 'All is well here.\n' }] })
})
afterEach(async () => {
  const { errors } = window
  await window.close()
  await app.close()
  await server.close()
  expect(errors).toEqual([])
})

async function open(words: readonly string[] = []): Promise<void> {
  app = await startApp({
    files: { 'a.js': CODE, 'long.js': LONG },
    words: ['--provider', 'compatible', '--base-url', server.url, '--model', 'm', ...words],
  })
  window = await openWindow(browser, app)
}

describe('what it saw', () => {
  test('opens by its key, shows the parts and the very bytes that the server received, and closes by Esc', async () => {
    await open()
    const { page } = window
    await app.save('a.js', EDITED)
    await server.arrived(1)
    await page.getByTestId('seen').first().waitFor()
    await keysAlive(page)
    await page.keyboard.press('p')
    const panel = page.getByTestId('seen-panel')
    await expect.poll(() => panel.getByTestId('seen-part').count()).toBeGreaterThanOrEqual(4)
    await expect.poll(() => panel.innerText()).toContain('password: a placeholder was sent instead')
    await expect.poll(() => panel.innerText()).toContain("const password = 'SLIPSTREAM_SECRET_1'")
    await panel.getByRole('button', { name: 'As bytes' }).first().click()
    const shown = await panel.locator('pre').first().textContent()
    expect(server.received[0]?.startsWith(shown ?? '-')).toBe(true)
    await panel
      .getByRole('button', { name: /Show more/ })
      .waitFor({ state: 'detached' })
      .catch(() => undefined)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  })

  test('puts a long text into the page piece by piece', async () => {
    await open()
    const { page } = window
    await app.save('long.js', LONG.replace('load(200, table)', 'load(200, otherTable)'))
    await server.arrived(1)
    await page.getByTestId('seen').first().click()
    const panel = page.getByTestId('seen-panel')
    await panel.getByRole('button', { name: 'As bytes' }).first().click()
    let text = ''
    for (;;) {
      text = (await panel.locator('pre').first().textContent()) ?? ''
      const more = panel.getByRole('button', { name: /Show more/ })
      if ((await more.count()) === 0) break
      await more.click()
    }
    expect(text).toBe(server.received[0])
  })
})

describe('a dry run', () => {
  test('shows the request on the card, says that it was not sent, and opens no connection', async () => {
    await open(['--dry-run'])
    const { page } = window
    await app.save('a.js', EDITED)
    const card = page.locator('[data-testid="suggestion"][data-lane="fast"]')
    await expect.poll(() => card.first().innerText()).toContain('not sent')
    await card.first().getByTestId('seen').click()
    const request = page.getByTestId('seen-request')
    await expect.poll(() => request.getAttribute('data-sent')).toBe('false')
    await expect.poll(() => request.innerText()).toContain('totalOf(items)')
    expect([server.received.length, server.listed, server.upgrades]).toEqual([0, 0, 0])
  })

  test('of the command line prints the request, and sends none', async () => {
    await open()
    const listed = server.received.length
    const printed = await app.command('ask', 'use token = "abcd1234efgh5678ijkl"', '--file', 'a.js:3', '--dry')
    expect(printed.code).toBe(0)
    expect(printed.out).toContain('not sent: ')
    expect(printed.out).toContain('── region, a.js:1–5')
    expect(printed.out).toContain('withheld: password')
    expect(printed.out).not.toContain('hunter2!x')
    expect(printed.out).not.toContain('abcd1234')
    const json = await app.command('ask', 'why?', '--file', 'a.js:3', '--dry', '--json')
    const seen: SeenView = JSON.parse(json.out)
    expect(seen.requests[0]?.sent).toBe(false)
    expect(server.received.length).toBe(listed)
    expect((await app.status()).suggestions).toEqual([])
  })
})
