// One request of one suggestion: reads the model's events, shows the text as it comes, and turns the reply into placed hunks.
import type { Usage } from '../../../preload/contract.ts'
import { costOf } from '../prices.ts'
import { createContinuationParser } from '../continuation.ts'
import { createReplyParser, type ParsedHunk, type ReplyEvent, type ReplyParser } from '../edits/parser.ts'
import type { LineEdit, PlacedEdit } from '../patch.ts'
import type { ModelEvent, Ports } from '../ports.ts'
import { hunkKeepsSecrets, isSecretPath, type Redactor } from '../redact.ts'
import { assertNever, isRunning, type Hunk } from '../review.ts'
import { linesOf } from '../text.ts'
import type { Baselines } from './baselines.ts'
import { neighbours, placeAgain, rebaseHunks } from './placing.ts'
import type { Entry, Queue, Snapshot } from './queue.ts'

export interface Run {
  readonly entry: Entry
  stream(signal: AbortSignal): AsyncIterable<ModelEvent>
  /** Maps placeholders in the reply back to what stands in the files; null after a restart, when they are not known any more. */
  readonly redactor: Redactor | null
  /** The cut reply that this one goes on with, for Continue; null for a whole reply. */
  readonly continues: string | null
  /** Whether a hunk is in the person's hand: then nothing takes its place. */
  inHand(hunk: string): boolean
}

/** Reasoning time is shown in whole seconds: more often would only be noise. */
const THINKING_STEP_MS = 1000
/** Longest reason that a card shows for a file that cannot be read. */
const OUTSIDE = 'outside what Slipstream may change'

export class Runner {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly used: (usage: Usage) => void

  /** `used` is told what each request cost. */
  constructor(ports: Ports, queue: Queue, baselines: Baselines, used: (usage: Usage) => void) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.used = used
  }

  /** Resolves when the reply is over, by itself or by `signal`, and all its hunks are placed. Never throws. */
  async run(run: Run, signal: AbortSignal): Promise<void> {
    const { entry } = run
    const { id } = entry.suggestion
    const reply = new Reply(this.ports, this.queue, this.baselines, run)
    try {
      for await (const event of run.stream(signal)) {
        if (signal.aborted) break
        await this.handle(run, event, reply)
      }
      reply.end(true)
      await reply.placed()
    } catch (error) {
      // A bug, not an expected failure: it is logged whole, and the card says that it is over.
      this.ports.log.error('a request ended by a fault', error)
      const failure = { code: 'fault', message: 'Slipstream failed on this reply; the log has the details' }
      this.queue.dispatch(id, { type: 'failed', failure, at: this.ports.clock.now() })
    }
    if (!signal.aborted && isRunning(entry.suggestion)) {
      const failure = { code: 'ended', message: 'the reply ended without a word' }
      this.queue.dispatch(id, { type: 'failed', failure, at: this.ports.clock.now() })
    }
  }

  /** Only the end of a reply is waited for: text is never held up by the placing of hunks. */
  private async handle(run: Run, event: ModelEvent, reply: Reply): Promise<void> {
    const { id } = run.entry.suggestion
    const { clock } = this.ports
    switch (event.type) {
      case 'text':
        this.begin(id, reply)
        this.queue.append(run.entry, event.text)
        reply.read(event.text)
        return
      case 'hunk':
        this.begin(id, reply)
        reply.takePlaced(event.edit)
        return
      case 'notice':
        this.queue.dispatch(id, { type: 'noted', message: event.message })
        return
      case 'waiting':
        this.queue.dispatch(id, { type: 'waiting', message: event.message })
        return
      case 'sent':
        reply.sentAt = clock.now()
        this.queue.dispatch(id, { type: 'sent', model: event.model, at: reply.sentAt })
        return
      case 'headers':
        this.queue.dispatch(id, { type: 'headers', at: clock.now() })
        return
      case 'steered':
        this.queue.dispatch(id, { type: 'steered', committed: event.state === 'committed', text: event.text })
        if (event.state === 'committed') {
          reply.startAnew()
          this.queue.separate(run.entry, event.text)
        } else if (event.message !== null) this.queue.dispatch(id, { type: 'noted', message: event.message })
        return
      case 'thinking':
        reply.thought(clock.now())
        return
      case 'done':
        this.account(run, event.usage)
        if (event.finish === 'length') {
          reply.end(true)
          await reply.placed()
          const message = 'the reply was cut at its length limit: Continue goes on from there'
          this.queue.dispatch(id, { type: 'noted', message })
          this.queue.dispatch(id, { type: 'interrupted', at: clock.now() })
          return
        }
        reply.end(false)
        await reply.placed()
        this.queue.dispatch(id, { type: 'done', at: clock.now(), note: reply.note() })
        return
      case 'failed':
        reply.end(true)
        await reply.placed()
        this.queue.dispatch(id, { type: 'failed', failure: event.failure, at: clock.now() })
        return
      default:
        assertNever(event)
    }
  }

  private account(run: Run, tokens: Extract<ModelEvent, { type: 'done' }>['usage']): void {
    if (tokens === null) return
    const { id, model } = run.entry.suggestion
    const counted = { input: tokens.input, output: tokens.output, cached: tokens.cached ?? 0 }
    const usage: Usage = { ...counted, cost: costOf(model, counted) }
    this.queue.dispatch(id, { type: 'used', usage })
    this.used(usage)
  }

  private begin(id: string, reply: Reply): void {
    if (!reply.silent) return
    reply.silent = false
    this.queue.dispatch(id, { type: 'firstText', at: this.ports.clock.now() })
  }
}

