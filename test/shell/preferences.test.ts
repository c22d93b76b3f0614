// What is kept about the window: a malformed file costs its malformed parts, and the last word is what stands there.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_PREFERENCES, defaultInterrupt, openPreferences } from '../../main/shell/preferences.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipstream-preferences-'))
  file = join(folder, 'desktop.json')
})
afterEach(() => rm(folder, { recursive: true }))

test('the chord that stops is not the one of the task manager on Windows', () => {
  expect(defaultInterrupt('win32')).toBe('Control+Alt+Backspace')
  expect(defaultInterrupt('linux')).toBe('CommandOrControl+Shift+Escape')
})

test('without a file everything has its default, and that is no fault', () => {
  const preferences = openPreferences(file)
  expect(preferences.current()).toEqual({ preferences: DEFAULT_PREFERENCES, places: {}, projects: [] })
  expect(preferences.fault()).toBeNull()
})

test('what is kept is there in the next run, for this user alone', async () => {
  const first = openPreferences(file)
  first.keep({ preferences: { ...DEFAULT_PREFERENCES, side: 'left' } })
  first.keep({ places: { 7: { x: -5, y: 0, width: 400, height: 900 } }, projects: ['/shop'] })
  await first.flush()
  expect(openPreferences(file).current()).toEqual(first.current())
  expect((await stat(file)).mode & 0o077).toBe(0)
})

test.each(['', 'no JSON', '{'])('%o instead of JSON is one line, and the defaults', async (text) => {
  await writeFile(file, text)
  const preferences = openPreferences(file)
  expect(preferences.current().preferences).toEqual(DEFAULT_PREFERENCES)
  expect(preferences.fault()).toMatch(/^[^\n]*desktop\.json is not JSON[^\n]*$/)
})

test('a malformed part has its default, and the others stay', async () => {
  const places = { 1: { x: 0, y: 0, width: 0, height: 9 }, 2: { x: 1, y: 2, width: 3, height: 4 } }
  await writeFile(file, JSON.stringify({ preferences: { side: 'top', compact: true, hotkeys: { toggle: 4 } }, places }))
  const preferences = openPreferences(file)
  expect(preferences.current()).toEqual({
    preferences: { ...DEFAULT_PREFERENCES, compact: true },
    places: { 2: { x: 1, y: 2, width: 3, height: 4 } },
    projects: [],
  })
  expect(preferences.fault()).toContain('"side" is malformed')
  expect(preferences.fault()).toContain('"toggle" is malformed')
})

test('no default is a bare key, and no update is looked for unasked', () => {
  for (const chord of Object.values(DEFAULT_PREFERENCES.hotkeys)) expect(chord).toContain('CommandOrControl+')
  expect(DEFAULT_PREFERENCES.updates).toBe('off')
})

test('a file that cannot be written is told, and what was chosen holds for this run', async () => {
  await writeFile(join(folder, 'in-the-way'), '')
  const preferences = openPreferences(join(folder, 'in-the-way', 'desktop.json'))
  preferences.keep({ preferences: { ...DEFAULT_PREFERENCES, side: 'left' } })
  await preferences.flush()
  expect(preferences.current().preferences.side).toBe('left')
  expect(preferences.fault()).toContain('cannot be written')
})

test('the last of several changes is what stands in the file', async () => {
  const preferences = openPreferences(file)
  for (let count = 1; count <= 20; count += 1) preferences.keep({ projects: [`/${count}`] })
  await preferences.flush()
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ projects: ['/20'] })
})
