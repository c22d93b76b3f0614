// One edit, everywhere it fits: the embedded engine's card in a real browser, 14 places in 4 files, by keyboard alone.
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { keysAlive, openWindow, startApp, startBrowser, type App, type Window } from './app.ts'

const PRICES = `import { table } from './table.ts'

/** lookupRate knows the rate of a zone. */
export function lookupRate(zone: string): number {
  return table[zone] ?? 0
}

export function withTax(price: number, zone: string): number {
  const rate = lookupRate(zone)
  return price * (1 + rate)
}
`

function pageOf(name: string, count: number): string {
  const rows = Array.from(
    { length: count },
    (_, at) =>
      `export function ${name}${at}(item: Item): number {\n  const rate = lookupRate(item.zone${at})\n  return item.price * rate + ${at}\n}\n`,
  )
  return `import { lookupRate } from '../prices.ts'\n\n${rows.join('\n')}\n// lookupRate is asked once an item.\n`
}

const FILES = {
  'src/prices.ts': PRICES,
  'src/checkout/invoice.ts': pageOf('row', 3),
  'src/checkout/summary.ts': pageOf('line', 4),
  'src/reports/monthly.ts': pageOf('entry', 3),
}

let browser: Browser
let app: App | null = null
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
  app = null
  window = null
  expect(errors, 'a session logs no console error').toEqual([])
})

/** The function was renamed where it is declared, and all its places are on the card. */
async function renamed(): Promise<{ readonly app: App; readonly window: Window; readonly page: Page }> {
  // The index is filled behind everything else, and nobody is told when: a save that comes before is none of this test's.
  for (let round = 0; round < 5; round += 1) {
    await app?.close()
    const started = await startApp({ files: FILES })
    app = started
    await setTimeout(500 * 2 ** round)
    await started.save('src/prices.ts', PRICES.replace('function lookupRate', 'function rateOfZone'))
    if (!(await comes(async () => (await started.status()).suggestions[0]?.hunks.length === 18))) continue
    const opened = await openWindow(browser, started, 400)
    window = opened
    await expect.poll(() => opened.hunks('pending').count()).toBe(18)
    return { app: started, window: opened, page: opened.page }
  }
  throw new Error('the places in other files were not found')
}

async function comes(look: () => Promise<boolean>): Promise<boolean> {
  for (let looks = 0; looks < 8; looks += 1) if (await look()) return true
  return false
}

async function inHand(page: Page): Promise<string | null> {
  return page.locator('[data-testid="hunk"][data-in-hand="true"]').getAttribute('data-id')
}

describe('an edit of which 14 places stand in 4 files', () => {
  test('is told in one line with their number, grouped by file, strings and comments last and folded', async () => {
    const { window: opened, page } = await renamed()
    const card = opened.suggestion()
    expect(await card.getByTestId('explanation').textContent()).toMatch(
      /`lookupRate` → `rateOfZone`, 14 more places in 4 files/,
    )
    const groups = await page.getByTestId('hunk-file').allTextContents()
    expect(groups.map((text) => text.replace(/Accept.*/, ''))).toEqual([
      'src/prices.ts',
      'src/checkout/invoice.ts',
      'src/checkout/summary.ts',
      'src/reports/monthly.ts',
      'src/prices.tsstrings, comments',
      'src/checkout/invoice.tsstrings, comments',
      'src/checkout/summary.tsstrings, comments',
      'src/reports/monthly.tsstrings, comments',
    ])
    expect(await page.locator('[data-testid="hunk"][data-beyond="text"]').count()).toBe(4)
    expect(await card.getByTestId('left-out').textContent()).toBe('4 in strings and comments stay')
  })

  test('is accepted a place, a file and all by keys, each one step of undo', async () => {
    const { app: started, window: opened, page } = await renamed()
    await keysAlive(page)
    await page.keyboard.press('a')
    await expect.poll(() => opened.hunks('accepted').count()).toBe(1)
    expect(await started.read('src/prices.ts')).not.toContain('= lookupRate(')
    await keysAlive(page)
    await page.keyboard.press('f')
    await expect.poll(() => opened.hunks('accepted').count()).toBe(5)
    const invoice = await started.read('src/checkout/invoice.ts')
    expect(invoice.match(/lookupRate/g)).toHaveLength(1)
    expect(await started.read('src/checkout/summary.ts')).toBe(FILES['src/checkout/summary.ts'])
    await keysAlive(page)
    await page.keyboard.press('u')
    await expect.poll(() => started.read('src/checkout/invoice.ts')).toBe(FILES['src/checkout/invoice.ts'])
    await expect.poll(() => opened.hunks('accepted').count()).toBe(1)
    await keysAlive(page)
    await page.keyboard.press('A')
    await expect.poll(() => opened.hunks('accepted').count()).toBe(14)
    expect(await started.read('src/reports/monthly.ts')).toContain('// lookupRate is asked')
    await keysAlive(page)
    await page.keyboard.press('u')
    await expect.poll(() => started.read('src/reports/monthly.ts')).toBe(FILES['src/reports/monthly.ts'])
    await expect.poll(() => started.read('src/checkout/summary.ts')).toBe(FILES['src/checkout/summary.ts'])
  })

  test('offers a comment only after it was unfolded', async () => {
    const { app: started, window: opened, page } = await renamed()
    await keysAlive(page)
    await page.keyboard.press('A')
    await expect.poll(() => opened.hunks('accepted').count()).toBe(14)
    // Down to the first of the comments.
    await keysAlive(page)
    const comment = page.locator('[data-testid="hunk"][data-beyond="text"]').first()
    const id = await comment.getAttribute('data-id')
    for (let steps = 0; steps < 20 && (await inHand(page)) !== id; steps += 1) {
      await page.keyboard.press('j')
      await page.waitForTimeout(500)
    }
    expect(await inHand(page)).toBe(id)
    await comment.scrollIntoViewIfNeeded()
    await keysAlive(page)
    await page.keyboard.press('a')
    await expect.poll(() => comment.getByTestId('hunk-accept').textContent()).toContain('Accept')
    expect(await started.read('src/prices.ts')).toContain('/** lookupRate knows')
    await page.waitForTimeout(500)
    await page.keyboard.press('a')
    await expect.poll(() => started.read('src/prices.ts')).not.toContain('/** lookupRate knows')
  })
})
