// A suggestion of a thousand hunks in the product's window, and a bare page of as many rows.
import type { Page } from 'playwright-core'
import { until } from './clock.ts'
import { startBenchServer } from './model-server.ts'
import { makeHome, startProduct } from './product.ts'
import { writeFiles } from './project.ts'
import type { Bench } from './row.ts'
import { SIDE_WINDOW, type BenchWindow } from './window.ts'

export const HUNKS = 1000
export const HUNK = '[data-testid="hunk"]'
const FILES = 5
const PATIENCE_MS = 60_000

/** In five suggestions: a longer reply would be cut at the output cap. Resolves when all of them are in the document. */
export async function openMany(bench: Bench): Promise<BenchWindow> {
  const server = await startBenchServer(bench)
  const home = await makeHome(bench)
  const names = Array.from({ length: HUNKS / FILES }, (_, at) => `name${at}`)
  const text = names.map((name) => `export const ${name} = 1\n// 1\n// 2\n// 3\n// 4\n`).join('')
  const paths = Array.from({ length: FILES }, (_, at) => `src/many${at}.ts`)
  writeFiles(home.project, Object.fromEntries(paths.map((path) => [path, text])))
  const product = await startProduct(bench, home, server, FILES)
  const window = await product.openWindow()
  const hunks = names.map((name) => `@@\n-export const ${name} = 1\n+export const ${name} = 2\n // 1\n`).join('')
  const { page } = window
  for (const [at, path] of paths.entries()) {
    const reply = `Two for one.\n*** Begin Patch\n*** Update File: ${path}\n${hunks}*** End Patch\n`
    await server.answer({ reply, rate: 0, times: 1 })
    await page.getByTestId('ask').fill(`two for one, everywhere in ${path}`)
    await page.getByTestId('ask-place').fill(`${path}:1`)
    await page.getByTestId('ask-send').click()
    const wanted = names.length * (at + 1)
    await until(PATIENCE_MS, `${wanted} hunks`, async () => (await page.locator(HUNK).count()) === wanted, 200)
  }
  return window
}

/** As many rows of plain HTML. */
export async function openBareRows(bench: Bench): Promise<Page> {
  const browser = await bench.browser()
  const context = bench.own(await browser.newContext(SIDE_WINDOW))
  const page = await context.newPage()
  await page.setContent(bareRows())
  return page
}

export function bareRows(): string {
  const rows = Array.from(
    { length: HUNKS },
    (_, at) =>
      `<li><button>src/many.ts:${at * 5 + 1} +1 −1</button><button>Accept</button><button>Reject</button></li>`,
  )
  return `<!doctype html><style>li{height:36px}</style><ul id="rows">${rows.join('')}</ul>`
}

/**
 * Gaps between the frames of a page while `act` runs, ms. A frame that nothing was done for is counted as well: what is asked
 * is how long the page ever stood still.
 */
export async function framesWhile(page: Page, act: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(() => {
    const gaps: number[] = []
    let last = performance.now()
    const look = (now: number): void => {
      gaps.push(now - last)
      last = now
      if (document.documentElement.dataset['bench'] === 'on') requestAnimationFrame(look)
    }
    document.documentElement.dataset['bench'] = 'on'
    Reflect.set(document, 'benchGaps', gaps)
    requestAnimationFrame((now) => {
      last = now
      requestAnimationFrame(look)
    })
  })
  await act()
  return await page.evaluate(() => {
    document.documentElement.dataset['bench'] = 'off'
    const gaps: unknown = Reflect.get(document, 'benchGaps')
    return Array.isArray(gaps) ? gaps.map(Number) : []
  })
}
