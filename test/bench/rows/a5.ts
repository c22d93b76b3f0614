// A5: a queue of a thousand hunks: the longest frame while it is scrolled and decided.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { framesWhile, HUNK, HUNKS, openBareRows, openMany } from '../many.ts'
import { inTurn } from '../pairs.ts'
import type { Row } from '../row.ts'

const LONGEST_MS = 50
const WHEELS = 20
const WHEEL_PX = 400
const DECISIONS = 3
/** Bare keys answer only to who has looked. */
const LOOK_MS = 450

export const a5: Row = {
  id: 'A5',
  what: `${HUNKS.toLocaleString('en')} hunks: the longest frame while scrolling and deciding`,
  unit: 'ms',
  floor: 'as many rows of plain HTML, scrolled alike',
  target: { p50: LONGEST_MS, p95: LONGEST_MS },
  repeats: 20,
  sampleLimitMs: 20_000,
  async run(bench) {
    const window = await openMany(bench)
    const bare = await openBareRows(bench)
    const { page } = window
    const scrolls: number[] = []
    const decisions: number[] = []
    const samples = await inTurn(
      bench,
      async (round) => {
        await page.bringToFront()
        const scrolled = await framesWhile(page, () => scroll(page, round))
        const decided = await framesWhile(page, () => decide(page))
        scrolls.push(Math.max(...scrolled))
        decisions.push(Math.max(...decided))
        return Math.max(...scrolled, ...decided)
      },
      async (round) => {
        await bare.bringToFront()
        return Math.max(...(await framesWhile(bare, () => scroll(bare, round))))
      },
    )
    const most = (all: readonly number[]): string => Math.max(...all).toFixed(0)
    return {
      ...samples,
      notes: [`longest frame of all rounds: scrolling ${most(scrolls)} ms, deciding ${most(decisions)} ms`],
    }
  },
}

async function scroll(page: Page, round: number): Promise<void> {
  await page.mouse.move(200, 400)
  for (let wheel = 0; wheel < WHEELS; wheel += 1) {
    await page.mouse.wheel(0, round % 2 === 0 ? WHEEL_PX : -WHEEL_PX)
    await delay(16)
  }
}

/** By the buttons of the hunks that stand in view. */
async function decide(page: Page): Promise<void> {
  for (let left = DECISIONS; left > 0; left -= 1) {
    const rejected = await page.locator(`${HUNK}[data-state="rejected"]`).count()
    await page.evaluate(() => {
      const buttons = [
        ...document.querySelectorAll<HTMLElement>(
          '[data-testid="hunk"][data-state="pending"] [data-testid="hunk-reject"]',
        ),
      ]
      buttons.find((button) => button.getBoundingClientRect().top > 200)?.click()
    })
    await page.waitForFunction(
      (count) => document.querySelectorAll('[data-testid="hunk"][data-state="rejected"]').length > count,
      rejected,
    )
    await delay(LOOK_MS)
  }
}
