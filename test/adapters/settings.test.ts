// Settings: what people write by hand is respected, kept, and complained about in one line.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSettings, DEFAULT_SETTINGS, resolveSettings, settingsToStore } from '../../main/adapters/settings.ts'
import type { SettingsView } from '../../preload/contract.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipstream-settings-'))
  file = join(folder, 'settings.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const arbitrarySettings: fc.Arbitrary<SettingsView> = fc.record({
  provider: fc.constantFrom('auto', 'openai', 'compatible', 'local'),
  baseUrl: fc.oneof(fc.constant(''), fc.webUrl()),
  model: fc.string(),
  deepModel: fc.string(),
  excludes: fc.array(fc.string()),
  maxFileBytes: fc.integer({ min: 1, max: 1_000_000_000 }),
  hourlyTokens: fc.integer({ min: 0, max: 1_000_000_000 }),
  editor: fc.string(),
})

describe('loading', () => {
  test('no file means the defaults, and is no fault', () => {
    expect(createSettings(file).load()).toEqual({ settings: DEFAULT_SETTINGS, fault: null })
  })

  test('a file needs to hold only what differs from the defaults', () => {
    writeFileSync(file, '\uFEFF{ "model": "mine" }')
    expect(createSettings(file).load()).toEqual({ settings: { ...DEFAULT_SETTINGS, model: 'mine' }, fault: null })
  })

  test('a file that is not JSON gives the defaults and one line that names file and place', () => {
    writeFileSync(file, '{\n  "model": "mine",\n  oops\n}')
    const { settings, fault } = createSettings(file).load()
    expect(settings).toEqual(DEFAULT_SETTINGS)
    expect(fault).toContain(file)
    expect(fault).toContain('line 3')
    expect(fault).not.toContain('\n')
  })

  test.each([
    ['provider', 'chatbot'],
    ['baseUrl', 'ftp://example.org'],
    ['baseUrl', 'localhost:8080'],
    ['model', 7],
    ['deepModel', null],
    ['excludes', 'dist'],
    ['excludes', [1]],
    ['maxFileBytes', '1 MB'],
    ['maxFileBytes', 0.5],
    ['maxFileBytes', 0],
    ['hourlyTokens', -1],
    ['editor', 3],
  ])('a %s of %j is named, and only it has its default', (key, value) => {
    const good = {
      provider: 'local',
      baseUrl: 'http://localhost:1',
      model: 'm',
      deepModel: 'd',
      excludes: ['e'],
      maxFileBytes: 9,
      hourlyTokens: 7,
      editor: 'vi {file}',
    }
    writeFileSync(file, JSON.stringify({ ...good, [key]: value }))
    const { settings, fault } = createSettings(file).load()
    expect(settings).toEqual({ ...good, [key]: new Map(Object.entries(DEFAULT_SETTINGS)).get(key) })
    expect(fault).toContain(`${file}: "${key}" must be`)
  })

  test('a list where the object should be is a fault', () => {
    writeFileSync(file, '[]')
    expect(createSettings(file).load().fault).toContain('not a JSON object')
  })

  test('a file that cannot be read is a fault', () => {
    mkdirSync(file)
    expect(createSettings(file).load()).toEqual({ settings: DEFAULT_SETTINGS, fault: expect.stringContaining(file) })
  })
})

