// The review queue's memory: every suggestion with its transcript, who listens to it, and how it is kept.
import type { Edited, Prompt, Ports, StoreOperation } from '../ports.ts'
import type { About } from './memory.ts'
import { EXPLAINING_LINES } from './view.ts'
import { Transcript } from './transcript.ts'
import {
  isRunning,
  isUndecided,
  LATER_FIELDS,
  pendingHunks,
  reduce,
  type Hunk,
  type Suggestion,
  type SuggestionEvent,
} from '../review.ts'

/** A content that is kept as long as somebody refers to it. */
export interface Snapshot {
  readonly text: string
  readonly hash: string
}

/** What a suggestion needs besides what is shown: to go on with it, also after a restart. */
export interface Entry {
  suggestion: Suggestion
  /** Everything that was streamed, nudges as marked lines between the replies; append-only. */
  readonly transcript: Transcript
  /** Where the newest reply begins in the transcript. */
  replyFrom: number
  /** The last reply before that one which said anything: what a nudge spoke of, as long as nothing has come to it; not stored. */
  former: string
  /** The request as it was sent first; null until it is composed. */
  prompt: Prompt | null
  /** What was asked, so that the deep lane can be asked the same with more around it; not stored. */
  about: About | null
  /** The content that its replies are located in, by path: as it was when the request was made. */
  snapshots: Map<string, Snapshot>
  /** For the embedded engine; not stored. */
  change: Edited | null
  /** Monotonic ms of the end of its last run; null while it runs or has not run. */
  endedAt: number | null
  /** Monotonic ms at which text of it was last handed to a window. */
  shownAt: number | null
}

export interface QueueListener {
  suggestion(id: string): void
  removed(id: string): void
  text(id: string): void
  project(): void
}

/** As it is stored; the shape is checked when it is read back. */
interface StoredEntry {
  readonly version: 1
  readonly order: number
  readonly suggestion: Suggestion
  readonly transcript: string
  readonly replyFrom: number
  readonly prompt: Prompt | null
  readonly snapshots: readonly (readonly [path: string, hash: string])[]
}

const TRANSCRIPT_LIMIT = 256 * 1024
/** Decided suggestions beyond this many are dropped, oldest first; undecided ones never are. */
const KEEP = 60

export class Queue {
  readonly entries = new Map<string, Entry>()
  private readonly listeners = new Set<QueueListener>()
  private readonly dirty = new Set<string>()
  private readonly texts = new Map<string, string>()
  /** Hashes of texts that are in the store. */
  private readonly confirmed = new Set<string>()
  private unreferenced: ReadonlySet<string> = new Set()
  private flushing: Promise<void> = Promise.resolve()
  private scheduled = false
  private order = 0
  private readonly orders = new Map<string, number>()
  private readonly ports: Ports
  private readonly fault: (message: string | null) => void
  private readonly inHand: (id: string) => boolean

  /** `fault` is told what the store says when it refuses; `inHand`: what must not vanish under the cursor. */
  constructor(ports: Ports, fault: (message: string | null) => void, inHand: (id: string) => boolean) {
    this.ports = ports
    this.fault = fault
    this.inHand = inHand
  }

