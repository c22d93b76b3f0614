// The store's worker end: answers its questions on the database, and commits in one transaction whatever has queued up meanwhile.
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads'
import type { Result } from '../../preload/contract.ts'
import type { StoreTable } from '../core/ports.ts'
import { openDatabase, type Database, type DatabaseOperation, type DatabaseOptions } from './database/database.ts'
import { createInbox, type Parcel } from './parcels.ts'
import { reply, type Question } from './thread.ts'

/** Where the database lies, and how it is kept. */
export interface StorePlace extends DatabaseOptions {
  readonly file: string
  /** Housekeeping begins after this pause in the commits; ms. */
  readonly idleMs: number
}

/** What the store's worker can be asked. */
export interface StoreQuestions {
  readonly open: { readonly input: null; readonly output: Result<{ readonly notice: string | null }> }
  /**
   * A page of the rows as they stood at the first page's question: those behind the first `from`, at most so many; none behind
   * the last one. JSON of keys and values in pairs: one text crosses in a tenth of the time that a thousand pairs take.
   */
  readonly rows: {
    readonly input: {
      readonly table: StoreTable
      /** Tells those apart who read at the same time. */
      readonly reader: number
      readonly from: number
      readonly most: number
    }
    readonly output: string
  }
  readonly blob: { readonly input: string; readonly output: string | null }
  readonly commit: { readonly input: readonly DatabaseOperation[]; readonly output: Result<null> }
  readonly close: { readonly input: null; readonly output: null }
}

type StoreQuestion = Question<StoreQuestions>
type Commit = Extract<StoreQuestion, { readonly name: 'commit' }>

/** A group is bounded, so that the first of many commits does not wait for the fsync of all. */
const GROUP_COMMITS = 256

export function isStorePlace(value: unknown): value is StorePlace {
  return typeof value === 'object' && value !== null && 'file' in value && 'idleMs' in value
}

/** Opens the database and serves it until `close`. Reads see every commit that was asked for before them. */
export function serveStore(port: MessagePort, place: StorePlace): void {
  const opened = openDatabase(place.file, place)
  let idle: NodeJS.Timeout | null = null
  const reading = new Map<number, ReturnType<Database['rows']>>()

  /** Throws when the database could not be opened: the store's own end asks for nothing then. */
  function database(): Database {
    if (!opened.ok) throw new Error(opened.failure.message)
    return opened.value
  }

  function commit(group: readonly Commit[]): void {
    if (group.length === 0) return
    const outcomes = opened.ok ? opened.value.commit(group.map((question) => question.input)) : group.map(() => opened)
    for (const [index, question] of group.entries()) reply(port, question.id, () => outcomes[index])
    rest()
  }

  function rest(): void {
    if (idle !== null) clearTimeout(idle)
    idle = setTimeout(() => {
      if (opened.ok && opened.value.tidy()) rest()
    }, place.idleMs)
  }

  function answer(question: Exclude<StoreQuestion, Commit>): unknown {
    switch (question.name) {
      case 'open':
        return opened.ok ? { ok: true, value: { notice: opened.value.notice } } : opened
      case 'rows':
        return pageOf(question.input)
      case 'blob':
        return database().blob(question.input)
      case 'close':
        if (idle !== null) clearTimeout(idle)
        if (opened.ok) opened.value.close()
        return null
      default:
        return question satisfies never
    }
  }

  function pageOf({ table, reader, from, most }: StoreQuestions['rows']['input']): string {
    const rows = from === 0 ? database().rows(table) : (reading.get(reader) ?? [])
    const end = from + most
    if (from < rows.length) reading.set(reader, rows)
    else reading.delete(reader)
    return `[${rows
      .slice(from, end)
      .map(([key, json]) => `[${JSON.stringify(key)},${json}]`)
      .join(',')}]`
  }

  const open = createInbox<StoreQuestion>()

  function received(): Parcel<StoreQuestion> | undefined {
    const waiting: { readonly message: Parcel<StoreQuestion> } | undefined = receiveMessageOnPort(port)
    return waiting?.message
  }

  port.on('message', (first: Parcel<StoreQuestion>) => {
    let group: Commit[] = []
    for (let parcel: Parcel<StoreQuestion> | undefined = first; parcel !== undefined; parcel = received()) {
      const question = open(parcel)
      if (question === null) continue
      if (question.name === 'commit') {
        group.push(question)
        if (group.length < GROUP_COMMITS) continue
      }
      commit(group)
      group = []
      if (question.name !== 'commit') {
        const other = question
        reply(port, other.id, () => answer(other))
      }
    }
    commit(group)
  })
}
