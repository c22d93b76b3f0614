// Electron's security checklist, item by item, against the fake.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PAGE, registerScheme, setupSecurity } from '../../main/shell/security.ts'
import { createFakeElectron, FakeContents, fakeEvent, type FakeElectron } from '../fakes/electron.ts'

let folder = ''
let electron: FakeElectron
let contents: FakeContents
let now = 0

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-security-')))
  await mkdir(join(folder, 'window', 'assets'), { recursive: true })
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'window', 'assets', 'index.js'), '1')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(folder, 'window', 'link.txt'))
  electron = createFakeElectron()
  contents = new FakeContents(1)
  now = 0
  registerScheme(electron)
  setupSecurity(electron, { assets: join(folder, 'window'), now: () => now, say: () => {} })
  electron.app.emit('web-contents-created', {}, contents)
})
afterEach(() => rm(folder, { recursive: true }))

describe('the scheme', () => {
  test('is a standard and secure one, without further privileges', () => {
    expect(electron.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
  })

  test('serves the window with its policy', async () => {
    const response = await electron.fetch(PAGE)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe-eval')
    expect(await (await electron.fetch('app://slipstream/assets/index.js')).text()).toBe('1')
  })

  test.each([
    ['app://slipstream/../secret.txt', 404],
    ['app://slipstream/%2e%2e/secret.txt', 404],
    ['app://slipstream/..%2fsecret.txt', 404],
    ['app://slipstream/link.txt', 404],
    ['app://slipstream/assets', 404],
    ['app://slipstream/missing.js', 404],
    ['app://other/index.html', 403],
  ])('does not serve %s', async (url, status) => {
    const response = await electron.fetch(url)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('answers nothing but GET', async () => {
    expect((await electron.fetch(PAGE, 'POST')).status).toBe(403)
  })
})

describe('permissions', () => {
  test('are refused, all of them', () => {
    const { request, check, device } = electron.session.defaultSession
    const granted: boolean[] = []
    for (const permission of ['media', 'notifications', 'clipboard-read', 'openExternal']) {
      request?.({}, permission, (yes) => granted.push(yes))
    }
    expect(granted).toEqual([false, false, false, false])
    expect(check?.()).toBe(false)
    expect(device?.()).toBe(false)
  })

  test.each([
    ['https://example.org/x', true],
    ['blob:https://example.org/1', true],
    ['app://slipstream/index.html', true],
    ['blob:app://slipstream/1', false],
  ])('a download of %s is prevented: %s', (url, prevented) => {
    const event = fakeEvent({})
    electron.session.defaultSession.emit('will-download', event, { getURL: () => url })
    expect(event.prevented()).toBe(prevented)
  })
})

describe('a page', () => {
  test.each(['https://example.org/', 'file:///etc/passwd', 'app://slipstream/other', 'javascript:alert(1)'])(
    'cannot navigate to %s, nor be redirected there',
    (url) => {
      for (const kind of ['will-navigate', 'will-redirect']) {
        const event = fakeEvent({ url })
        contents.emit(kind, event)
        expect(event.prevented()).toBe(true)
      }
    },
  )

  test('may load itself again', () => {
    const event = fakeEvent({ url: PAGE })
    contents.emit('will-navigate', event)
    expect(event.prevented()).toBe(false)
  })

  test('holds no other page', () => {
    const event = fakeEvent({})
    contents.emit('will-attach-webview', event)
    expect(event.prevented()).toBe(true)
  })

  test('opens no window', () => {
    contents.emit('input-event', {}, { type: 'mouseDown' })
    expect(contents.openHandler?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' })
  })

  test.each(['https://example.org/a?b', 'http://127.0.0.1:11434/'])('after a click %s opens in the browser', (url) => {
    contents.emit('input-event', {}, { type: 'mouseUp' })
    now = 500
    contents.openHandler?.({ url })
    expect(electron.opened).toEqual([url])
  })

  test('a link opens nothing without a click, long after one, and not twice after one', () => {
    contents.openHandler?.({ url: 'https://example.org/1' })
    contents.emit('input-event', {}, { type: 'mouseMove' })
    contents.openHandler?.({ url: 'https://example.org/2' })
    contents.emit('input-event', {}, { type: 'mouseUp' })
    now = 1_001
    contents.openHandler?.({ url: 'https://example.org/3' })
    contents.emit('input-event', {}, { type: 'mouseUp' })
    contents.openHandler?.({ url: 'https://example.org/4' })
    contents.openHandler?.({ url: 'https://example.org/5' })
    expect(electron.opened).toEqual(['https://example.org/4'])
  })

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'vscode://x',
    'https://user:pass@example.org',
    'nonsense',
  ])('even after a click %s opens nothing', (url) => {
    contents.emit('input-event', {}, { type: 'mouseUp' })
    contents.openHandler?.({ url })
    expect(electron.opened).toEqual([])
  })
})
