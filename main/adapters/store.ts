// The Store port: a project's rows and blobs in a database that its own worker thread writes and syncs.
import type { Failure, Result } from '../../preload/contract.ts'
import type { Store, StoreOperation } from '../core/ports.ts'
import type { DatabaseOperation } from './database/database.ts'
import type { StorePlace, StoreQuestions } from './store-server.ts'
import { startThread } from './thread.ts'

export interface OpenStore extends Store {
  /** One line for people about what had to be done to open it (a damaged database was moved aside), or null. */
  readonly notice: string | null
  /** Waits for what was committed, closes the database, ends the worker. Calling it twice is harmless. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** How long to wait for another process that writes; ms. */
  readonly busyMs?: number
  /** Housekeeping begins after this pause in the commits; ms. */
  readonly idleMs?: number
  /** Above this size commits fail with `full`; bytes. */
  readonly maxBytes?: number
}

/** Taken in within two milliseconds; all rows of a large project at once would hold up the streaming thread for a hundred. */
const PAGE_ROWS = 1_000
const NO_ROWS = '[]'

/**
 * Opens or begins the database `file`, whose folder it makes (0700; the files are 0600). Two processes may have it open.
 *
 * `commit` resolves when its operations are durable; its failures are `full`, `busy`, `denied`, `corrupt`, `io`, `crashed`
 * and `closed`; the store goes on working after each but the last. Values become JSON before the call returns: a later
 * change to them is not seen. `rows` and `blob` see every commit that was asked for before; they reject when the disk does
 * not give what it holds. `keepBlobs` does nothing in a session that shares, or has shared, the database with another.
 *
 * Failures of opening: `newer` (the file is of a later version), `full`, `busy`, `denied`, `io`, `crashed`.
 */
export async function openStore(file: string, options: StoreOptions = {}): Promise<Result<OpenStore>> {
  const place: StorePlace = {
    file,
    busyMs: options.busyMs ?? 5_000,
    idleMs: options.idleMs ?? 1_000,
    maxBytes: options.maxBytes ?? 1024 ** 3,
  }
  const thread = startThread<StoreQuestions>({ role: 'store', data: place }, { youngMegabytes: 12 })
  const opened = await thread.ask('open', null).catch(crashed)
  if (!opened.ok) {
    await thread.close()
    return opened
  }
  let closing: Promise<void> | null = null
  let readers = 0

  async function close(): Promise<void> {
    // A worker that died has nothing left to close.
    await thread.ask('close', null).catch(() => null)
    await thread.close()
  }

  return {
    ok: true,
    value: {
      notice: opened.value.notice,
      async rows(table) {
        readers += 1
        const asked = { table, reader: readers, most: PAGE_ROWS }
        const rows = new Map<string, unknown>()
        let next = thread.ask('rows', { ...asked, from: 0 })
        for (let from = 0; ; from += PAGE_ROWS) {
          const text = await next
          if (text === NO_ROWS) return rows
          // The thread reads on while this page is taken in.
          next = thread.ask('rows', { ...asked, from: from + PAGE_ROWS })
          const page: readonly (readonly [string, unknown])[] = JSON.parse(text)
          for (const [key, value] of page) rows.set(key, value)
        }
      },
      blob: (hash) => thread.ask('blob', hash),
      async commit(operations) {
        if (closing !== null) return { ok: false, failure: { code: 'closed', message: 'the store is closed' } }
        return thread.ask('commit', operations.map(encode)).catch(crashed)
      },
      close() {
        closing ??= close()
        return closing
      },
    },
  }
}

/** Rows cross as JSON text: one pass over the value here, and a plain copy of a string to the worker. */
function encode(operation: StoreOperation): DatabaseOperation {
  if (operation.type !== 'put') return operation
  const json: string | undefined = JSON.stringify(operation.value)
  if (json === undefined) throw new TypeError(`the row ${operation.table}/${operation.key} has no value`)
  return { type: 'put', table: operation.table, key: operation.key, json }
}

function crashed(error: unknown): { readonly ok: false; readonly failure: Failure } {
  const message = error instanceof Error ? error.message : String(error)
  return { ok: false, failure: { code: 'crashed', message: `the store's worker failed: ${message}` } }
}
