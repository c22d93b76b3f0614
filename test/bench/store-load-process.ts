// A slow disk for the engine's store, imitated: another process that holds the database's write lock and makes it checkpoint.
import { DatabaseSync } from 'node:sqlite'
import { serveHelper } from './helper.ts'

export interface StoreLoadQuestions {
  /** Begins on this database, unless it has begun. */
  readonly begin: { readonly input: string; readonly output: null }
  readonly end: { readonly input: null; readonly output: null }
}

/** A commit of the engine that meets the lock waits for up to so long, as on a disk that takes its time. */
const HELD_MS = 150
const FREE_MS = 30
/** What each commit writes, so that a checkpoint has something to carry over. */
const PAGES = Buffer.alloc(2 * 1024 * 1024, 'slow disk ')

let database: DatabaseSync | null = null
let timer: ReturnType<typeof setTimeout> | undefined

function hold(): void {
  database?.exec('BEGIN IMMEDIATE')
  database?.prepare('INSERT OR REPLACE INTO bench_load (id, pages) VALUES (1, ?)').run(PAGES)
  timer = setTimeout(() => {
    database?.exec('COMMIT')
    database?.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    timer = setTimeout(hold, FREE_MS)
  }, HELD_MS)
}

serveHelper<StoreLoadQuestions, never>({
  begin(file) {
    if (timer !== undefined) return null
    database ??= new DatabaseSync(file)
    database.exec(
      'PRAGMA busy_timeout = 5000; CREATE TABLE IF NOT EXISTS bench_load (id INTEGER PRIMARY KEY, pages BLOB)',
    )
    hold()
    return null
  },
  end() {
    clearTimeout(timer)
    timer = undefined
    if (database?.isTransaction === true) database.exec('COMMIT')
    return null
  },
})
