// Reviewing in a real browser: reshaping hunks before they are accepted, the whole queue, undo and redo, and where the time went.
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { keysAlive, openWindow, startApp, startBrowser, type App, type Window } from './app.ts'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'

const BEFORE = `export function mean(items: number[]): number {
  const sum = total(items)
  return sum / items.length
}

export function tax(price: number, zone: string): number {
  const rate = table[zone]
  return price * rate
}
`
const AFTER = BEFORE.replace('const sum = total(items)', 'const sum = totalOf(items)')
const NAMES = 'alpha\nbeta\ngamma\n'
const TWICE = 'start\n  same line\nmiddle\n\nmiddle\nstart\n  same line\nmiddle\n'

/** Two new lines for one, in the file that was saved. */
const GUARD = `Guard the empty cart.
*** Begin Patch
*** Update File: src/total.ts
@@ export function mean
   const sum = totalOf(items)
-  return sum / items.length
+  if (items.length === 0) return 0
+  return Math.round(sum / items.length)
 }
*** End Patch
`
const TWO_FILES = GUARD.replace(
  '*** End Patch',
  `*** Update File: names.txt
@@
 alpha
-beta
+BETA
*** End Patch`,
)
const TWO_PLACES = `One of two.
*** Begin Patch
*** Update File: twice.txt
@@
-  same line
+  other line
*** End Patch
`

let browser: Browser
let app: App | null = null
let server: ModelServer | null = null
let window: Window | null = null

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
})
afterEach(async () => {
  const errors = window?.errors ?? []
  await window?.close()
  await app?.close()
  await server?.close()
  app = null
  server = null
  window = null
  expect(errors, 'a session logs no console error').toEqual([])
})

/** The deliberate click without which a hunk that nobody asked for cannot be accepted. */
async function unfoldBeyond(page: Page): Promise<void> {
  const beyond = page.locator('[data-testid="hunk"][data-beyond="place"]')
  await beyond.getByTestId('hunk-accept').click()
  await expect.poll(() => beyond.getAttribute('data-open')).toBe('true')
}

interface Desk {
  readonly app: App
  readonly window: Window
  readonly page: Page
  readonly server: ModelServer
}

/** The window on a project in which a save was answered by `reply`. */
async function answered(
  reply: string,
  { width, files = {} }: { readonly width?: number; readonly files?: Record<string, string> } = {},
): Promise<Desk> {
  const started = await startModelServer({ script: [{ when: 'totalOf', reply }] })
  server = started
  const running = await startApp({
    files: { 'src/total.ts': BEFORE, 'names.txt': NAMES, 'twice.txt': TWICE, ...files },
    server: started,
  })
  app = running
  const opened = await openWindow(browser, running, width)
  window = opened
  await running.save('src/total.ts', AFTER)
  await opened.page.locator('[data-testid="suggestion"][data-state="ready"]').waitFor()
  return { app: running, window: opened, page: opened.page, server: started }
}

