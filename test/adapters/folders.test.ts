// Folders: each platform's own place, and a runtime folder that nobody else can have prepared.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  databaseFile,
  dataFolder,
  runtimeFolder,
  settingsFile,
  surroundings,
  type Surroundings,
} from '../../main/adapters/folders.ts'

let folder = ''

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-folders-')))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the data folder', () => {
  const around = (
    platform: NodeJS.Platform,
    environment: Record<string, string> = {},
    home = '/home/ada',
  ): Surroundings => ({
    platform,
    environment,
    home,
    temporary: '/tmp',
    user: 1000,
  })

  test.each([
    [around('linux'), '/home/ada/.local/share/slipstream'],
    [around('linux', { XDG_DATA_HOME: '/data' }), '/data/slipstream'],
    [around('linux', { XDG_DATA_HOME: 'relative' }), '/home/ada/.local/share/slipstream'],
    [around('linux', { XDG_DATA_HOME: '' }), '/home/ada/.local/share/slipstream'],
    [around('freebsd'), '/home/ada/.local/share/slipstream'],
    [around('darwin', {}, '/Users/ada'), '/Users/ada/Library/Application Support/Slipstream'],
    [around('win32', { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }), 'C:\\Users\\ada\\AppData\\Roaming\\Slipstream'],
    [around('win32', {}, 'C:\\Users\\ada'), 'C:\\Users\\ada\\AppData\\Roaming\\Slipstream'],
  ])('%j has it at %s', (surroundings, expected) => {
    expect(dataFolder(surroundings, null)).toBe(expected)
  })

  test('--data goes before everything, from the current folder', () => {
    expect(dataFolder(around('linux', { XDG_DATA_HOME: '/data' }), 'here')).toBe(resolve('here'))
  })

  test('an empty --data counts as unset', () => {
    expect(dataFolder(around('linux'), '')).toBe('/home/ada/.local/share/slipstream')
  })

  test('the settings lie in it', () => {
    expect(settingsFile('/data')).toBe(join('/data', 'settings.json'))
  })
})

describe('the database of a project', () => {
  test('is the same for every way to name the folder', () => {
    mkdirSync(join(folder, 'shop'))
    symlinkSync(join(folder, 'shop'), join(folder, 'link'))
    expect(databaseFile('/data', join(folder, 'link'))).toBe(databaseFile('/data', join(folder, 'shop', '.')))
  })

  test('is another for another project', () => {
    mkdirSync(join(folder, 'a'))
    mkdirSync(join(folder, 'b'))
    expect(databaseFile('/data', join(folder, 'a'))).not.toBe(databaseFile('/data', join(folder, 'b')))
  })

  test('has a name that tells nothing about the project', () => {
    expect(databaseFile('/data', folder)).toMatch(/^\/data\/projects\/[0-9a-f]{16}\.sqlite$/)
  })
})

describe.skipIf(process.platform === 'win32')('the runtime folder', () => {
  // A platform without the /run/user/UID that Linux has, so that the machine of the test does not matter.
  const around = (change: Partial<Surroundings> = {}): Surroundings => ({
    ...surroundings(),
    platform: 'freebsd',
    environment: {},
    temporary: folder,
    ...change,
  })

  test('lies in the runtime folder of the session and is closed to others', () => {
    chmodSync(folder, 0o700)
    const made = runtimeFolder(around({ environment: { XDG_RUNTIME_DIR: folder } }))
    expect(made).toEqual({ ok: true, value: join(folder, 'slipstream') })
    expect(statSync(join(folder, 'slipstream')).mode & 0o777).toBe(0o700)
  })

  test('a session folder that others can enter is not used', () => {
    const session = join(folder, 'session')
    mkdirSync(session)
    chmodSync(session, 0o755)
    const { user } = surroundings()
    expect(runtimeFolder(around({ environment: { XDG_RUNTIME_DIR: session } }))).toEqual({
      ok: true,
      value: join(folder, `slipstream-${user}`),
    })
  })

  test('without a session it lies among the temporary files under the number of the user', () => {
    const { user } = surroundings()
    const first = runtimeFolder(around())
    expect(first).toEqual({ ok: true, value: join(folder, `slipstream-${user}`) })
    expect(runtimeFolder(around())).toEqual(first)
  })

  const place = () => join(folder, `slipstream-${surroundings().user}`)

  test.each([
    [
      'a folder that is open to others',
      'is open to other users',
      () => (mkdirSync(place()), chmodSync(place(), 0o755)),
    ],
    [
      'a link to a folder',
      'is not a folder',
      () => (mkdirSync(join(folder, 'elsewhere'), 0o700), symlinkSync(join(folder, 'elsewhere'), place())),
    ],
    ['a file', 'is not a folder', () => writeFileSync(place(), '')],
  ])('%s that stands there already is refused', (_, why, prepare) => {
    prepare()
    expect(runtimeFolder(around())).toMatchObject({
      ok: false,
      failure: { code: 'unsafe', message: expect.stringContaining(why) },
    })
  })

  test('a folder of another user is refused', () => {
    const stranger = surroundings().user + 1
    mkdirSync(join(folder, `slipstream-${stranger}`), 0o700)
    expect(runtimeFolder(around({ user: stranger }))).toMatchObject({
      ok: false,
      failure: { code: 'unsafe', message: expect.stringContaining('belongs to another user') },
    })
  })

  test('where nothing can be made the outcome is a failure', () => {
    expect(runtimeFolder(around({ temporary: join(folder, 'missing') }))).toMatchObject({
      ok: false,
      failure: { code: 'io' },
    })
  })
})
