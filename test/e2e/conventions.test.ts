// The team's conventions in a real browser: a rule that decisions show is proposed, approved by keys alone, and stands in the file.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { keysAlive, openWindow, startApp, startBrowser, type App, type Window } from './app.ts'
import { startModelServer, type ModelServer } from '../fakes/model-server/server.ts'

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

const NAMES = ['alpha', 'beta', 'gamma']
/** Each file has another edit, so that the embedded engine has nothing to say. */
const CALLS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  alpha: ['total(items)', 'totalOf(items)'],
  beta: ['count(items.length)', 'items.length'],
  gamma: ['max(items)', 'max(items, limit)'],
}
const textOf = (name: string, when: 0 | 1 = 0) =>
  `function ${name}(items) {\n  const sum = ${CALLS[name]?.[when]}\n  return sum\n}\n`
const replyFor = (name: string) => `Named.
*** Begin Patch
*** Update File: ${name}.js
@@
-  return sum
+  var ${name}Sum = sum
*** End Patch
`

test('what is corrected three times is proposed as a rule, approved by keys alone, and written only then', async () => {
  server = await startModelServer({
    // A request tells of the edits before it, too: the newest name decides.
    script: NAMES.toReversed().map((name) => ({ when: `function ${name}`, reply: replyFor(name) })),
  })
  const files = Object.fromEntries(NAMES.map((name) => [`${name}.js`, textOf(name)]))
  app = await startApp({ files: { ...files, 'AGENTS.md': '# House rules\n\nNo default exports.\n' }, server })
  window = await openWindow(browser, app)
  const { page } = window
  for (const [at, name] of NAMES.entries()) {
    await app.save(`${name}.js`, textOf(name, 1))
    const card = page.locator(
      `[data-testid="suggestion"][data-lane="fast"][data-state="ready"][data-path="${name}.js"]`,
    )
    await card.getByTestId('hunk-edit').click()
    await card.getByTestId('hunk-edit-text').fill(`  const ${name}Sum = sum`)
    await card.getByTestId('hunk-edit-save').click()
    await card.getByTestId('hunk-edit-text').waitFor({ state: 'detached' })
    await card.locator('[data-state="pending"]').getByTestId('hunk-accept').click()
    await expect.poll(() => window?.hunks('accepted').count()).toBe(at + 1)
  }
  await page.getByTestId('proposed-rules').waitFor()
  await expect(app.read('.slipstream/conventions.md')).rejects.toThrow()

  await keysAlive(page)
  await page.keyboard.press('t')
  const proposed = page.locator('[data-testid="convention"][data-kind="proposed"]')
  await proposed.waitFor()
  expect(await proposed.getByTestId('convention-words').inputValue()).toBe('Write `const`, not `var`.')
  await proposed.getByText('3 cases: alpha.js:3, beta.js:3, gamma.js:3').waitFor()
  await page.locator('[data-testid="convention"][data-kind="written"]').getByText('House rules').waitFor()
  await proposed.getByTestId('convention-words').focus()
  await page.keyboard.press('Enter')
  await page
    .locator('[data-testid="convention"][data-kind="approved"]')
    .getByText('Write `const`, not `var`.')
    .waitFor()
  await expect.poll(() => app?.read('.slipstream/conventions.md')).toContain('- Write `const`, not `var`.\n  (3 cases:')
  await page.getByTestId('proposed-rules').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.getByTestId('conventions').waitFor({ state: 'detached' })
})

const STYLED = 'Quotes as .prettierrc says: single.'

test('a hunk says which rule it breaks, until that is dropped, and what was written in the project’s style', async () => {
  const reply = (name: string) => replyFor(name).replace('= sum', `= named("${name}", sum)`)
  server = await startModelServer({
    script: NAMES.toReversed().map((name) => ({ when: `function ${name}`, reply: reply(name) })),
  })
  const files = Object.fromEntries(NAMES.map((name) => [`${name}.js`, textOf(name)]))
  const rules = '# Ours\n\n- Write `const`, not `var`.\n'
  const settings = '{ "singleQuote": true }'
  app = await startApp({ files: { ...files, '.prettierrc': settings, '.slipstream/conventions.md': rules }, server })
  window = await openWindow(browser, app)
  const { page } = window
  // The first files after the start may be shown as they were written: a cold or busy machine proves nothing in so short a time.
  const said: (string | null)[] = []
  for (const name of NAMES) {
    await app.save(`${name}.js`, textOf(name, 1))
    const card = page.locator(`[data-testid="suggestion"][data-lane="fast"][data-path="${name}.js"]`)
    const hunk = card.locator('[data-state="pending"]')
    await hunk.getByTestId('hunk-breaks').waitFor()
    await expect.poll(() => hunk.getByTestId('hunk-breaks').innerText()).toBe('Breaks: Write `const`, not `var`.')
    const style = hunk.getByTestId('hunk-styled')
    if ((await style.count()) > 0) {
      said.push(await style.textContent())
      await hunk.getByText(`named('${name}', sum)`).first().waitFor()
    }
  }
  expect(new Set(said)).toEqual(new Set([STYLED]))

  await keysAlive(page)
  await page.keyboard.press('t')
  const approved = page.locator('[data-testid="convention"][data-kind="approved"]')
  await approved.getByTestId('convention-drop').click()
  await approved.waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.getByTestId('hunk-breaks').first().waitFor({ state: 'detached' })
})
