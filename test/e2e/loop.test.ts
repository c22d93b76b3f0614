// The whole loop in a real browser, with the real watcher, real files, and a model server on loopback.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { keysAlive, openWindow, startApp, startBrowser, type App, type AppOptions, type Window } from './app.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../fakes/model-server/server.ts'

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
const GUARD = '  return items.length === 0 ? 0 : sum / items.length'
const PATCH = `Guard the empty cart: the sum is divided by its length.
*** Begin Patch
*** Update File: src/total.ts
@@ export function mean
   const sum = totalOf(items)
-  return sum / items.length
+${GUARD}
 }
*** End Patch
`
const ACCEPTED = AFTER.replace('  return sum / items.length', GUARD)

let browser: Browser
let app: App | null = null
let server: ModelServer | null = null
const windows: Window[] = []

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
})
afterEach(async () => {
  const errors = windows.flatMap((window) => window.errors)
  for (const window of windows.splice(0)) await window.close()
  await app?.close()
  await server?.close()
  app = null
  server = null
  expect(errors, 'a session logs no console error').toEqual([])
})

/** The app on `src/total.ts`, with a window. */
async function open(
  options: Partial<AppOptions> = {},
  serverOptions: ModelServerOptions | null = { script: [{ when: 'totalOf', reply: PATCH }] },
): Promise<{ app: App; window: Window; server: ModelServer }> {
  server = await startModelServer(serverOptions ?? {})
  app = await startApp({
    files: { 'src/total.ts': BEFORE, 'README.md': '# shop\n' },
    ...(serverOptions === null ? {} : { server }),
    ...options,
  })
  const window = await openWindow(browser, app)
  windows.push(window)
  return { app, window, server }
}

async function ready(): Promise<{ app: App; window: Window; server: ModelServer }> {
  const all = await open()
  await all.app.save('src/total.ts', AFTER)
  await all.window.hunks('pending').first().waitFor()
  return all
}

