// Makes the README's pictures: the real program on a small shop, in a real browser window, light and dark (`npm run screenshot`).
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startApp, startBrowser } from './app.ts'
import { startModelServer } from '../fakes/model-server/server.ts'

const FOLDER = fileURLToPath(new URL('../../.github/', import.meta.url))
const TOTAL = `import { table, total } from './prices.ts'

export interface Item {
  readonly price: number
  readonly zone: string
}

export function mean(items: readonly Item[]): number {
  const sum = total(items)
  return sum / items.length
}
`
const TAX = `import { table } from './prices.ts'

export function tax(price: number, zone: string): number {
  const rate = table.get(zone)
  return price * rate
}
`
const GUARD = `Guard the empty cart: the sum is divided by its length.
*** Begin Patch
*** Update File: src/cart/total.ts
@@ export function mean
   const sum = totalOf(items)
-  return sum / items.length
+  return items.length === 0 ? 0 : sum / items.length
 }
*** End Patch
`
const ZONE = `An unknown zone has no rate: say so instead of returning NaN.
*** Begin Patch
*** Update File: src/cart/tax.ts
@@ export function tax
   const rate = table.get(zone.toUpperCase())
+  if (rate === undefined) throw new RangeError(\`no rate for \${zone}\`)
   return`

const server = await startModelServer({ rate: 400 })
const browser = await startBrowser()
const app = await startApp({
  files: { 'src/cart/total.ts': TOTAL, 'src/cart/tax.ts': TAX },
  words: ['--provider', 'compatible', '--base-url', server.url, '--model', 'gpt-5.3-codex-spark'],
})
try {
  await mkdir(FOLDER, { recursive: true })
  const page = await browser.newPage({ viewport: { width: 420, height: 780 }, deviceScaleFactor: 2 })
  await page.goto(app.url)
  server.script({ when: 'totalOf', times: 1, reply: GUARD })
  await app.save('src/cart/total.ts', TOTAL.replace('sum = total(items)', 'sum = totalOf(items)'))
  await page.locator('[data-testid="hunk"][data-state="pending"]').first().waitFor()
  const held = server.hold()
  await app.save('src/cart/tax.ts', TAX.replace('table.get(zone)', 'table.get(zone.toUpperCase())'))
  await held.request
  held.push(ZONE)
  await page.getByTestId('stream').getByText('unknown zone').first().waitFor({ state: 'attached' })
  await page.waitForTimeout(800)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${FOLDER}window-${colorScheme}.png` })
  }
} finally {
  await browser.close()
  await app.close()
  await server.close()
}
