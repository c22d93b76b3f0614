// The stored key: where the system protects it, where it does not, and that it lies nowhere in the open.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setupSecrets, type Secrets } from '../../main/shell/secrets.ts'
import { createFakeElectron, type FakeElectron } from '../fakes/electron.ts'

const KEY = 'sk-test-0123456789'
let folder = ''
let file = ''
let electron: FakeElectron

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipstream-secrets-'))
  file = join(folder, 'data', 'key.bin')
  electron = createFakeElectron()
})
afterEach(() => rm(folder, { recursive: true }))

function secrets(platform: NodeJS.Platform = 'linux'): Secrets {
  return setupSecrets(electron, { file, platform })
}

test('a key is stored encrypted, for this user alone, and read by the next run', async () => {
  const first = secrets()
  expect(await first.write(KEY)).toEqual({ ok: true, value: null })
  expect(first.view()).toEqual({ state: 'stored', message: null })
  expect(await readFile(file, 'utf8')).not.toContain(KEY)
  expect((await stat(file)).mode & 0o077).toBe(0)
  const second = secrets()
  expect(await second.read()).toBe(KEY)
  expect(second.view().state).toBe('stored')
})

test('an empty key takes the stored one away', async () => {
  const some = secrets()
  await some.write(KEY)
  await some.write('')
  expect(some.view().state).toBe('empty')
  expect(await secrets().read()).toBe('')
})

test.each(['basic_text', 'unknown'] as const)(
  'the backend %s is refused with the reason, and nothing is written',
  async (backend) => {
    electron.keyStore.backend = backend
    const some = secrets()
    const result = await some.write(KEY)
    expect(result).toMatchObject({ ok: false, failure: { code: 'keystore' } })
    expect(some.view()).toMatchObject({ state: 'refused', message: expect.stringContaining(backend) })
    await expect(readFile(file)).rejects.toThrow('ENOENT')
  },
)

test.each(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'] as const)(
  'the backend %s is taken',
  async (backend) => {
    electron.keyStore.backend = backend
    expect(await secrets().write(KEY)).toMatchObject({ ok: true })
  },
)

test.each(['darwin', 'win32'] as const)(
  'on %s the name of a backend is of no matter, but it has to be there',
  async (platform) => {
    electron.keyStore.backend = 'unknown'
    expect(await secrets(platform).write(KEY)).toMatchObject({ ok: true })
    electron.keyStore.available = false
    expect(await secrets(platform).write(KEY)).toMatchObject({ ok: false, failure: { code: 'keystore' } })
  },
)

test('a key that cannot be decrypted any more is asked for again, without a word of it', async () => {
  await secrets().write(KEY)
  electron.keyStore.broken = true
  const some = secrets()
  expect(await some.read()).toBe('')
  expect(some.view()).toMatchObject({ state: 'empty', message: expect.stringContaining('again') })
})

test('after the store has changed its own key the secret is sealed anew', async () => {
  await secrets().write(KEY)
  electron.keyStore.rotated = true
  electron.safeStorage.encryptStringAsync = async (text) => Buffer.from(`again:${Buffer.from(text).toString('base64')}`)
  expect(await secrets().read()).toBe(KEY)
  expect(await readFile(file, 'utf8')).toMatch(/^again:/)
})

test('a disk that refuses is told by its code alone', async () => {
  await writeFile(join(folder, 'data'), 'a file where the folder should be')
  expect(await secrets().write(KEY)).toEqual({
    ok: false,
    failure: { code: 'io', message: 'The key was not stored (EEXIST).' },
  })
})
