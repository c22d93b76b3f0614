// The project's database on node:sqlite: opening, migrating and moving aside, rows, blobs, and commits in groups. Blocks: runs in the store's worker.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Result } from '../../../preload/contract.ts'
import type { StoreTable } from '../../core/ports.ts'
import { openCompany } from './company.ts'
import { Damage, failureOf, isBusy, isDamage, Newer } from './failure.ts'

/** The operations of the Store port, with the values of rows as JSON already. */
export type DatabaseOperation =
  | { readonly type: 'put'; readonly table: StoreTable; readonly key: string; readonly json: string }
  | { readonly type: 'delete'; readonly table: StoreTable; readonly key: string }
  | { readonly type: 'blob'; readonly hash: string; readonly text: string }
  | { readonly type: 'keepBlobs'; readonly hashes: readonly string[] }

export interface DatabaseOptions {
  /** How long to wait for another process that writes; ms. */
  readonly busyMs: number
  /** Above this size commits fail with `full`; bytes. */
  readonly maxBytes: number
}

export interface Database {
  /** One line for people about what had to be done to open it, or null. */
  readonly notice: string | null
  /** Key and JSON of each row, in the order in which the keys came first. Throws when the disk does not give them. */
  rows(table: StoreTable): readonly (readonly [key: string, json: string])[]
  blob(hash: string): string | null
  /**
   * Each commit is atomic, all in their order; one transaction and one fsync where nothing fails. Failures: `full`, `busy`,
   * `denied`, `corrupt`, `io`; the commits that failed have changed nothing, and later ones work as soon as the disk does.
   */
  commit(commits: readonly (readonly DatabaseOperation[])[]): readonly Result<null>[]
  /** A bounded piece of housekeeping for idle moments: moves the log into the file and gives free pages back. True: there is more. */
  tidy(): boolean
  close(): void
}

/** Step n leads from user_version n to n + 1. Never change one that was released: add another. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE item (
     kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL,
     PRIMARY KEY (kind, key)
   ) STRICT;
   CREATE TABLE blob (hash TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
   CREATE TABLE session (id TEXT PRIMARY KEY, process INTEGER NOT NULL) STRICT;`,
]

const PAGE_BYTES = 4096
/** Free pages are given back a piece at a time, once there are enough of them to matter (8 MB). */
const VACUUM_FROM_PAGES = 2048
const VACUUM_STEP_PAGES = 512

/**
 * Opens or begins the database; its folder becomes 0700 and its files 0600. A damaged or foreign file is moved aside
 * (`FILE.corrupt-TIME`) and a new one begun, which `notice` tells. Failures: `newer` (written by a later version of this
 * program: left as it is), `full`, `busy`, `denied`, `io`.
 */
export function openDatabase(
  file: string,
  options: DatabaseOptions,
  migrations: readonly string[] = MIGRATIONS,
): Result<Database> {
  let inode: number | null = null
  try {
    prepareFile(file)
    inode = statSync(file).ino
    return connect(file, options, migrations, null)
  } catch (error) {
    if (inode === null || !isDamage(error)) return { ok: false, failure: failureOf(error, file) }
    try {
      const aside = moveAside(file, inode)
      prepareFile(file)
      return connect(file, options, migrations, aside)
    } catch (second) {
      return { ok: false, failure: failureOf(second, file) }
    }
  }
}

/** SQLite gives its -wal and -shm files the mode of the file itself, so that one has to exist first. */
function prepareFile(file: string): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  for (const [path, mode] of [
    [folder, 0o700],
    [file, 0o600],
    [`${file}-wal`, 0o600],
    [`${file}-shm`, 0o600],
  ] as const) {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat !== undefined && (stat.mode & 0o777) !== mode) chmodSync(path, mode)
  }
}

