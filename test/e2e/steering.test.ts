// Steering over persistent WebSockets in a real browser: interrupt, nudge in mid-reply, and what comes back when it fails.
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Browser, Locator } from 'playwright-core'
import { keysAlive, openWindow, startApp, startBrowser, type App, type Window } from './app.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../fakes/model-server/server.ts'

const BEFORE = 'export function mean(items) {\n  const sum = total(items)\n  return sum / items.length\n}\n'
const AFTER = BEFORE.replace('total(items)', 'totalOf(items)')
const patch = (line: string): string =>
  `Guard it.\n*** Begin Patch\n*** Update File: a.js\n@@\n-  return sum / items.length\n+${line}\n*** End Patch\n`

let browser: Browser
let app: App | null = null
let server: ModelServer | null = null
let window: Window | null = null

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  const errors = window?.errors ?? []
  await window?.close()
  await app?.close()
  await server?.close()
  window = app = server = null
  expect(errors).toEqual([])
})

async function open(
  model: string,
  options: ModelServerOptions = {},
): Promise<{ app: App; window: Window; server: ModelServer }> {
  server = await startModelServer({ key: 'k', models: [model], ...options })
  const opened = server
  app = await startApp({
    files: { 'a.js': BEFORE },
    words: ['--provider', 'openai', '--base-url', server.url, '--model', model],
    environment: { OPENAI_API_KEY: 'k' },
  })
  window = await openWindow(browser, app)
  if (options.upgrade === undefined)
    await expect.poll(() => Math.min(opened.sockets, opened.warmUps.length + 1), { timeout: 10_000 }).toBeGreaterThan(1)
  return { app, window, server }
}

test('a save goes over a warm socket; Stop closes it at once, and the next request has the spare', async () => {
  const { app, window, server } = await open('gpt-5.3-codex-spark')
  const held = server.hold()
  await app.save('a.js', AFTER)
  const request = await held.request
  expect(request.transport).toBe('websocket')
  held.push('Guard')
  const suggestion = window.suggestion()
  await expect.poll(() => suggestion.getByTestId('stream').textContent()).toContain('Guard')
  await suggestion.getByTestId('interrupt').click()
  expect(await request.over).toBe('client-closed')
  server.script({ when: 'return 0 instead', reply: patch('  return 0') })
  await suggestion.getByTestId('nudge').fill('return 0 instead')
  await suggestion.getByTestId('nudge-send').click()
  await window.hunks('pending').first().waitFor()
  expect(server.requests.at(-1)?.transport).toBe('websocket')
  await suggestion.getByTestId('hunk-accept').click()
  await expect.poll(() => app.read('a.js')).toContain('return 0')
})

test('a second click where Stop was takes nothing away', async () => {
  const { app, window, server } = await open('gpt-5.3-codex-spark')
  const held = server.hold()
  await app.save('a.js', AFTER)
  await held.request
  held.push('Guard')
  const suggestion = window.suggestion()
  await expect.poll(() => suggestion.getByTestId('stream').textContent()).toContain('Guard')
  const box = await suggestion.getByTestId('interrupt').boundingBox()
  if (box === null) throw new Error('there is a Stop button')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await window.page.mouse.click(x, y)
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('interrupted')
  await window.page.mouse.click(x, y)
  await window.page.waitForTimeout(300)
  expect(await suggestion.getByTestId('stream').textContent()).toContain('Guard')
  await suggestion.getByTestId('dismiss').click()
  await expect.poll(() => window.page.getByTestId('suggestion').count()).toBe(0)
})

test('a model that takes words in mid-reply is not stopped: queued, then taken up', async () => {
  const { app, window, server } = await open('gpt-6-astra')
  const held = server.hold()
  await app.save('a.js', AFTER)
  await held.request
  held.push('Guard it')
  const suggestion = window.suggestion()
  await expect.poll(() => suggestion.getByTestId('stream').textContent()).toContain('Guard it')
  const steer = server.holdSteer()
  const next = server.hold()
  await suggestion.getByTestId('nudge').fill('throw instead')
  await suggestion.getByTestId('nudge-send').click()
  await steer.steer
  steer.accept()
  await expect.poll(() => suggestion.textContent()).toContain('queued')
  expect(await suggestion.getAttribute('data-state')).toBe('streaming')
  steer.commit()
  next.push(patch('  throw new RangeError()'))
  next.end()
  await window.hunks('pending').first().waitFor()
  expect(server.requests.filter(({ clientClosedAt }) => clientClosedAt !== null)).toEqual([])
})

test('where WebSockets are refused, the same goes by HTTP, with no word about it', async () => {
  const { app, window, server } = await open('gpt-5.3-codex-spark', { upgrade: 426 })
  server.script({ reply: patch('  return 0') })
  await app.save('a.js', AFTER)
  await window.hunks('pending').first().waitFor()
  expect(server.requests[0]?.transport).toBe('http')
})

/** A reply that has begun to show in the window, and the debugger of that. */
async function streaming() {
  const { app, window, server } = await open('gpt-5.3-codex-spark')
  const held = server.hold()
  await app.save('a.js', AFTER)
  const request = await held.request
  held.push('Well')
  const suggestion = window.suggestion()
  await expect.poll(() => suggestion.getByTestId('stream').textContent()).toContain('Well')
  const debug = await window.page.context().newCDPSession(window.page)
  return { app, debug, held, request, suggestion }
}

