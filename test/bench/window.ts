// A page of the bench: the product's window or a floor's, opened alike, with the probe inside.
import type { Page } from 'playwright-core'
import { measureSkew, onThisClock } from './clock.ts'
import { installProbe } from './probe.ts'
import type { Bench } from './row.ts'

/** Times are epoch ms of this process's clock. */
export interface BenchWindow {
  readonly page: Page
  /** See Probe. Each is awaited twice: the outer promise when the page listens, the inner one when it has happened. */
  painted(selector: string, marker: string): Promise<Pending<number>>
  escape(selector: string): Promise<Pending<{ readonly at: number; readonly changedAt: number | null }>>
  clicked(selector: string): Promise<Pending<number>>
  received(...parts: readonly string[]): Promise<Pending<number>>
}

export interface Pending<Value> {
  readonly happened: Promise<Value>
}

/** As wide as the window is beside an editor. */
export const SIDE_WINDOW = { viewport: { width: 420, height: 860 } } as const
const READY_MS = 20_000

/** `ready` is a text that is visible when the page can be used. */
export async function openBenchWindow(bench: Bench, url: string, ready: string): Promise<BenchWindow> {
  const browser = await bench.browser()
  const context = bench.own(await browser.newContext(SIDE_WINDOW))
  const page = await context.newPage()
  page.setDefaultTimeout(READY_MS)
  await page.addInitScript(installProbe)
  await page.goto(url)
  await page.getByText(ready).first().waitFor()
  await page.bringToFront()
  const skew = await measureSkew(() => page.evaluate(() => window.bench.now()))
  const here = (time: number): number => onThisClock(time, skew)

  /** The page answers in order: when it answers the second question, it has begun with the first. */
  async function begun<Value>(asked: Promise<Value>): Promise<Pending<Value>> {
    // Nobody may be waiting yet when the page is closed.
    asked.catch(() => {})
    await page.evaluate(() => null)
    return { happened: asked }
  }

  return {
    page,
    painted: (selector, marker) =>
      begun(
        page.evaluate(([where, what]) => window.bench.painted(where, what), [selector, marker] as const).then(here),
      ),
    escape: (selector) =>
      begun(
        page
          .evaluate((where) => window.bench.escape(where), selector)
          .then(({ at, changedAt }) => ({ at: here(at), changedAt: changedAt === null ? null : here(changedAt) })),
      ),
    clicked: (selector) => begun(page.evaluate((where) => window.bench.clicked(where), selector).then(here)),
    received: (...parts) => begun(page.evaluate((all) => window.bench.received(all), parts).then(here)),
  }
}