/** Returns the notice. Another process may have been faster: then its new file stands here, and stays. */
function moveAside(file: string, inode: number): string {
  const aside = `${file}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  if (statSync(file, { throwIfNoEntry: false })?.ino === inode) {
    renameSync(file, aside)
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
    }
    rmSync(suspectMark(file), { force: true })
  }
  return `the database was damaged: it was moved to ${aside}, and a new one begun`
}

/** Left behind when a statement met damage, so that the next start looks at everything. */
function suspectMark(file: string): string {
  return `${file}.suspect`
}

function connect(
  file: string,
  options: DatabaseOptions,
  migrations: readonly string[],
  notice: string | null,
): Result<Database> {
  // A log that is still there means that the last session did not close, or that another one is open.
  const unclean = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0 || existsSync(suspectMark(file))
  const connection = new DatabaseSync(file, { timeout: options.busyMs })
  try {
    // Must come before the first table; SQLite ignores it afterwards.
    connection.exec('PRAGMA auto_vacuum = INCREMENTAL')
    whileBusy(options.busyMs, () => connection.exec('PRAGMA journal_mode = WAL'))
    connection.exec(
      `PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1;
       PRAGMA journal_size_limit = 4194304; PRAGMA max_page_count = ${Math.ceil(options.maxBytes / PAGE_BYTES)};`,
    )
    if (unclean) check(connection)
    migrate(connection, migrations)
    // Reads every page of the rows, which are wanted next anyway: damage there shows now and not in the middle of the work.
    connection.prepare('SELECT count(*), sum(length(json)) FROM item').get()
    if (unclean) rmSync(suspectMark(file), { force: true })
    return { ok: true, value: operate(file, connection, notice) }
  } catch (error) {
    connection.close()
    throw error
  }
}

function check(connection: DatabaseSync): void {
  const found = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (found !== 'ok') throw new Damage(String(found))
}

/** Changing the journal mode does not wait by itself while another process does the same. */
function whileBusy(busyMs: number, run: () => void): void {
  const pause = 20
  for (let waited = 0; ; waited += pause) {
    try {
      run()
      return
    } catch (error) {
      if (!isBusy(error) || waited >= busyMs) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
}

function migrate(connection: DatabaseSync, migrations: readonly string[]): void {
  if (versionOf(connection) === migrations.length) return
  transaction(connection, () => {
    // Read again: another process may have done it while this one waited.
    const version = versionOf(connection)
    if (version > migrations.length) throw new Newer()
    for (const step of migrations.slice(version)) connection.exec(step)
    connection.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

function versionOf(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version'])
}

function transaction(connection: DatabaseSync, run: () => void): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    run()
    connection.exec('COMMIT')
  } catch (error) {
    // After some errors, a full disk among them, SQLite has rolled back by itself.
    if (connection.isTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

function operate(file: string, connection: DatabaseSync, notice: string | null): Database {
  const rows = connection.prepare('SELECT key, json FROM item WHERE kind = ? ORDER BY rowid')
  const blob = connection.prepare('SELECT json FROM blob WHERE hash = ?')
  const put = connection.prepare(
    'INSERT INTO item (kind, key, json) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
  )
  const remove = connection.prepare('DELETE FROM item WHERE kind = ? AND key = ?')
  // The hash names the text: what stands there already is the same.
  const putBlob = connection.prepare('INSERT INTO blob (hash, json) VALUES (?, ?) ON CONFLICT DO NOTHING')
  // Baselines are too many to be listed: 50,000 hashes would hold up the asker for 25 ms.
  const keepBlobs = connection.prepare(`
    DELETE FROM blob WHERE hash NOT IN (SELECT value FROM json_each(?)) AND hash NOT IN (
      SELECT json_extract(json, '$.hash') FROM item WHERE kind = 'baseline' AND json_extract(json, '$.hash') IS NOT NULL
    )`)
  const company = openCompany(connection)

  function apply(operation: DatabaseOperation): void {
    switch (operation.type) {
      case 'put':
        put.run(operation.table, operation.key, operation.json)
        break
      case 'delete':
        remove.run(operation.table, operation.key)
        break
      case 'blob':
        // As JSON, which keeps what SQLite's UTF-8 would not: lone surrogates.
        putBlob.run(operation.hash, JSON.stringify(operation.text))
        break
      case 'keepBlobs':
        if (company.alone()) keepBlobs.run(JSON.stringify(operation.hashes))
        break
      default:
        operation satisfies never
    }
  }

  function attempt(commits: readonly (readonly DatabaseOperation[])[]): Result<null> {
    try {
      transaction(connection, () => {
        company.enter()
        for (const operations of commits) for (const operation of operations) apply(operation)
      })
      company.entered()
      return { ok: true, value: null }
    } catch (error) {
      return { ok: false, failure: failureOf(guarded(error), file) }
    }
  }

  function guarded(error: unknown): unknown {
    if (isDamage(error)) writeFileSync(suspectMark(file), '', { mode: 0o600 })
    return error
  }

  function read<T>(query: () => T): T {
    try {
      return query()
    } catch (error) {
      throw guarded(error)
    }
  }

  return {
    notice,
    rows: (table) => read(() => rows.all(table).map((row) => [String(row['key']), String(row['json'])])),
    blob(hash) {
      const row = read(() => blob.get(hash))
      return row === undefined ? null : JSON.parse(String(row['json']))
    },
    commit(commits) {
      const together = attempt(commits)
      // What failed as a group is tried one by one, so that no commit fails for another's sake.
      if (together.ok || commits.length === 1) return commits.map(() => together)
      return commits.map((operations) => attempt([operations]))
    },
    tidy() {
      try {
        const free = Number(connection.prepare('PRAGMA freelist_count').get()?.['freelist_count'])
        if (free >= VACUUM_FROM_PAGES) connection.exec(`PRAGMA incremental_vacuum(${VACUUM_STEP_PAGES})`)
        // PASSIVE waits for nobody.
        connection.exec('PRAGMA wal_checkpoint(PASSIVE)')
        return free - VACUUM_STEP_PAGES >= VACUUM_FROM_PAGES
      } catch {
        // A disk that is busy or full now: the next idle moment tries again.
        return false
      }
    },
    close() {
      company.leave()
      connection.close()
    },
  }
}
