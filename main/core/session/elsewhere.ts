// What the rest of the project adds to a question: related places for its context, and the same edit in other files.
import type { Excerpt } from '../context.ts'
import { mayRename } from '../index/rename.ts'
import { NOWHERE, type Elsewhere as Found, type FileEdits, type Focus } from '../index/questions.ts'
import { linesIn } from '../line-index.ts'
import type { ModelEvent, Ports, TextChange } from '../ports.ts'
import type { Beyond } from '../scope/draft.ts'
import type { Baselines } from './baselines.ts'
import type { Entry, Queue } from './queue.ts'

/** A request is never held up longer than this for its related places, in ms: what is not there by then is left out. */
const RELATED_WAIT_MS = 5
/** The embedded engine's own proposals wait so long for what is known of scopes, in ms. */
const RENAME_WAIT_MS = 20
/** Of longer texts the scopes are not known within that time: two of them are parsed first, at some 5 units a microsecond. */
const LONGEST_RENAME = 64 * 1024

export class Elsewhere {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines

  constructor(ports: Ports, queue: Queue, baselines: Baselines) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
  }

  /** Begins to look for related places; the function that is returned answers what has been found in time. */
  relatedTo(focus: () => Focus, signal: AbortSignal): () => Promise<readonly Excerpt[]> {
    const { kind, state } = this.ports.models.state()
    // The embedded engine reads no context.
    if (kind === 'local' && state !== 'choosing') return async () => []
    const found = this.lookAround(focus, signal).catch((error: unknown) => this.without(error, signal, []))
    return () => this.within(RELATED_WAIT_MS, found, [])
  }

  /** In a turn of its own: the focus is cut out of the whole text. */
  private async lookAround(focus: () => Focus, signal: AbortSignal): Promise<readonly Excerpt[]> {
    await new Promise<void>((resolve) => this.ports.clock.soon(resolve))
    return this.ports.index.related(focus(), signal)
  }

  /**
   * The embedded engine's events with what the rest of the project adds: where a name was renamed, the engine's guesses about
   * it give way to what the scopes say, and the other files' edits follow as they are found. The entry gets their texts.
   */
  async joined(
    entry: Entry,
    change: NonNullable<Entry['change']>,
    own: () => AsyncIterable<ModelEvent>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ModelEvent> | null> {
    const look = (): Promise<Found> =>
      this.ports.index.elsewhere(change, signal).catch((error: unknown) => this.without(error, signal, NOWHERE))
    // Only scopes are worth a wait. What nothing waits for leaves the processor to the engine first.
    const early = change.after.length <= LONGEST_RENAME && mayRename(change) ? look() : null
    const events: ModelEvent[] = []
    for await (const event of own()) {
      if (event.type === 'failed') this.ports.log.info(`the embedded engine gave up: ${event.failure.message}`)
      events.push(event)
    }
    const rename = early === null ? null : (await this.within(RENAME_WAIT_MS, early, NOWHERE)).rename
    const here = withRename(events, rename, change)
    if (here.some(({ type }) => type === 'hunk')) return this.followed(entry, here, () => early ?? look())
    const found = await (early ?? look())
    const late = withRename(events, found.rename, change)
    const hunks = await this.hunksOf(entry, found.files)
    if (hunks.length === 0 && !late.some(({ type }) => type === 'hunk')) return null
    return replay(beforeEnd(late, [...hunks, ...this.textsOf(entry, found)]))
  }

  private async *followed(
    entry: Entry,
    events: readonly ModelEvent[],
    look: () => Promise<Found>,
  ): AsyncGenerator<ModelEvent> {
    for (const event of events) if (event.type !== 'done') yield event
    const found = await look()
    yield* await this.hunksOf(entry, found.files)
    yield* this.textsOf(entry, found)
    for (const event of events) if (event.type === 'done') yield event
  }

  /** Hunks of files that still hold what they were made from. */
  private async hunksOf(entry: Entry, files: readonly FileEdits[]): Promise<readonly ModelEvent[]> {
    const events: ModelEvent[] = []
    for (const { path, text, edits } of files) {
      if (this.ports.watch.ignores(path)) continue
      const content = await this.ports.files.read(path, { formerSize: this.baselines.size(path) }, NEVER)
      if (content.kind !== 'text' || content.text !== text) continue
      if (this.baselines.hash(path) === null) this.baselines.set(path, content)
      entry.snapshots.set(path, this.queue.snapshot(text))
      for (const edit of edits) events.push({ type: 'hunk', edit })
    }
    return events
  }

  /** What strings and comments name by a name that was changed: behind everything else, and folded. */
  private textsOf(entry: Entry, { rename, files }: Found): readonly ModelEvent[] {
    const edits = [...(rename?.texts ?? []), ...files.flatMap(({ texts }) => texts)]
    return edits
      .filter(({ path }) => entry.snapshots.has(path))
      .map((edit) => ({ type: 'hunk', edit, beyond: IN_TEXT }))
  }

  private async within<Value>(ms: number, promise: Promise<Value>, otherwise: Value): Promise<Value> {
    let stop = (): void => undefined
    const late = new Promise<Value>((resolve) => {
      stop = this.ports.clock.after(ms, () => resolve(otherwise))
    })
    const value = await Promise.race([promise, late])
    stop()
    return value
  }

  private without<Value>(error: unknown, signal: AbortSignal, value: Value): Value {
    if (!signal.aborted) this.ports.log.error('the rest of the project could not be asked', error)
    return value
  }
}

const NEVER = new AbortController().signal
const IN_TEXT: Beyond = { kind: 'text', why: 'a string or comment, not code' }

/** Of the engine's own hunks those that only put the new name for the old give way to the places that mean the same. */
function withRename(events: readonly ModelEvent[], rename: Found['rename'], change: TextChange): readonly ModelEvent[] {
  if (rename === null) return events
  const lines = linesIn(change.after)
  const kept = events.filter((event) => {
    if (event.type !== 'hunk') return true
    const { start, end } = event.edit
    return !lines.slice(start - 1, end - 1).some((line) => line.includes(rename.from))
  })
  const hunks = rename.edits.map((edit): ModelEvent => ({ type: 'hunk', edit }))
  const words: ModelEvent = { type: 'text', text: `\`${rename.from}\` \u2192 \`${rename.to}\`\n` }
  const said = kept.some(({ type }) => type === 'text') ? [] : [words]
  return beforeEnd(kept, hunks.length === 0 ? [] : [...said, ...hunks])
}

function beforeEnd(events: readonly ModelEvent[], more: readonly ModelEvent[]): readonly ModelEvent[] {
  const isEnd = ({ type }: ModelEvent): boolean => type === 'done' || type === 'failed'
  return [...events.filter((event) => !isEnd(event)), ...more, ...events.filter(isEnd)]
}

async function* replay(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events
}