describe('the loop', () => {
  test('edit, stream, accept: the bytes are on disk', async () => {
    const { app, window } = await ready()
    const suggestion = window.suggestion()
    expect(await suggestion.getAttribute('data-lane')).toBe('fast')
    expect(await suggestion.getAttribute('data-path')).toBe('src/total.ts')
    await expect.poll(() => suggestion.getByTestId('explanation').innerText()).toContain('Guard the empty cart')
    expect(await app.read('src/total.ts')).toBe(AFTER)
    await suggestion.getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
  })

  test('reject leaves the file untouched', async () => {
    const { app, window } = await ready()
    await window.suggestion().getByTestId('hunk-reject').click()
    await window.hunks('rejected').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(AFTER)
  })

  test('undo takes the write back, and the hunk can be accepted again', async () => {
    const { app, window } = await ready()
    await window.suggestion().getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    await window.page.getByTestId('undo').click()
    await window.hunks('pending').first().waitFor()
    expect(await app.read('src/total.ts')).toBe(AFTER)
    await window.suggestion().getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
  })

  test('the embedded engine proposes the same edit elsewhere, with no network', async () => {
    const text = Array.from({ length: 5 }, (_, at) => `assert.equal(run(${at}), ${at})\nlog(${at})\n`).join('')
    const { app, window, server } = await open({ files: { 'a.js': text } }, null)
    await app.save('a.js', text.replace('assert.equal(run(2)', 'assert.strictEqual(run(2)'))
    await window.hunks('pending').first().waitFor()
    expect(await window.suggestion().getAttribute('data-lane')).toBe('local')
    await expect.poll(() => window.hunks('pending').count()).toBe(4)
    // It has no stream to be painted: its time is that of its first hunk.
    await expect.poll(async () => (await app.status()).project.latencies.length).toBe(1)
    await window.suggestion().getByTestId('accept-all').click()
    await expect.poll(() => window.hunks('accepted').count()).toBe(4)
    expect(await app.read('a.js')).toBe(text.replaceAll('assert.equal', 'assert.strictEqual'))
    expect(server.requests).toHaveLength(0)
    expect(server.listed).toBe(0)
  })

  test('interrupt in mid-stream, nudge, accept what comes then', async () => {
    const { app, window, server } = await open({}, {})
    const held = server.hold()
    await app.save('src/total.ts', AFTER)
    const request = await held.request
    const [head = '', tail = ''] = PATCH.split('+  return')
    held.push(head)
    const suggestion = window.suggestion()
    await expect.poll(() => suggestion.getByTestId('stream').innerText()).toContain('@@ export function mean')
    await suggestion.getByTestId('interrupt').click()
    expect(await request.over).toBe('client-closed')
    await expect.poll(() => suggestion.getAttribute('data-state')).toBe('interrupted')
    held.push(tail)
    await expect.poll(() => suggestion.getByTestId('stream').innerText()).toContain('Guard the empty cart')
    expect(await window.hunks('pending').count()).toBe(0)

    server.script({ when: 'throw instead', reply: PATCH.replace(GUARD, '  throw new RangeError()') })
    await suggestion.getByTestId('nudge').fill('throw instead')
    await suggestion.getByTestId('nudge-send').click()
    await window.hunks('pending').first().waitFor()
    expect(server.requests.at(-1)?.text).toContain('Guard the empty cart')
    await suggestion.getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toContain('throw new RangeError()')
  })

  test('interrupt, then Continue: the cut reply goes on and its edit is shown once', async () => {
    const { app, window, server } = await open({}, {})
    const held = server.hold()
    await app.save('src/total.ts', AFTER)
    await held.request
    const cut = PATCH.indexOf(GUARD) + 12
    held.push(PATCH.slice(0, cut))
    const suggestion = window.suggestion()
    await expect.poll(() => suggestion.getByTestId('stream').innerText()).toContain('return it')
    await keysAlive(window.page)
    await window.page.keyboard.press('Escape')
    await expect.poll(() => suggestion.getAttribute('data-state')).toBe('interrupted')
    const next = server.hold()
    await suggestion.getByTestId('continue').click()
    await next.request
    next.push(PATCH.slice(cut))
    next.end()
    await window.hunks('pending').first().waitFor()
    await expect.poll(() => suggestion.getAttribute('data-state')).toBe('ready')
    await expect.poll(() => window.hunks('pending').count()).toBe(1)
    await suggestion.getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
  })

  test('a hunk can be accepted while the rest still streams', async () => {
    const { app, window, server } = await open({}, {})
    const held = server.hold()
    await app.save('src/total.ts', AFTER)
    await held.request
    held.push(PATCH.replace('*** End Patch\n', '@@ export function tax\n   const rate'))
    await window.hunks('pending').first().waitFor()
    expect(await window.suggestion().getAttribute('data-state')).toBe('streaming')
    await window.suggestion().getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
    held.end()
  })

  test('ask in words, from the window and from a shell', async () => {
    const { app, window, server } = await open({}, {})
    server.script({ when: 'add a guard', reply: PATCH.replaceAll('totalOf', 'total') })
    await window.page.getByTestId('ask').fill('src/total.ts:3 add a guard')
    await app.command('ask', 'add a guard', '--file', 'src/total.ts:3')
    await window.hunks('pending').first().waitFor()
    expect(server.requests[0]?.text).toContain('add a guard')
    const result = await app.command('accept')
    expect(result).toMatchObject({ code: 0 })
    expect(result.out).toContain('src/total.ts')
    expect(await app.read('src/total.ts')).toContain(GUARD)
    const again = await app.command('accept')
    expect(again.code).toBe(1)
  })

  test('think deeper asks the deep model, into the same queue', async () => {
    const { window, server } = await ready()
    server.script({ when: 'Guard the empty cart', reply: PATCH.replace(GUARD, '  throw new RangeError()') })
    await window.suggestion().getByTestId('deeper').click()
    await window.page.locator('[data-testid="suggestion"][data-lane="deep"]').waitFor()
    await expect.poll(() => window.hunks('pending').count()).toBe(2)
  })
})

