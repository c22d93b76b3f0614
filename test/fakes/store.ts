// The store in memory; handing the same one to a second session is a restart.
import type { Store, StoreOperation } from '../../main/core/ports.ts'

export interface FakeStore extends Store {
  readonly tables: Map<string, Map<string, unknown>>
  readonly blobs: Map<string, string>
  failure: { code: string; message: string } | null
}

export function createFakeStore(): FakeStore {
  const tables = new Map<string, Map<string, unknown>>()
  const blobs = new Map<string, string>()
  const table = (name: string): Map<string, unknown> => {
    const known = tables.get(name) ?? new Map<string, unknown>()
    tables.set(name, known)
    return known
  }
  const run = (operation: StoreOperation): void => {
    if (operation.type === 'put') table(operation.table).set(operation.key, structuredClone(operation.value))
    else if (operation.type === 'delete') table(operation.table).delete(operation.key)
    else if (operation.type === 'blob') blobs.set(operation.hash, operation.text)
    else {
      const kept = new Set([...operation.hashes, ...[...table('baseline').values()].map(hashIn)])
      for (const hash of blobs.keys()) if (!kept.has(hash)) blobs.delete(hash)
    }
  }
  const fake: FakeStore = {
    tables,
    blobs,
    failure: null,
    rows: async (name) => new Map(table(name)),
    blob: async (hash) => blobs.get(hash) ?? null,
    async commit(operations) {
      if (fake.failure !== null) return { ok: false, failure: fake.failure }
      for (const operation of operations) run(operation)
      return { ok: true, value: null }
    },
  }
  return fake
}

/** Of a row; empty when it names none. */
function hashIn(row: unknown): string {
  return typeof row === 'object' && row !== null && 'hash' in row ? String(row.hash) : ''
}
