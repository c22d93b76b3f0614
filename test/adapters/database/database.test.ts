// The database: migration from step to step, and housekeeping.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MIGRATIONS, openDatabase, type Database } from '../../../main/adapters/database/database.ts'

const options = { busyMs: 100, maxBytes: 100_000_000 }
let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipstream-database-'))
  file = join(folder, 'one.sqlite')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(migrations: readonly string[] = MIGRATIONS): Database {
  const database = openDatabase(file, options, migrations)
  if (!database.ok) throw new Error(database.failure.message)
  return database.value
}

function versionOf(path: string): unknown {
  const connection = new DatabaseSync(path)
  const version = connection.prepare('PRAGMA user_version').get()?.['user_version']
  connection.close()
  return version
}

test('a database of an older version is led forward and keeps its rows', () => {
  const old = open()
  old.commit([[{ type: 'put', table: 'meta', key: 'key', json: '1' }]])
  old.close()
  const now = open([...MIGRATIONS, `UPDATE item SET json = json || '0'`])
  expect(now.rows('meta')).toEqual([['key', '10']])
  expect(now.notice).toBeNull()
  now.close()
  expect(versionOf(file)).toBe(MIGRATIONS.length + 1)
})

test('each step runs once', () => {
  const steps = [...MIGRATIONS, `INSERT INTO item (kind, key, json) VALUES ('meta', 'step', '1')`]
  open(steps).close()
  open(steps).close()
  const database = open(steps)
  expect(database.rows('meta')).toEqual([['step', '1']])
  database.close()
})

test('housekeeping gives the space of dropped blobs back to the disk, a piece at a time', () => {
  const database = open()
  const large = 'x'.repeat(1_000_000)
  database.commit([
    Array.from({ length: 20 }, (_, index) => ({ type: 'blob', hash: `${index}`, text: large }) as const),
  ])
  while (database.tidy());
  const before = statSync(file).size
  database.commit([[{ type: 'keepBlobs', hashes: [] }]])
  let pieces = 1
  while (database.tidy()) pieces += 1
  database.close()
  expect(before).toBeGreaterThan(20_000_000)
  expect(statSync(file).size).toBeLessThan(before / 2)
  expect(pieces).toBeGreaterThan(1)
})

test('housekeeping moves the log into the file', () => {
  const database = open()
  database.commit([[{ type: 'blob', hash: 'a', text: 'x'.repeat(100_000) }]])
  expect(statSync(file).size).toBeLessThan(100_000)
  database.tidy()
  expect(statSync(file).size).toBeGreaterThan(100_000)
  database.close()
})