describe('races with the editor', () => {
  test("the hunk's lines changed after the suggestion: stale, and not written", async () => {
    const { app, window } = await ready()
    const mine = AFTER.replace('return sum / items.length', 'return sum / Math.max(1, items.length)')
    await app.save('src/total.ts', mine)
    await window.hunks('stale').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(mine)
    expect((await app.command('accept')).code).toBe(1)
    expect(await app.read('src/total.ts')).toBe(mine)
  })

  test('a save at the moment of the click loses nothing', async () => {
    const { app, window } = await ready()
    const other = AFTER.replace('return price * rate', 'return price * rate * 2')
    await Promise.all([window.suggestion().getByTestId('hunk-accept').click(), app.save('src/total.ts', other)])
    const both = other.replace('  return sum / items.length', GUARD)
    await expect
      .poll(async () => {
        const text = await app.read('src/total.ts')
        if (text === both) return 'both'
        // Our write came first and the editor's went over it: then the card says so.
        const pending = await window.hunks('pending').count()
        return text === other && pending === 1 ? 'editor' : text
      })
      .toMatch(/^(both|editor)$/)
  })

  test('an editor overwrites after an accept: the card says so, and Re-apply works', async () => {
    const { app, window, server } = await ready()
    await window.suggestion().getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    const asked = server.requests.length
    await window.page.waitForTimeout(2200)
    await app.save('src/total.ts', AFTER)
    const hunk = window.hunks('pending').first()
    await hunk.waitFor()
    await expect.poll(() => hunk.innerText()).toContain('your editor overwrote this')
    await hunk.getByTestId('hunk-accept').click()
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
    expect(server.requests).toHaveLength(asked)
  })

  test('a restart keeps the queue, also after a crash', async () => {
    const { app, window } = await ready()
    await app.restart('SIGKILL')
    const fresh = await openWindow(browser, app)
    windows.push(fresh)
    window.errors.length = 0
    await fresh.hunks('pending').first().waitFor()
    await fresh.suggestion().getByTestId('hunk-accept').click()
    await fresh.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
    await app.restart()
    expect((await app.command('undo')).code).toBe(0)
    expect(await app.read('src/total.ts')).toBe(AFTER)
    window.errors.length = 0
    fresh.errors.length = 0
  })
})

describe('the keyboard', () => {
  test('the whole loop by keys alone', async () => {
    const { app, window } = await ready()
    await keysAlive(window.page)
    await window.page.keyboard.press('a')
    await window.hunks('accepted').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(ACCEPTED)
    await window.page.waitForTimeout(600)
    await window.page.keyboard.press('u')
    await window.hunks('pending').first().waitFor()
    await expect.poll(() => app.read('src/total.ts')).toBe(AFTER)
    await window.page.waitForTimeout(1000)
    await window.page.keyboard.press('r')
    await window.hunks('rejected').first().waitFor({ state: 'attached' })
    expect(await app.read('src/total.ts')).toBe(AFTER)
  })

  test('nudge by keys: / opens the field, Enter sends', async () => {
    const { window, server } = await ready()
    server.script({ when: 'throw instead', reply: PATCH.replace(GUARD, '  throw new RangeError()') })
    await keysAlive(window.page)
    await window.page.keyboard.press('/')
    await window.page.keyboard.type('throw instead')
    await window.page.keyboard.press('Enter')
    await expect.poll(() => server.requests.length).toBe(2)
    await expect.poll(() => window.page.content()).toContain('RangeError')
  })

  test('stray typing decides nothing', async () => {
    const { app, window } = await ready()
    await keysAlive(window.page)
    await window.page.keyboard.type('a rather long word', { delay: 30 })
    await window.page.waitForTimeout(800)
    await expect.poll(() => window.hunks('pending').count()).toBe(1)
    expect(await app.read('src/total.ts')).toBe(AFTER)
  })

  test('a key right after the window gained the focus decides nothing', async () => {
    const { app, window } = await ready()
    await window.page.waitForTimeout(1000)
    await window.page.evaluate(() => {
      globalThis.dispatchEvent(new Event('blur'))
      globalThis.dispatchEvent(new Event('focus'))
    })
    await window.page.keyboard.press('a')
    await window.page.waitForTimeout(700)
    await expect.poll(() => window.hunks('pending').count()).toBe(1)
    expect(await app.read('src/total.ts')).toBe(AFTER)
  })

  test('? lists the keys', async () => {
    const { window } = await open()
    await keysAlive(window.page)
    await window.page.keyboard.press('?')
    await window.page.getByRole('dialog').waitFor()
    await expect.poll(() => window.page.getByRole('dialog').innerText()).toContain('accept the hunk in focus')
  })
})

