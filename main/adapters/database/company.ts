// Who else has the database open, so that no session drops what another may still need.
import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { errorCode } from '../files/errno.ts'

export interface Company {
  /** Within a commit's transaction: makes this session known to the others. */
  enter(): void
  /** That transaction stands. */
  entered(): void
  /** Within a transaction: nobody else has the database open or has written to it since this session opened it. */
  alone(): boolean
  leave(): void
}

/**
 * Which sessions share the database. One session knows only the blobs that its own rows name, and those of the rows that it
 * read at the start; so blobs may be dropped only by a session that was alone from its start on, else by the next that is.
 * `data_version` changes exactly when another connection commits (https://sqlite.org/pragma.html#pragma_data_version).
 */
export function openCompany(connection: DatabaseSync): Company {
  const id = randomUUID()
  const version = connection.prepare('PRAGMA data_version')
  const others = connection.prepare('SELECT id, process FROM session WHERE id <> ?')
  const insert = connection.prepare('INSERT INTO session (id, process) VALUES (?, ?)')
  const remove = connection.prepare('DELETE FROM session WHERE id = ?')
  const atStart = Number(version.get()?.['data_version'])
  let known = false
  return {
    enter() {
      if (known) return
      for (const other of others.all(id)) if (!isRunning(Number(other['process']))) remove.run(String(other['id']))
      insert.run(id, process.pid)
    },
    entered() {
      known = true
    },
    alone: () => Number(version.get()?.['data_version']) === atStart && others.get(id) === undefined,
    leave() {
      if (!known) return
      try {
        remove.run(id)
      } catch {
        // A full or busy disk: the next session sees that this process is gone.
      }
    },
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