/** The engine has read on, and the command line stops it, whatever the window does. */
async function interruptedBehind(app: App, request: { readonly over: Promise<string> }): Promise<void> {
  await expect.poll(async () => (await app.status()).suggestions[0]?.explanation ?? '').toContain('and so on')
  expect((await app.command('interrupt')).code).toBe(0)
  expect(await request.over).toBe('client-closed')
}

async function showsAll(suggestion: Locator): Promise<void> {
  await expect.poll(() => suggestion.getAttribute('data-state')).toBe('interrupted')
  await expect.poll(() => suggestion.getByTestId('stream').textContent()).toContain('to the end.')
}

test('a window whose thread stands still delays no interrupt, and shows what had come as soon as it goes on', async () => {
  const { app, debug, held, request, suggestion } = await streaming()
  const paused = new Promise<unknown>((resolve) => debug.once('Debugger.paused', resolve))
  await debug.send('Debugger.enable')
  await debug.send('Debugger.pause')
  for (let token = 0; token < 1000; token += 1) held.push(' and so on')
  held.push(' to the end.\n')
  await paused
  await interruptedBehind(app, request)
  await debug.send('Debugger.resume')
  await debug.send('Debugger.disable')
  await showsAll(suggestion)
})

test('a window that is hidden and frozen delays no interrupt, and gets all that it missed', async () => {
  const { app, debug, held, request, suggestion } = await streaming()
  await debug.send('Page.setWebLifecycleState', { state: 'frozen' })
  for (let token = 0; token < 5000; token += 1) held.push(' and so on')
  held.push(' to the end.\n')
  await interruptedBehind(app, request)
  await debug.send('Page.setWebLifecycleState', { state: 'active' })
  await showsAll(suggestion)
})

test('words that were not taken up come back: into the field, or beside what is typed there', async () => {
  const { app, window, server } = await open('gpt-6-astra')
  const held = server.hold()
  await app.save('a.js', AFTER)
  await held.request
  held.push('Guard it')
  const suggestion = window.suggestion()
  const field = suggestion.getByTestId('nudge')
  await expect.poll(() => suggestion.getByTestId('stream').textContent()).toContain('Guard it')
  for (const words of ['throw instead', 'and a test']) {
    const steer = server.holdSteer()
    await field.fill(words)
    await field.press('Enter')
    await steer.steer
    steer.accept()
  }
  await expect.poll(() => suggestion.getByTestId('nudge-queued').count()).toBe(2)
  await field.fill('no, wait')
  await suggestion.getByTestId('interrupt').click()
  await expect.poll(() => suggestion.getByTestId('returned').textContent()).toContain('throw instead; and a test')
  expect(await field.inputValue()).toBe('no, wait')
  await suggestion.getByRole('button', { name: 'Use these words' }).click()
  expect(await field.inputValue()).toBe('throw instead; and a test')
  server.script({ when: 'throw instead; and a test', reply: patch('  throw 1') })
  await field.press('Enter')
  await window.hunks('pending').first().waitFor()
  expect(await suggestion.getByTestId('returned').count()).toBe(0)
})

test('a nudge by keys takes the place of the hunk in hand, and the next key accepts what came of it', async () => {
  const { app, window, server } = await open('gpt-5.3-codex-spark')
  server.script({ times: 1, reply: patch('  return 0') })
  await app.save('a.js', AFTER)
  await window.hunks('pending').first().waitFor()
  server.script({ when: 'throw instead', reply: patch('  throw new RangeError()') })
  await keysAlive(window.page)
  await window.page.keyboard.press('/')
  await window.page.keyboard.type('throw instead')
  await window.page.keyboard.press('Enter')
  await expect.poll(() => window.hunks('pending').first().textContent()).toContain('RangeError')
  expect(await window.hunks('pending').count()).toBe(1)
  await expect.poll(() => window.hunks('stale').first().textContent()).toContain('replaced')
  expect(await window.hunks('pending').first().getAttribute('data-in-hand')).toBe('true')
  await window.page.keyboard.press('Escape')
  await window.page.waitForTimeout(1000)
  await window.page.keyboard.press('a')
  await expect.poll(() => app.read('a.js')).toContain('throw new RangeError()')
})

test('a budget that is used up is said where one looks, pauses saves, and a higher one helps at once; the traces go out as JSON', async () => {
  const { app, window, server } = await open('gpt-5.3-codex-spark')
  const { page } = window
  server.script({ reply: patch('  return 0') })
  await app.save('a.js', AFTER)
  await window.hunks('pending').first().waitFor()
  const setBudget = async (tokens: string): Promise<void> => {
    await page.getByTestId('settings').click()
    await page.getByLabel('Budget, in tokens an hour').fill(tokens)
    await page.keyboard.press('Enter')
  }
  await setBudget('10')
  await page.getByTestId('exhausted').waitFor()
  const before = server.requests.length
  await page.waitForTimeout(2100)
  await app.save('a.js', AFTER.replace('items.length', 'items.size'))
  await expect.poll(async () => (await app.status()).project.when.unasked.budget ?? 0).toBe(1)
  expect(server.requests.length).toBe(before)
  await page.getByTestId('latency').click()
  await expect.poll(() => page.getByTestId('spending').textContent()).toMatch(/tokens.*Used up/)
  const download = page.waitForEvent('download')
  await page.getByTestId('export-traces').click()
  const exported: unknown = JSON.parse(await readFile(await (await download).path(), 'utf8'))
  expect(exported).toMatchObject({
    project: 'shop',
    suggestions: [{ path: 'a.js', trace: { painted: expect.any(Number) } }],
  })
  await page.getByTestId('latency').click()
  await setBudget('1000000')
  await page.getByTestId('exhausted').waitFor({ state: 'detached' })
})