describe('a hunk', () => {
  test('edited in place and then accepted: these bytes are written, and nothing before', async () => {
    const { app, window, page } = await answered(GUARD)
    await page.getByTestId('hunk-edit').click()
    await page.getByTestId('hunk-edit-text').fill('  return items.length === 0 ? 0 : sum / items.length')
    await page.getByTestId('hunk-edit-save').click()
    await page.getByTestId('hunk-edit-text').waitFor({ state: 'detached' })
    expect(await app.read('src/total.ts')).toBe(AFTER)
    await expect.poll(() => window.hunks('pending').count()).toBe(1)
    await page.getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor()
    expect(await app.read('src/total.ts')).toBe(
      AFTER.replace('return sum / items.length', 'return items.length === 0 ? 0 : sum / items.length'),
    )
  })

  test('by keys alone: e edits, Esc leaves and keeps what was typed, Ctrl+Enter saves, a accepts', async () => {
    const { app, window, page } = await answered(GUARD)
    await keysAlive(page)
    await page.keyboard.press('e')
    const field = page.getByTestId('hunk-edit-text')
    await expect.poll(() => field.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    await field.fill('  return 1')
    await page.keyboard.press('Escape')
    await field.waitFor({ state: 'detached' })
    await page.waitForTimeout(500)
    await page.keyboard.press('e')
    expect(await field.inputValue()).toBe('  return 1')
    await page.keyboard.press('Control+Enter')
    await field.waitFor({ state: 'detached' })
    expect(await app.read('src/total.ts')).toBe(AFTER)
    await page.waitForTimeout(1000)
    await page.keyboard.press('a')
    await window.hunks('accepted').first().waitFor()
    expect(await app.read('src/total.ts')).toBe(AFTER.replace('return sum / items.length', 'return 1'))
  })

  test('a key decides nothing while the hunk is open to be edited', async () => {
    const { app, window, page } = await answered(GUARD)
    await keysAlive(page)
    await page.getByTestId('hunk-edit').click()
    await page.getByTestId('pending').click()
    await page.waitForTimeout(500)
    await page.keyboard.press('a')
    await page.waitForTimeout(800)
    await expect.poll(() => window.hunks('pending').count()).toBe(1)
    expect(await app.read('src/total.ts')).toBe(AFTER)
  })

  test('only the picked lines are accepted, the rest stays to be decided', async () => {
    const { app, window, page } = await answered(GUARD)
    await page.getByTestId('hunk-split').click()
    const lines = page.locator('.hunk-pick li')
    await lines.filter({ hasText: 'return sum / items.length' }).getByTestId('hunk-pick-line').first().check()
    await lines.filter({ hasText: 'Math.round' }).getByTestId('hunk-pick-line').check()
    await page.getByTestId('hunk-pick-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    const rounded = AFTER.replace('return sum / items.length', 'return Math.round(sum / items.length)')
    expect(await app.read('src/total.ts')).toBe(rounded)
    await expect.poll(() => window.hunks('pending').count()).toBe(1)
    await window.hunks('pending').getByTestId('hunk-accept').click()
    await expect.poll(() => window.hunks('pending').count()).toBe(0)
    expect(await app.read('src/total.ts')).toBe(
      rounded.replace('  return Math', '  if (items.length === 0) return 0\n  return Math'),
    )
  })

  test('without a place of its own, a person says where it goes', async () => {
    const { app, window, page } = await answered(TWO_PLACES)
    await window.hunks('unplaced').first().waitFor()
    expect(await page.getByTestId('hunk-candidate').allInnerTexts()).toEqual(['2', '7'])
    await page.getByTestId('hunk-candidate').nth(1).click()
    await window.hunks('pending').getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor()
    const lines = TWICE.split('\n')
    expect(await app.read('twice.txt')).toBe(lines.with(6, '  other line').join('\n'))
  })

  test('that became stale asks again for what stands there now', async () => {
    const { app, window, page, server } = await answered(GUARD)
    await app.save('src/total.ts', AFTER.replace('return sum / items.length', 'return sum / count(items)'))
    await window.hunks('stale').first().waitFor()
    const asked = server.requests.length
    const toggle = window.hunks('stale').first().locator('.hunk-toggle')
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
    await page.getByTestId('hunk-reask').click()
    await expect.poll(() => server.requests.length).toBeGreaterThan(asked)
    await expect
      .poll(() => server.requests.some(({ text }) => text.includes('redo this for what stands there now')))
      .toBe(true)
  })

  test('is copied by y and by its button', async () => {
    const { page } = await answered(GUARD)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
    await page.getByTestId('hunk-copy').click()
    await expect.poll(copied).toBe('  if (items.length === 0) return 0\n  return Math.round(sum / items.length)')
    await page.evaluate(() => navigator.clipboard.writeText('something else'))
    await keysAlive(page)
    await page.keyboard.press('y')
    await expect.poll(copied).toContain('Math.round')
  })

  test('has its code coloured after it is painted, in both layouts, with the page untouched', async () => {
    const { page } = await answered(GUARD, { width: 1280 })
    const coloured = (ink: string): Promise<number> =>
      page.evaluate((name) => CSS.highlights.get(name)?.size ?? 0, `code-${ink}`)
    await expect.poll(() => coloured('keyword')).toBeGreaterThan(0)
    await expect.poll(() => page.locator('.diff-split').count()).toBe(1)
    await page.setViewportSize({ width: 420, height: 860 })
    await page.locator('.diff-unified').waitFor()
    await expect.poll(() => coloured('keyword')).toBeGreaterThan(0)
    expect(await page.locator('.diff [class*="hljs"]').count()).toBe(0)
  })
})

describe('the whole queue', () => {
  test('leaves out what goes beyond what was asked, and says so; a key unfolds it first', async () => {
    const { app, window, page } = await answered(TWO_FILES)
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
    const beyond = page.locator('[data-testid="hunk"][data-beyond="place"]')
    expect(await beyond.getAttribute('data-open')).toBe('false')
    expect(await beyond.getByTestId('hunk-accept').getAttribute('aria-label')).toContain('Unfold to accept')
    await expect.poll(() => page.getByTestId('left-out').innerText()).toBe('1 goes beyond what you asked: it stays')
    await page.getByTestId('accept-all').click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(1)
    expect(await app.read('names.txt')).toBe(NAMES)
    // With nothing else left it has the focus.
    await expect.poll(() => beyond.getAttribute('data-in-hand')).toBe('true')
    await keysAlive(page)
    await page.keyboard.press('a')
    await expect.poll(() => beyond.getAttribute('data-open')).toBe('true')
    expect(await app.read('names.txt')).toBe(NAMES)
    await keysAlive(page)
    await page.keyboard.press('a')
    await expect.poll(() => app.read('names.txt')).toBe(NAMES.replace('beta', 'BETA'))
  })

  test('is not decided by a key while it is out of sight: the key shows it first', async () => {
    const { app, window, page } = await answered(GUARD)
    await page.setViewportSize({ width: 420, height: 320 })
    await keysAlive(page)
    await page.getByTestId('main').evaluate((main) => main.scrollTo(0, main.scrollHeight))
    const row = window.hunks('pending').first().locator('.hunk-row')
    const seen = (): Promise<boolean> =>
      row.evaluate((element) => {
        const room = element.closest('main')?.getBoundingClientRect()
        const { top, bottom } = element.getBoundingClientRect()
        return room !== undefined && bottom > room.top && top < room.bottom
      })
    expect(await seen()).toBe(false)
    await page.keyboard.press('a')
    await expect.poll(() => page.getByTestId('word').innerText()).toContain('out of sight')
    await expect.poll(seen).toBe(true)
    expect(await app.read('src/total.ts')).toBe(AFTER)
    await keysAlive(page)
    await page.keyboard.press('a')
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
  })

  test('answers why a hunk stands there, in two sentences', async () => {
    const { page } = await answered(GUARD)
    server?.script({ when: 'why exactly this edit', reply: 'An empty cart has no mean. It was NaN. And more.' })
    await page.getByTestId('hunk-why').click()
    await expect
      .poll(() => page.getByTestId('hunk-why-text').innerText())
      .toBe('An empty cart has no mean. It was NaN.')
  })

  test('in several files is written after one confirmation, all of it', async () => {
    const { app, window, page } = await answered(TWO_FILES)
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
    await unfoldBeyond(page)
    await page.getByTestId('queue-accept-all').click()
    expect(await app.read('names.txt')).toBe(NAMES)
    await page.getByTestId('queue-confirm').click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(2)
    expect(await app.read('names.txt')).toBe(NAMES.replace('beta', 'BETA'))
    expect(await app.read('src/total.ts')).toContain('Math.round')
  })

  test('is rejected as one, and nothing is written', async () => {
    const { app, window, page } = await answered(TWO_FILES)
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
    await page.getByTestId('queue-reject-all').click()
    await page.getByTestId('queue-cancel').click()
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
    await page.getByTestId('queue-reject-all').click()
    await page.getByTestId('queue-confirm').click()
    await expect.poll(() => window.hunks('rejected').count()).toBe(2)
    expect(await app.read('names.txt')).toBe(NAMES)
    expect(await app.read('src/total.ts')).toBe(AFTER)
  })

  test('in several files has a row for each file, which accepts what is in it', async () => {
    const text = 'name 0\n1\n2\n3\n4\n5\nname 1\n1\n2\n3\n'
    const { app, window, page } = await answered(GUARD, { files: { 'many.txt': text } })
    const patch = ['name 0', 'name 1'].map((name) => `@@\n-${name}\n+new ${name}\n 1\n`).join('')
    server?.script({
      when: 'rename them',
      reply: `All.\n*** Begin Patch\n*** Update File: many.txt\n${patch}*** Update File: names.txt\n@@\n-beta\n+BETA\n*** End Patch\n`,
    })
    await page.getByTestId('ask').fill('rename them in the whole file')
    await page.getByTestId('ask-place').fill('many.txt:1')
    await page.getByTestId('ask-send').click()
    await expect.poll(() => page.getByTestId('hunk-file').count()).toBe(2)
    await expect.poll(() => window.hunks('pending').count()).toBe(4)
    const row = page.locator('[data-testid="hunk-file"][data-path="many.txt"]')
    await row.getByRole('button', { name: 'Accept 2 in this file, many.txt' }).click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(2)
    expect(await app.read('many.txt')).toBe(text.replaceAll('name', 'new name'))
    expect(await app.read('names.txt')).toBe(NAMES)
    // A single one has only its own button.
    await expect.poll(() => page.getByTestId('file-accept').count()).toBe(0)
  })

  test('of 300 hunks shows them all, and can be walked and decided by keys', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `name ${at}`)
    const text = names.map((name) => `${name}\n1\n2\n3\n4\n5\n`).join('')
    const patch = names.map((name) => `@@\n-${name}\n+new ${name}\n 1\n`).join('')
    const { app, window, page } = await answered(GUARD, { files: { 'many.txt': text } })
    server?.script({
      when: 'rename them',
      reply: `All.\n*** Begin Patch\n*** Update File: many.txt\n${patch}*** End Patch\n`,
    })
    await page.getByTestId('ask').fill('rename them in the whole file')
    await page.getByTestId('ask-place').fill('many.txt:1')
    await page.getByTestId('ask-send').click()
    await expect.poll(() => window.hunks('pending').count(), { timeout: 20_000 }).toBe(301)
    const card = page.locator('[data-testid="suggestion"][data-path="many.txt"]')
    await card.getByTestId('hunk').nth(150).scrollIntoViewIfNeeded()
    await card.getByTestId('hunk').nth(150).locator('.hunk-toggle').click()
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    })
    await keysAlive(page)
    await page.keyboard.press('j')
    await page.waitForTimeout(500)
    await page.keyboard.press('a')
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('many.txt')).toBe(text.replace('name 151\n', 'new name 151\n'))
    await card.getByTestId('accept-all').click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(300)
    expect(await app.read('many.txt')).toBe(text.replaceAll('name ', 'new name '))
  })
})