  listen(listener: QueueListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id)
  }

  /** Newest first. */
  newest(): readonly Entry[] {
    return [...this.entries.values()].reverse()
  }

  running(): readonly Entry[] {
    return this.newest().filter((entry) => isRunning(entry.suggestion))
  }

  /** An entry that nobody sees yet; see `insert`. */
  make(suggestion: Suggestion, snapshots: Map<string, Snapshot>): Entry {
    return {
      suggestion,
      transcript: new Transcript(),
      replyFrom: 0,
      former: '',
      prompt: null,
      about: null,
      snapshots,
      change: null,
      endedAt: null,
      shownAt: null,
    }
  }

  insert(entry: Entry): void {
    const { id } = entry.suggestion
    this.tidy()
    this.entries.set(id, entry)
    this.orders.set(id, (this.order += 1))
    this.touch(id)
  }

  dispatch(id: string, event: SuggestionEvent): Suggestion | undefined {
    const entry = this.entries.get(id)
    if (entry === undefined) return undefined
    const next = reduce(entry.suggestion, event)
    if (next === entry.suggestion) return next
    const ended = isRunning(entry.suggestion) && !isRunning(next)
    if (ended) entry.endedAt = this.ports.clock.now()
    if (isRunning(next)) entry.endedAt = null
    entry.suggestion = next
    // Prose comes line by line, maybe hundreds of them: what follows it, at the latest the end, is stored with it.
    if (event.type !== 'explained') this.touch(id)
    else if (next.prose.length <= EXPLAINING_LINES) this.tell(id)
    return next
  }

  /** Adds streamed text; the listeners fetch it when they are ready for it. */
  append(entry: Entry, text: string): void {
    entry.transcript.append(text)
    for (const listener of this.listeners) listener.text(entry.suggestion.id)
  }

  /** Marks nudges in the transcript; what follows is a new reply. */
  separate(entry: Entry, nudges: readonly string[]): void {
    const { transcript } = entry
    const said = transcript.slice(entry.replyFrom)
    if (said.trim() !== '') entry.former = said
    const atLineStart = transcript.length === 0 || transcript.slice(transcript.length - 1) === '\n'
    const marked = nudges.map((nudge) => `» ${nudge}\n`).join('')
    this.append(entry, `${atLineStart ? '' : '\n'}\n${marked}\n`)
    entry.replyFrom = transcript.length
  }

  remove(id: string): void {
    if (!this.entries.delete(id)) return
    this.orders.delete(id)
    this.dirty.add(id)
    this.schedule()
    for (const listener of this.listeners) listener.removed(id)
  }

  projectChanged(): void {
    for (const listener of this.listeners) listener.project()
  }

  hunk(id: string): { entry: Entry; hunk: Hunk } | null {
    for (const entry of this.entries.values()) {
      const hunk = entry.suggestion.hunks.find((candidate) => candidate.id === id)
      if (hunk) return { entry, hunk }
    }
    return null
  }

  /** Suggestions that have something to say about this file. */
  about(path: string): readonly Entry[] {
    return this.newest().filter(({ suggestion }) => suggestion.hunks.some((hunk) => concerns(hunk, path)))
  }

  pendingCount(): number {
    let count = 0
    for (const { suggestion } of this.entries.values()) count += pendingHunks(suggestion).length
    return count
  }

  /** Keeps a content, so that hunks can be placed on it again whenever the file changes, also after a restart. */
  snapshot(text: string): Snapshot {
    const hash = this.ports.hash.text(text)
    if (!this.texts.has(hash)) {
      this.texts.set(hash, text)
      // Not in this turn: a long text is copied to the store's thread, and a request is about to be sent.
      this.ports.clock.soon(() => void this.keep(hash, text))
    }
    return { text, hash }
  }

  private async keep(hash: string, text: string): Promise<void> {
    const result = await this.ports.store.commit([{ type: 'blob', hash, text }])
    if (result.ok) this.confirmed.add(hash)
    else this.fault(result.failure.message)
  }

  /** Whether this content is in the store, and is kept there. */
  holds(hash: string): boolean {
    return this.texts.has(hash) && this.confirmed.has(hash)
  }

  async baseText(hash: string): Promise<string | null> {
    return this.texts.get(hash) ?? (await this.ports.store.blob(hash))
  }

  /**
   * Every hash that must be kept. Lets go of contents that nothing has referred to since the last call: a single look could
   * come between the making of a snapshot and the hunk that is made from it.
   */
  keptHashes(): ReadonlySet<string> {
    const hashes = new Set<string>()
    for (const entry of this.entries.values()) {
      for (const hunk of entry.suggestion.hunks) if (hunk.base !== null) hashes.add(hunk.base)
      for (const { hash } of entry.snapshots.values()) hashes.add(hash)
    }
    const unreferenced = [...this.texts.keys()].filter((hash) => !hashes.has(hash))
    for (const hash of unreferenced) {
      if (this.unreferenced.has(hash)) {
        this.texts.delete(hash)
        this.confirmed.delete(hash)
      } else hashes.add(hash)
    }
    this.unreferenced = new Set(unreferenced)
    return hashes
  }

  /** Writes what is not stored yet; resolves when it is durable. */
  async flush(): Promise<void> {
    this.scheduled = false
    const operations: StoreOperation[] = []
    for (const id of this.dirty) {
      const entry = this.entries.get(id)
      if (entry === undefined) operations.push({ type: 'delete', table: 'suggestion', key: id })
      else operations.push(this.stored(id, entry))
    }
    this.dirty.clear()
    if (operations.length > 0) {
      this.flushing = this.write(operations, this.flushing)
    }
    await this.flushing
  }

  private async write(operations: readonly StoreOperation[], former: Promise<void>): Promise<void> {
    await former
    const result = await this.ports.store.commit(operations)
    this.fault(result.ok ? null : result.failure.message)
  }

  private stored(id: string, entry: Entry): StoreOperation {
    const cut = Math.max(0, entry.transcript.length - TRANSCRIPT_LIMIT)
    const value: StoredEntry = {
      version: 1,
      order: this.orders.get(id) ?? 0,
      suggestion: entry.suggestion,
      transcript: entry.transcript.slice(cut),
      replyFrom: Math.max(0, entry.replyFrom - cut),
      prompt: entry.prompt,
      snapshots: [...entry.snapshots].map(([path, { hash }]) => [path, hash]),
    }
    return { type: 'put', table: 'suggestion', key: id, value }
  }

  /** Reads back what was stored. What was running when the process ended is interrupted now. */
  async load(): Promise<void> {
    const rows = await this.ports.store.rows('suggestion')
    const entries: StoredEntry[] = []
    for (const [key, value] of rows) {
      if (isStoredEntry(value)) entries.push(value)
      else this.ports.log.error(`a stored suggestion is not readable: ${key}`, null)
    }
    entries.sort((a, b) => a.order - b.order)
    for (const stored of entries) {
      const snapshots = new Map<string, Snapshot>()
      for (const [path, hash] of stored.snapshots) {
        const text = await this.ports.store.blob(hash)
        if (text !== null) snapshots.set(path, { text, hash })
      }
      const { queued, returned } = stored.suggestion
      const kept = {
        ...stored.suggestion,
        // Rows of earlier versions hold one text, or none.
        queued: [queued ?? []].flat(),
        returned: [returned ?? []].flat(),
        hunks: stored.suggestion.hunks.map((hunk) => ({ ...LATER_FIELDS, ...hunk })),
      }
      const suggestion = isRunning(kept) ? reduce(kept, { type: 'interrupted', at: this.ports.clock.now() }) : kept
      this.entries.set(suggestion.id, {
        suggestion,
        transcript: new Transcript(stored.transcript),
        replyFrom: stored.replyFrom,
        former: '',
        prompt: stored.prompt,
        about: null,
        snapshots,
        change: null,
        endedAt: null,
        shownAt: null,
      })
      this.orders.set(suggestion.id, stored.order)
      this.order = Math.max(this.order, stored.order)
    }
  }

  /** Drops what is over and says nothing any more, then the oldest decided ones beyond the bound. */
  private tidy(): void {
    const over = [...this.entries.values()].filter(
      ({ suggestion }) => !isRunning(suggestion) && !isUndecided(suggestion) && !this.inHand(suggestion.id),
    )
    const silent = over.filter(
      ({ suggestion }) =>
        suggestion.hunks.length === 0 &&
        suggestion.returned.length === 0 &&
        (suggestion.state === 'superseded' || saidNothing(suggestion)),
    )
    for (const entry of silent) this.remove(entry.suggestion.id)
    for (const entry of over.slice(0, Math.max(0, this.entries.size - KEEP))) this.remove(entry.suggestion.id)
  }

  private touch(id: string): void {
    this.dirty.add(id)
    this.schedule()
    this.tell(id)
  }

  private tell(id: string): void {
    for (const listener of this.listeners) listener.suggestion(id)
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    this.ports.clock.soon(() => void this.flush())
  }
}

/** It was asked and had nothing to say. What a dry run did not send is there to be looked at. */
function saidNothing({ lane, state, trace }: Suggestion): boolean {
  return state === 'empty' && (lane === 'local' || trace.sent !== null)
}

export function concerns(hunk: Hunk, path: string): boolean {
  return hunk.path === path || hunk.moveTo === path
}

/** Only what this program wrote stands in its own store; another version's rows are left out, not guessed at. */
function isStoredEntry(value: unknown): value is StoredEntry {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1
}