describe('when it does not work', () => {
  test('no key and no server: two lines explain it, and it still works', async () => {
    const { window } = await open({ words: ['--provider', 'auto'] }, null)
    await expect.poll(() => window.page.locator('body').innerText()).toContain('OPENAI_API_KEY')
    await expect.poll(() => window.page.getByTestId('status').innerText()).toContain('embedded engine')
  })

  test('a wrong key gets a line that helps, and Retry', async () => {
    const { app, window } = await open({ environment: { OPENAI_API_KEY: 'wrong' } }, { key: 'right' })
    await app.save('src/total.ts', AFTER)
    await expect.poll(() => window.suggestion().getAttribute('data-state')).toBe('failed')
    await expect.poll(async () => (await window.suggestion().innerText()).toLowerCase()).toContain('key')
    expect(await window.page.content()).not.toContain('wrong"')
  })

  test('the server dies in mid-stream: what had come stays, and Retry goes on', async () => {
    const { app, window, server } = await open({}, {})
    const held = server.hold()
    await app.save('src/total.ts', AFTER)
    await held.request
    held.push('Guard the empty cart')
    await expect.poll(() => window.suggestion().getByTestId('stream').innerText()).toContain('Guard the empty')
    held.fail({ type: 'reset' })
    await expect.poll(() => window.suggestion().getAttribute('data-state')).toBe('failed')
    server.script({ reply: PATCH })
    await window.suggestion().getByTestId('retry').click()
    await window.hunks('pending').first().waitFor()
  })

  test('consent is asked once for an endpoint that is not this machine, and nothing leaves before', async () => {
    const { app, window, server } = await open(
      { words: [], environment: { OPENAI_BASE_URL: 'http://remote.invalid:9/v1', OPENAI_API_KEY: 'k' } },
      {},
    )
    await app.save('src/total.ts', AFTER)
    const allow = window.page.getByRole('button', { name: /allow/i })
    await allow.waitFor()
    await expect.poll(() => window.page.locator('body').innerText()).toContain('remote.invalid')
    await allow.click()
    // Consent given: the request goes out now, and fails for what it is, a name that does not exist.
    await expect.poll(() => window.suggestion().getAttribute('data-state')).toBe('failed')
    expect(await allow.count()).toBe(0)
    await window.page.waitForTimeout(2200)
    await app.save('src/total.ts', AFTER.replace('price * rate', 'price * rate * 2'))
    await expect.poll(() => window.page.getByTestId('suggestion').count()).toBe(2)
    expect(await allow.count()).toBe(0)
    expect(server.requests).toHaveLength(0)
  })

  test('a binary, an over-large and an undecodable file are named with their reason', async () => {
    const { app, window } = await open()
    await app.save('logo.data', 'a\u0000b')
    await app.save('big.txt', 'x'.repeat(1024 * 1024 + 1))
    await expect
      .poll(async () => (await app.status()).project.skipped.map((file) => file.path).toSorted())
      .toEqual(['big.txt', 'logo.data'])
    await window.page.getByTestId('latency').click()
    await expect.poll(() => window.page.locator('body').innerText()).toMatch(/logo\.data: .*binary/)
    await expect.poll(() => window.page.locator('body').innerText()).toMatch(/big\.txt: .*1\.0 MB/)
  })
})