describe('writes', () => {
  test('are listed, taken back in any order and written again, by button and by U', async () => {
    const { app, window, page } = await answered(TWO_FILES)
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
    await unfoldBeyond(page)
    await window.hunks('pending').first().getByTestId('hunk-accept').click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(1)
    await window.hunks('pending').first().getByTestId('hunk-accept').click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(2)
    const written = await app.read('src/total.ts')
    expect(await app.read('names.txt')).toBe(NAMES.replace('beta', 'BETA'))

    await page.getByTestId('applies-toggle').click()
    const writes = page.getByTestId('applies').getByTestId('apply')
    await expect.poll(() => writes.count()).toBe(2)
    await expect.poll(() => page.getByTestId('applies').innerText()).toMatch(/\d+ B kept|KB kept/)
    await writes.filter({ hasText: 'total.ts' }).getByTestId('apply-undo').click()
    await expect.poll(() => app.read('src/total.ts')).toBe(AFTER)
    expect(await app.read('names.txt')).toBe(NAMES.replace('beta', 'BETA'))
    await writes.filter({ hasText: 'total.ts' }).getByTestId('apply-redo').click()
    await expect.poll(() => app.read('src/total.ts')).toBe(written)

    await page.getByTestId('undo').click()
    await page.getByTestId('redo').waitFor()
    await keysAlive(page)
    await page.keyboard.press('Shift+U')
    await page.getByTestId('redo').waitFor({ state: 'detached' })
    expect(await app.read('src/total.ts')).toBe(written)
    expect(await app.read('names.txt')).toBe(NAMES.replace('beta', 'BETA'))
  })
})

