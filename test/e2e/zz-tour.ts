import { startApp, startBrowser, openWindow, keysAlive } from './app.ts'
import { startModelServer } from '../fakes/model-server/server.ts'
const rate = Number(process.argv[2] ?? '50')
const scheme = (process.argv[3] ?? 'dark') as 'dark' | 'light'
const TOTAL = `import { table, total } from './prices.ts'

export interface Item {
  readonly price: number
  readonly zone: string
}

export function mean(items: readonly Item[]): number {
  const sum = total(items)
  return sum / items.length
}

export function tax(price: number, zone: string): number {
  const rate = table.get(zone)
  return price * rate
}
`
const LONG = `Guard the empty cart: the sum is divided by its length, and an unknown zone has no rate.
*** Begin Patch
*** Update File: src/cart/total.ts
@@ export function mean
   const sum = totalOf(items)
-  return sum / items.length
+  return items.length === 0 ? 0 : sum / items.length
 }
@@ export function tax
   const rate = table.get(zone)
+  if (rate === undefined) throw new RangeError(\`no rate for \${zone}\`)
   return price * rate
 }
*** End Patch
`
const MAPPED = LONG.replace('Guard the empty cart', 'As you say, with NaN').replace('? 0 :', '? Number.NaN :')
const server = await startModelServer({ rate, ttft: 150, key: 'k', models: ['gpt-5.3-codex-spark', 'gpt-5'], reply: LONG })
const browser = await startBrowser()
const app = await startApp({
  files: { 'src/cart/total.ts': TOTAL, 'src/cart/tax.ts': 'export const a = 1\n' },
  words: ['--provider', 'openai', '--base-url', server.url, '--model', 'gpt-5.3-codex-spark'],
  environment: { OPENAI_API_KEY: 'k' },
})
const w = await openWindow(browser, app, 400)
const { page } = w
await page.emulateMedia({ colorScheme: scheme })
let n = 0
const shot = async (name: string): Promise<void> => {
  n += 1
  await page.screenshot({ path: `/tmp/steer-shots/${scheme}-${rate}-${String(n).padStart(2, '0')}-${name}.png` })
}
try {
  await keysAlive(page)
  await shot('empty')
  await app.save('src/cart/total.ts', TOTAL.replace('sum = total(items)', 'sum = totalOf(items)'))
  await page.getByTestId('stream').first().waitFor()
  await page.waitForTimeout(60)
  await shot('waiting')
  await page.waitForTimeout(rate <= 50 ? 1600 : 200)
  await shot('streaming')
  await page.keyboard.press('Escape')
  await page.waitForTimeout(300)
  await shot('stopped')
  server.script({ when: 'NaN', reply: MAPPED })
  await page.waitForTimeout(700)
  await page.keyboard.press('/')
  await page.waitForTimeout(100)
  await page.keyboard.type('NaN for an empty cart')
  await shot('nudge-typed')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(500)
  await shot('nudged')
  await page.keyboard.type('and shorter')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(500)
  await shot('nudged-twice')
  console.log('focus after nudge', await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120)))
  await page.waitForTimeout(rate <= 50 ? 1500 : 60)
  await page.keyboard.press('Escape')
  await page.waitForTimeout(800)
  await shot('stopped-again')
  await page.keyboard.press('c')
  await page.waitForTimeout(rate <= 50 ? 7000 : 1200)
  await shot('continued')
  // waterfall by keys
  await page.getByTestId('trace').first().focus()
  await page.keyboard.press('Enter')
  await page.waitForTimeout(300)
  await page.getByTestId('waterfall').scrollIntoViewIfNeeded()
  await shot('waterfall')
  await page.getByTestId('latency').focus()
  await page.keyboard.press('Enter')
  await page.waitForTimeout(800)
  await shot('chart')
  const download = page.waitForEvent('download')
  await page.getByTestId('export-traces').focus()
  await page.keyboard.press('Enter')
  const file = await (await download).path()
  const { readFileSync } = await import('node:fs')
  console.log(readFileSync(file, 'utf8').slice(0, 1800))
  await page.getByTestId('latency').focus()
  await page.keyboard.press('Enter')
  // tiny budget
  await page.getByTestId('settings').focus()
  await page.keyboard.press('Enter')
  await page.waitForTimeout(300)
  await shot('settings')
  const field = page.getByLabel(/budget|tokens an hour/i).first()
  await field.scrollIntoViewIfNeeded()
  await field.fill('100')
  await shot('settings-budget')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(500)
  await shot('budget')
  await app.save('src/cart/tax.ts', 'export const a = 2\nexport const b = 3\n')
  await page.waitForTimeout(1500)
  await shot('budget-save')
  console.log(JSON.stringify(server.requests.map((r) => [r.transport, r.clientClosedAt !== null])))
  console.log('errors', w.errors)
} finally {
  await browser.close()
  await app.close()
  await server.close()
}