describe('saving', () => {
  test('any settings are loaded as they were saved', async () => {
    const settings = createSettings(file)
    await fc.assert(
      fc.asyncProperty(arbitrarySettings, async (value) => {
        expect(await settings.save(value)).toEqual({ ok: true, value: null })
        expect(settings.load()).toEqual({ settings: value, fault: null })
      }),
      { numRuns: 40 },
    )
  })

  test('keys of another version stay, in their places', async () => {
    writeFileSync(file, '{ "theme": "dark", "model": "old", "later": { "a": [1] } }')
    await createSettings(file).save({ ...DEFAULT_SETTINGS, model: 'new', provider: 'local' })
    expect(Object.entries(JSON.parse(readFileSync(file, 'utf8')))).toEqual([
      ['theme', 'dark'],
      ['model', 'new'],
      ['later', { a: [1] }],
      ['provider', 'local'],
    ])
  })

  test('defaults are not written down, unless they stand there already', async () => {
    writeFileSync(file, '{ "model": "old" }')
    await createSettings(file).save(DEFAULT_SETTINGS)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ model: '' })
  })

  test('each malformed file is kept beside the new one', async () => {
    const settings = createSettings(file)
    for (const text of ['{ "model": oops }', '{ "model": 3 }']) {
      writeFileSync(file, text)
      await settings.save({ ...DEFAULT_SETTINGS, model: 'new' })
      expect(settings.load()).toEqual({ settings: { ...DEFAULT_SETTINGS, model: 'new' }, fault: null })
    }
    expect(readFileSync(`${file}.bad`, 'utf8')).toBe('{ "model": oops }')
    expect(readFileSync(`${file}.bad-2`, 'utf8')).toBe('{ "model": 3 }')
  })

  test('the file is closed to others, and nothing is left beside it', async () => {
    await createSettings(file).save(DEFAULT_SETTINGS)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['settings.json'])
  })

  test('a symbolic link stays one', async () => {
    writeFileSync(join(folder, 'real.json'), '{}')
    symlinkSync(join(folder, 'real.json'), file)
    await createSettings(file).save({ ...DEFAULT_SETTINGS, model: 'new' })
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'real.json'), 'utf8'))).toEqual({ model: 'new' })
  })

  test('of saves at the same time the last one stands', async () => {
    const settings = createSettings(file)
    await Promise.all(['a', 'b', 'c'].map((model) => settings.save({ ...DEFAULT_SETTINGS, model })))
    expect(settings.load().settings.model).toBe('c')
  })

  test('where it cannot be written the outcome is a failure that names the file', async () => {
    writeFileSync(join(folder, 'plain'), '')
    const blocked = join(folder, 'plain', 'settings.json')
    const outcome = await createSettings(blocked).save(DEFAULT_SETTINGS)
    expect(outcome).toMatchObject({ ok: false, failure: { message: expect.stringContaining(blocked) } })
  })
})

describe('resolving', () => {
  const stored: SettingsView = {
    ...DEFAULT_SETTINGS,
    provider: 'local',
    baseUrl: 'http://stored',
    model: 's',
    deepModel: 'sd',
  }
  const nothing = { provider: null, baseUrl: null, model: null, deepModel: null }

  test('the command line wins over what is stored', () => {
    const options = { provider: 'compatible', baseUrl: 'http://line', model: 'l', deepModel: 'ld' } as const
    expect(resolveSettings(stored, options, {}).settings).toEqual({ ...stored, ...options })
  })

  test('what the command line leaves out or leaves empty is as stored', () => {
    expect(resolveSettings(stored, nothing, {}).settings).toEqual(stored)
    expect(resolveSettings(stored, { ...nothing, baseUrl: '', model: ' ', deepModel: '' }, {}).settings).toEqual(stored)
  })

  test('key and address of the environment are taken, trimmed', () => {
    const environment = { OPENAI_API_KEY: 'key\n', OPENAI_BASE_URL: ' http://env ' }
    expect(resolveSettings(stored, nothing, environment).environment).toEqual({ apiKey: 'key', baseUrl: 'http://env' })
  })

  test('empty values of the environment count as unset', () => {
    const environment = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '  ' }
    expect(resolveSettings(stored, nothing, environment).environment).toEqual({ apiKey: null, baseUrl: null })
  })

  test.each([
    ['openai', true],
    ['compatible', true],
    ['auto', false],
    ['local', false],
    [null, false],
  ] as const)('--provider %s is consent: %s', (provider, explicit) => {
    expect(resolveSettings(stored, { ...nothing, provider }, {}).explicitProvider).toBe(explicit)
  })

  test('what only the command line said is not stored when a person edits something else', () => {
    const shown = resolveSettings(stored, { ...nothing, model: 'for-this-run' }, {}).settings
    expect(settingsToStore(stored, shown, { ...shown, excludes: ['dist'] })).toEqual({ ...stored, excludes: ['dist'] })
  })

  test('what a person edits is stored, whatever the command line said', () => {
    const shown = resolveSettings(stored, { ...nothing, model: 'for-this-run' }, {}).settings
    expect(settingsToStore(stored, shown, { ...shown, model: 'mine' })).toEqual({ ...stored, model: 'mine' })
  })
})
