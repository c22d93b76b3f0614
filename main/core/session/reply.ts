// What one reply brings: its text goes to the parser, its hunks to their places, and what is new among them into the queue.
import type { Trace } from '../../../preload/contract.ts'
import { createContinuationParser } from '../continuation.ts'
import { createReplyParser, type ParsedHunk, type ReplyEvent, type ReplyParser } from '../edits/parser.ts'
import { linesIn } from '../line-index.ts'
import { withMarkerRemoval } from '../marker.ts'
import type { LineEdit, PlacedEdit } from '../patch.ts'
import type { Ports } from '../ports.ts'
import { hunkKeepsSecrets, isSecretPath, remnantsIn, type Redactor } from '../redact.ts'
import { assertNever, LATER_FIELDS, type Hunk, type Suggestion } from '../review.ts'
import type { Baselines } from './baselines.ts'
import type { Conventions } from './conventions.ts'
import type { Offering } from './offering.ts'
import { flagBroken } from './breaking.ts'
import { BENEATH, confirmation, overlaps, sameEdit, withRemark } from './beside.ts'
import { flagProblems } from './parsing.ts'
import { neighbours, placeAgain, rebaseHunks } from './placing.ts'
import { inStyle } from './styling.ts'
import { Guard } from './guarding.ts'
import type { Beyond } from '../scope/draft.ts'
import type { Measures } from './measures.ts'
import type { Entry, Queue, Snapshot } from './queue.ts'

/** The suggestion that a reply belongs to, and what its hunks need to be placed. */
export interface About {
  readonly entry: Entry
  /** Maps placeholders in the reply back to what stands in the files; null after a restart, when they are not known any more. */
  readonly redactor: Redactor | null
  /** The cut reply that this one goes on with, for Continue; null for a whole reply. */
  readonly continues: string | null
  /** Whether a hunk is in the person's hand: then nothing takes its place. */
  inHand(hunk: string): boolean
}

/** Reasoning time is shown in whole seconds: more often would only be noise. */
const THINKING_STEP_MS = 1000
const UNKNOWN = 'it holds a placeholder of a secret that is not known any more'
const OUTSIDE = 'outside what Slipstream may change'

/** What the session shares with every reply. */
export interface Shared {
  readonly ports: Ports
  readonly queue: Queue
  readonly baselines: Baselines
  readonly offering: Offering
  readonly measures: Measures
  readonly team: Conventions
  /** A suggestion has its first hunk. */
  suggested(trace: Trace): void
}

/** What one reply has brought so far. */
export class Reply {
  silent = true
  sentAt = 0
  /** The endpoint has begun to answer, and what it took is known. */
  answered = false
  accounted = false
  /** UTF-16 units of text so far. */
  said = 0
  /** Pieces of text so far, and the ms that keeping and reading them took. */
  private pieces = 0
  private spent = 0
  private ended = false
  private parser: ReplyParser
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly offering: Offering
  private readonly measures: Measures
  private readonly team: Conventions
  private readonly suggested: Shared['suggested']
  private readonly run: About
  private readonly guard: Guard
  /** Hunks are placed one after the other, so that each sees the places of those before it. */
  private placing: Promise<void> = Promise.resolve()
  private readonly placedUpTo = new Map<string, number>()
  private readonly moves = new Set<number>()
  private repeated = 0
  private confirmed = 0
  private withheld = 0
  /** Lines that the hunks as the model wrote them take away and bring. */
  private written = 0
  private thoughtAt = 0
  private readonly never = new AbortController().signal