describe('an undo that conflicts', () => {
  test('is refused with the diff of what stands in its way, which goes when it is closed', async () => {
    const { app, window, page } = await answered(TWO_FILES)
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
    await unfoldBeyond(page)
    await page.locator('[data-testid="hunk"][data-beyond="place"]').getByTestId('hunk-accept').click()
    await expect.poll(() => app.read('names.txt')).toBe(NAMES.replace('beta', 'BETA'))
    // Long after the write, so that it is no editor's old buffer.
    await app.save('names.txt', NAMES.replace('beta', 'somebody’s own'))
    await page.getByTestId('undo').click()
    const conflict = page.getByTestId('conflict')
    await conflict.waitFor()
    const text = await conflict.innerText()
    expect(text).toContain('names.txt')
    expect(text).toContain('somebody’s own')
    expect(text).toContain('+beta')
    expect(await app.read('names.txt')).toBe(NAMES.replace('beta', 'somebody’s own'))
    await conflict.getByTestId('conflict-close').click()
    await conflict.waitFor({ state: 'detached' })
  })
})

describe('where the time went', () => {
  test('is a waterfall on the card, with the tokens', async () => {
    const { page } = await answered(GUARD)
    await page.getByTestId('trace').click()
    const waterfall = page.getByTestId('waterfall')
    for (const step of ['content stable', 'region', 'context', 'request sent', 'first token', 'painted', 'done']) {
      await waterfall.getByRole('rowheader', { name: step, exact: true }).waitFor()
    }
    await expect.poll(() => page.getByTestId('usage').innerText()).toMatch(/\d+ tokens in .* out/)
  })

  test('is charted in the frame, and taken away as JSON', async () => {
    const { app, page, server, window } = await answered(GUARD)
    // A reply that comes all at once may be over before its first token is painted: this one is waited for.
    const held = server.hold()
    await app.save('names.txt', NAMES.replace('gamma', 'delta'))
    held.push('It is well as it is.')
    await expect.poll(() => window.suggestion().getByTestId('stream').innerText()).toContain('It is well')
    await page.waitForTimeout(300)
    held.end()
    await page.getByTestId('latency').click()
    // One of the time to the first token, one of the time to the suggestion.
    await expect.poll(() => page.getByText(/p50 .* p95 .* last [12]$/).count()).toBe(2)
    await expect.poll(() => page.locator('.chart canvas').count()).toBe(2)
    expect(window.errors).toEqual([])
    await expect.poll(() => page.getByTestId('spending').innerText()).toMatch(/Last hour: [\d,]+ tokens/)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-traces').click()])
    const text = await readFile(await download.path(), 'utf8')
    const { suggestions } = JSON.parse(text)
    expect(suggestions).toHaveLength(2)
    const guard = suggestions.find(({ path }: { path: string }) => path === 'src/total.ts')
    expect(guard).toMatchObject({ path: 'src/total.ts', state: 'ready' })
    expect(guard.trace.firstToken).toBeGreaterThan(guard.trace.saved)
    expect(guard.trace.overhead).toBeGreaterThan(0)
  })

  test('an hourly budget that is used up has its own sentence and leads to Settings', async () => {
    const { page } = await answered(GUARD)
    await page.getByTestId('settings').click()
    await page.getByTestId('settings-hourly-tokens').fill('1')
    await page.getByTestId('settings-save').click()
    await page.getByTestId('exhausted').getByText('used up').waitFor()
    await page.getByTestId('exhausted').getByRole('button', { name: 'Settings' }).click()
    await page.getByTestId('settings-hourly-tokens').fill('0')
    await page.getByTestId('settings-save').click()
    await page.getByTestId('exhausted').waitFor({ state: 'detached' })
  })
})

describe('a stream', () => {
  test('has its whole room from the start: what stands beneath it does not move as it grows', async () => {
    const { app, window, page, server } = await answered(GUARD)
    await page.getByTestId('hunk-reject').click()
    await window.hunks('rejected').first().waitFor({ state: 'attached' })
    await page.waitForTimeout(2500)
    const held = server.hold()
    await app.save('names.txt', NAMES.replace('gamma', 'delta'))
    await held.request
    const [newest, older] = [window.suggestion(0), window.suggestion(1)]
    await newest.getByTestId('interrupt').waitFor()
    await page.waitForTimeout(300)
    const place = async (): Promise<number | undefined> => (await older.boundingBox())?.y
    const before = await place()
    held.push('*** Begin Patch\n*** Update File: names.txt\n@@\n')
    held.push(Array.from({ length: 40 }, (_, at) => ` line ${at}\n`).join(''))
    await expect.poll(() => newest.getByTestId('stream').innerText()).toContain('line 39')
    expect(await place()).toBe(before)
    held.end()
  })
})