/** What one reply has brought so far. */
class Reply {
  silent = true
  sentAt = 0
  private ended = false
  private parser: ReplyParser
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly run: Run
  /** Hunks are placed one after the other, so that each sees the places of those before it. */
  private placing: Promise<void> = Promise.resolve()
  private readonly placedUpTo = new Map<string, number>()
  private readonly moves = new Set<number>()
  private repeated = 0
  private thoughtAt = 0
  private readonly never = new AbortController().signal

  constructor(ports: Ports, queue: Queue, baselines: Baselines, run: Run) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.run = run
    this.parser =
      run.continues === null
        ? createReplyParser()
        : createContinuationParser(run.continues, { isPath: (text) => baselines.hash(projectPath(text)) !== null })
  }

  read(text: string): void {
    this.take(this.parser.push(text))
  }

  /** What follows is a new reply: the model has taken up a nudge. Hunks that were complete stay. */
  startAnew(): void {
    this.take(this.parser.end({ cut: true }).filter((event) => event.type !== 'cut'))
    this.parser = createReplyParser()
  }

  private take(events: readonly ReplyEvent[]): void {
    const { id } = this.run.entry.suggestion
    for (const event of events) {
      switch (event.type) {
        case 'explanation':
          this.queue.dispatch(id, { type: 'explained', line: event.line })
          break
        case 'hunk':
          this.enqueue(() => this.place(event.hunk))
          break
        case 'cut':
          this.queue.dispatch(id, { type: 'cut' })
          break
        case 'problem':
          this.queue.dispatch(id, { type: 'noted', message: event.message })
          break
        default:
          assertNever(event)
      }
    }
  }

  /** The reply is over; `cut`: before its end. Only the first call counts. */
  end(cut: boolean): void {
    if (this.ended) return
    this.ended = true
    this.take(this.parser.end({ cut }))
  }

  takePlaced(edit: PlacedEdit): void {
    this.enqueue(async () => {
      const snapshot = this.run.entry.snapshots.get(edit.path)
      if (snapshot !== undefined) await this.add(edit.path, snapshot, [edit], 'update', null)
    })
  }

  async placed(): Promise<void> {
    await this.placing
  }

  thought(at: number): void {
    const ms = at - this.sentAt
    if (this.thoughtAt !== 0 && ms - this.thoughtAt < THINKING_STEP_MS) return
    this.thoughtAt = Math.max(1, ms)
    this.queue.dispatch(this.run.entry.suggestion.id, { type: 'thinking', ms })
  }

  /** What to say when every hunk of the reply was in the queue already. */
  note(): string | null {
    return this.repeated > 0 && this.run.entry.suggestion.hunks.length === 0
      ? 'it proposes what already stands in the queue'
      : null
  }

  private enqueue(run: () => Promise<void>): void {
    this.placing = this.after(this.placing, run)
  }

  private async after(former: Promise<void>, run: () => Promise<void>): Promise<void> {
    await former
    try {
      await run()
    } catch (error) {
      this.ports.log.error('placing a hunk failed', error)
      this.queue.dispatch(this.run.entry.suggestion.id, { type: 'noted', message: 'one hunk could not be worked out' })
    }
  }

  private async place(parsed: ParsedHunk): Promise<void> {
    const path = projectPath(parsed.path)
    const refused = this.refusal(path, parsed)
    if (refused !== null) return this.addUnplaced(path, parsed, refused)
    const snapshot = await this.snapshot(path)
    const text = snapshot?.text ?? null
    if (parsed.kind === 'add') {
      // An empty SEARCH half and a new file look the same in a reply: an empty file may be filled, no other one.
      if (text !== null && text !== '') return this.addUnplaced(path, parsed, 'a file of this name exists already')
      const lines = this.restored(parsed.lines.filter((line) => line.kind === '+').map((line) => line.text))
      return this.add(path, snapshot, [{ start: 1, end: 1, lines }], snapshot === null ? 'add' : 'update', null)
    }
    if (snapshot === null || text === null) return this.addUnplaced(path, parsed, 'there is no such file')
    const lines = linesOf(text)
    if (parsed.kind === 'delete') {
      return this.add(path, snapshot, [{ start: 1, end: lines.length + 1, lines: [] }], 'delete', null)
    }
    await this.addMove(path, snapshot, parsed)
    if (parsed.lines.length === 0) return undefined
    const { suggestion } = this.run.entry
    const hunk = { ...parsed, lines: parsed.lines.map((line) => ({ ...line, text: this.restore(line.text) })) }
    const key = `${parsed.section}:${path}`
    const near = path === suggestion.path ? { start: suggestion.start, end: suggestion.end } : null
    const hints = { near, after: this.placedUpTo.get(key) ?? null }
    const outcome = await this.ports.work.run('place', { text, hunk, hints }, this.never)
    if (!outcome.ok) return this.addUnplaced(path, hunk, outcome.reason, outcome.candidates)
    this.placedUpTo.set(key, outcome.located.end)
    return this.add(path, snapshot, outcome.edits, 'update', null)
  }

  /** A rename is a hunk of its own, so that it and the edits in the file can be decided apart. */
  private async addMove(path: string, snapshot: Snapshot, parsed: ParsedHunk): Promise<void> {
    if (parsed.moveTo === null || this.moves.has(parsed.section)) return
    this.moves.add(parsed.section)
    await this.add(path, snapshot, [{ start: 1, end: 1, lines: [] }], 'move', projectPath(parsed.moveTo))
  }

  /** Why this hunk may not be offered at all; null when it may. */
  private refusal(path: string, parsed: ParsedHunk): string | null {
    for (const name of [path, ...(parsed.moveTo === null ? [] : [projectPath(parsed.moveTo)])]) {
      if (name === '' || name.split('/').includes('..')) return OUTSIDE
      if (isSecretPath(name) !== null) return 'a key or credential file is never changed'
      if (this.ports.watch.ignores(name)) return 'an ignored file is never changed'
    }
    const removed = parsed.lines.filter((line) => line.kind === '-').map((line) => line.text)
    const added = parsed.lines.filter((line) => line.kind === '+').map((line) => line.text)
    if (!hunkKeepsSecrets(removed, added)) return 'it adds, alters or drops a secret that was withheld'
    return null
  }

  private restore(text: string): string {
    return this.run.redactor === null ? text : this.run.redactor.restore(text)
  }

  private restored(lines: readonly string[]): readonly string[] {
    return lines.map((line) => this.restore(line))
  }

  /** The content that the reply is about: what was sent, or for another file what stands there now. */
  private async snapshot(path: string): Promise<Snapshot | null> {
    const { snapshots } = this.run.entry
    const known = snapshots.get(path)
    if (known !== undefined) return known
    const content = await this.ports.files.read(path, { formerSize: this.baselines.size(path) }, this.never)
    if (content.kind === 'skipped') throw new Error(`${path}: ${content.reason}`)
    if (content.kind === 'absent') return null
    const snapshot = this.queue.snapshot(content.text)
    snapshots.set(path, snapshot)
    if (this.baselines.hash(path) === null) this.baselines.set(path, content)
    return snapshot
  }

  private addUnplaced(path: string, parsed: ParsedHunk, reason: string, candidates: readonly number[] = []): void {
    const lines = parsed.lines.filter((line) => line.kind === '+').map((line) => line.text)
    const hunk: Hunk = {
      ...this.blank(path, { start: 1, end: 1, lines }),
      kind: parsed.kind,
      moveTo: parsed.moveTo,
      oldLines: parsed.lines.filter((line) => line.kind === '-').map((line) => line.text),
      state: 'unplaced',
      reason,
      parsed,
      candidates,
    }
    this.dispatch([hunk], [])
  }

  private async add(
    path: string,
    snapshot: Snapshot | null,
    edits: readonly LineEdit[],
    kind: Hunk['kind'],
    moveTo: string | null,
  ): Promise<void> {
    if (this.run.entry.suggestion.state === 'superseded') return
    const lines = snapshot === null ? [] : linesOf(snapshot.text)
    const made = edits.map((edit): Hunk => ({
      ...this.blank(path, edit),
      kind,
      moveTo,
      base: snapshot?.hash ?? null,
      current: edit,
      oldLines: lines.slice(edit.start - 1, edit.end - 1),
      ...neighbours(lines, edit),
    }))
    const present = await this.baselines.get(path)
    const stands = snapshot === null || present === null || present.text === snapshot.text
    const placed = stands ? made : await this.onto(made, present.text)
    const replaced: string[] = []
    const fresh = placed.filter((hunk) => this.isFresh(hunk, replaced))
    this.dispatch(fresh, replaced)
    // The file may have changed while this was worked out.
    const later = await this.baselines.get(path)
    if (later !== null && later.hash !== present?.hash) {
      await placeAgain(this.ports, this.queue, path, later.text, this.never)
    }
  }

  private blank(path: string, edit: LineEdit): Hunk {
    return {
      id: this.ports.ids.next(),
      path,
      kind: 'update',
      moveTo: null,
      base: null,
      edit,
      current: null,
      oldLines: [],
      before: [],
      after: [],
      state: 'pending',
      reason: null,
      apply: null,
      replaced: false,
      byHand: false,
      parsed: null,
      candidates: [],
      yours: null,
    }
  }

  /** The file has changed since the request: hunks move with it, what was done by hand meanwhile is dropped. */
  private async onto(hunks: readonly Hunk[], text: string): Promise<readonly Hunk[]> {
    const outcomes = await rebaseHunks(this.ports, this.queue, hunks, text, this.never)
    const lines = linesOf(text)
    return hunks.flatMap((hunk): Hunk[] => {
      const outcome = outcomes.get(hunk.id)
      if (outcome === undefined || outcome.state === 'applied') return []
      if (outcome.state === 'stale') return [{ ...hunk, state: 'stale', current: null, reason: outcome.reason }]
      return [{ ...hunk, current: outcome.edit, ...neighbours(lines, outcome.edit) }]
    })
  }

  /**
   * The same edit is shown once. Another edit of the same lines takes the place of an open hunk of this suggestion, never
   * of one that is in hand: then it stands beneath it.
   */
  private isFresh(hunk: Hunk, replaced: string[]): boolean {
    for (const { suggestion } of this.queue.about(hunk.path)) {
      for (const other of suggestion.hunks) {
        if (other.path !== hunk.path || other.replaced || other.byHand) continue
        const open = other.state === 'pending' || other.state === 'stale'
        if (open && sameEdit(other, hunk)) {
          this.repeated += 1
          return false
        }
        const own = suggestion.id === this.run.entry.suggestion.id
        if (own && open && other.kind === hunk.kind && overlaps(other, hunk) && !this.run.inHand(other.id))
          replaced.push(other.id)
      }
    }
    return true
  }

  private dispatch(hunks: readonly Hunk[], replaced: readonly string[]): void {
    if (hunks.length === 0 && replaced.length === 0) return
    const at = this.ports.clock.now()
    this.queue.dispatch(this.run.entry.suggestion.id, { type: 'hunks', hunks, replaced, at })
  }
}

function sameEdit(a: Hunk, b: Hunk): boolean {
  const [left, right] = [a.current ?? a.edit, b.current ?? b.edit]
  return (
    a.kind === b.kind &&
    a.moveTo === b.moveTo &&
    left.start === right.start &&
    left.end === right.end &&
    left.lines.length === right.lines.length &&
    left.lines.every((line, index) => line === right.lines[index])
  )
}

function overlaps(a: Hunk, b: Hunk): boolean {
  if (a.current === null || b.current === null) return false
  const [left, right] = [a.current, b.current]
  if (left.start === right.start) return true
  return left.start < right.end && right.start < left.end
}

/** Models write `./x` and sometimes `/x` for a file of the project. Everything else is left for the writer to refuse. */
function projectPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '')
}