  constructor({ ports, queue, baselines, offering, measures, team, suggested }: Shared, run: About) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.offering = offering
    this.measures = measures
    this.team = team
    this.suggested = suggested
    this.run = run
    this.guard = new Guard(ports, queue, run.entry)
    this.parser =
      run.continues === null
        ? createReplyParser()
        : createContinuationParser(run.continues, { isPath: (text) => baselines.hash(projectPath(text)) !== null })
  }

  read(text: string): void {
    this.take(this.parser.push(text))
  }

  /** One more piece of text was kept and read, in `ms`. */
  worked(ms: number): void {
    this.pieces += 1
    this.spent += ms
  }

  /** ms a piece of text, null without any. */
  overhead(): number | null {
    return this.pieces === 0 ? null : this.spent / this.pieces
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
          if (wantsAnswerOnly(this.run.entry.suggestion))
            this.queue.dispatch(id, { type: 'noted', message: ANSWER_ONLY })
          else this.enqueue(() => this.place(event.hunk))
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

  /** `beyond`: why it is offered folded. */
  takePlaced(edit: PlacedEdit, beyond: Beyond | null): void {
    this.enqueue(async () => {
      const snapshot = this.run.entry.snapshots.get(edit.path)
      if (snapshot !== undefined) await this.add(edit.path, snapshot, [edit], 'update', null, beyond)
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

  /** To be called once, when every hunk is placed: how close the reply kept to what was asked. */
  measure(): void {
    const { suggestion } = this.run.entry
    if (suggestion.lane === 'local' || this.written === 0) return
    this.measures.add(suggestion, this.written, this.guard.left + this.withheld)
    this.queue.projectChanged()
  }

  /** What to say when every hunk of the reply was in the queue already. */
  note(): string | null {
    if (this.run.entry.suggestion.hunks.length > 0) return null
    if (this.confirmed > 0 && this.confirmed === this.repeated) return 'it confirms what the embedded engine proposes'
    if (this.repeated > 0) return 'it proposes what already stands in the queue'
    return this.withheld > 0 ? 'it proposes what you rejected here, or what you have just changed' : null
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

  private async place(given: ParsedHunk): Promise<void> {
    const moveTo = given.moveTo === null ? null : this.restore(given.moveTo)
    const parsed = { ...given, path: this.restore(given.path), moveTo }
    const path = projectPath(parsed.path)
    this.written += parsed.lines.filter(({ kind }) => kind !== ' ').length
    const refused = this.refusal(path, parsed)
    if (refused !== null) return this.addUnplaced(path, parsed, refused)
    const snapshot = await this.snapshot(path)
    const text = snapshot?.text ?? null
    if (this.holdsUnknown(parsed, text ?? '')) return this.addUnplaced(path, parsed, UNKNOWN)
    if (parsed.kind === 'add') {
      // An empty SEARCH half and a new file look the same in a reply: an empty file may be filled, no other one.
      if (text !== null && text !== '') return this.addUnplaced(path, parsed, 'a file of this name exists already')
      const lines = this.restored(parsed.lines.filter((line) => line.kind === '+').map((line) => line.text))
      return this.add(path, snapshot, [{ start: 1, end: 1, lines }], snapshot === null ? 'add' : 'update', null)
    }
    if (snapshot === null || text === null) return this.addUnplaced(path, parsed, 'there is no such file')
    const lines = linesIn(text)
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
    const edits = suggestion.intent === 'edit' ? withMarkerRemoval(outcome.edits, lines) : outcome.edits
    return this.add(path, snapshot, edits, 'update', null)
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

  /** After a restart, altered, or made up: a placeholder that stands for nothing must never be written. */
  private holdsUnknown(parsed: ParsedHunk, text: string): boolean {
    const added = parsed.lines.filter((line) => line.kind === '+').map((line) => this.restore(line.text))
    const written = [parsed.path, parsed.moveTo ?? '', ...added].join('\n')
    return remnantsIn(written).some((remnant) => !text.includes(remnant))
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
    beyond: Beyond | null = null,
  ): Promise<void> {
    if (this.run.entry.suggestion.state === 'superseded') return
    const lines = linesIn(snapshot?.text ?? '')
    const made = edits.map((edit): Hunk => ({
      ...this.blank(path, edit),
      kind,
      moveTo,
      base: snapshot?.hash ?? null,
      current: edit,
      oldLines: lines.slice(edit.start - 1, edit.end - 1),
      ...neighbours(lines, edit),
      beyond: beyond === null ? null : { ...beyond, open: false },
    }))
    const judged = await this.guard.part(made, snapshot, this.never)
    const parts = await inStyle(this.ports, this.queue, this.team, this.run.entry, judged)
    const present = await this.baselines.get(path)
    const text = snapshot === null ? null : (present?.text ?? snapshot.text)
    const standing = parts.filter((hunk) => text === snapshot?.text && hunk.base === snapshot?.hash)
    const placed = text === null ? parts : [...standing, ...(await this.onto(without(parts, standing), text))]
    const replaced: string[] = []
    const offered = await this.offering.allowed(this.run.entry, placed, this.never)
    this.withheld += placed.length - offered.length
    const fresh = offered.filter((hunk) => this.isFresh(hunk, replaced))
    const remarked = fresh.map((hunk) =>
      this.standsBeneath(hunk)
        ? { ...hunk, remark: BENEATH }
        : withRemark(this.queue, this.run.entry.suggestion.lane, hunk),
    )
    this.dispatch(remarked, replaced)
    void flagProblems(this.ports, this.queue, this.run.entry, remarked)
    void flagBroken(this.ports, this.queue, this.team, this.run.entry, remarked)
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
      ...LATER_FIELDS,
    }
  }

  /** The file has changed since the request: hunks move with it, what was done by hand meanwhile is dropped. */
  private async onto(hunks: readonly Hunk[], text: string): Promise<readonly Hunk[]> {
    const outcomes = await rebaseHunks(this.ports, this.queue, hunks, text, this.never)
    const lines = linesIn(text)
    return hunks.flatMap((hunk): Hunk[] => {
      const outcome = outcomes.get(hunk.id)
      if (outcome === undefined || outcome.state === 'applied') return []
      if (outcome.state === 'stale') return [{ ...hunk, state: 'stale', current: null, reason: outcome.reason }]
      return [{ ...hunk, current: outcome.edit, ...neighbours(lines, outcome.edit) }]
    })
  }

  /**
   * The same edit is shown once; that a model proposes what the embedded engine did confirms it. Another edit of the same lines takes the place of an open hunk of this suggestion, never
   * of one that is in hand: then it stands beneath it.
   */
  private isFresh(hunk: Hunk, replaced: string[]): boolean {
    for (const { suggestion } of this.queue.about(hunk.path)) {
      for (const other of suggestion.hunks) {
        if (other.path !== hunk.path || other.replaced || other.byHand) continue
        const open = other.state === 'pending' || other.state === 'stale'
        if (open && sameEdit(other, hunk)) {
          this.repeated += 1
          this.confirm(suggestion, other)
          return false
        }
        const own = suggestion.id === this.run.entry.suggestion.id
        if (own && this.rivals(other, hunk) && !this.run.inHand(other.id)) replaced.push(other.id)
      }
    }
    return true
  }

  /** The hunk in hand says something else for these lines: nobody has asked for it to be replaced. */
  private standsBeneath(hunk: Hunk): boolean {
    const { hunks } = this.run.entry.suggestion
    return hunks.some((other) => this.run.inHand(other.id) && this.rivals(other, hunk))
  }

  /** Whether both are open, and about the same lines. */
  private rivals(other: Hunk, hunk: Hunk): boolean {
    const open = !other.replaced && !other.byHand && (other.state === 'pending' || other.state === 'stale')
    return open && other.path === hunk.path && other.kind === hunk.kind && overlaps(other, hunk)
  }

  private confirm(suggestion: Suggestion, hunk: Hunk): void {
    const remark = confirmation(suggestion, this.run.entry.suggestion)
    if (remark === null) return
    this.confirmed += 1
    this.queue.dispatch(suggestion.id, { type: 'remarked', hunk: hunk.id, remark })
  }

  private dispatch(hunks: readonly Hunk[], replaced: readonly string[]): void {
    if (hunks.length === 0 && replaced.length === 0) return
    const at = this.ports.clock.now()
    const { id, trace } = this.run.entry.suggestion
    const after = this.queue.dispatch(id, { type: 'hunks', hunks, replaced, at })?.trace
    if (after !== undefined && trace.firstHunk === null && after.firstHunk !== null) this.suggested(after)
  }
}

function without(hunks: readonly Hunk[], others: readonly Hunk[]): readonly Hunk[] {
  return hunks.filter((hunk) => !others.includes(hunk))
}

const ANSWER_ONLY = 'you asked for an answer: its edit is not offered'

/** A comment that ends in `ai?` asks for words. A nudge may ask for more. */
function wantsAnswerOnly({ intent, nudges }: Suggestion): boolean {
  return intent === 'question' && nudges.length === 0
}

/** Models write `./x` and sometimes `/x` for a file of the project. Everything else is left for the writer to refuse. */
function projectPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '')
}
