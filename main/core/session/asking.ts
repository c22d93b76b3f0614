// What is asked, and when: one question a change, at most two at once; and what the person asks in words.
import type { Lane, Origin, Result, SeenView, Trace, Unasked } from '../../../preload/contract.ts'
import type { ModelRequest, Ports, Rejected, TextChange } from '../ports.ts'
import { EMPTY_TRACE, isRunning, type Suggestion } from '../review.ts'
import { createRedactor, isSecretPath } from '../redact.ts'
import { isExplicit, type ChangeReport, type PlacedIntent } from '../change-report.ts'
import type { Excerpt, Marker } from '../context.ts'
import { focusOn } from '../index/questions.ts'
import type { Region } from '../region.ts'
import type { Baselines } from './baselines.ts'
import type { Elsewhere } from './elsewhere.ts'
import { examine, type Examined } from './examining.ts'
import type { Hand } from './hand.ts'
import type { Change } from './intake.ts'
import type { Memory } from './memory.ts'
import { applyEdits, overlapping } from '../patch.ts'
import type { Entry, Queue, Snapshot } from './queue.ts'
import { EMPTY_PROMPT, type Requests } from './requests.ts'
import { neverSent } from './never-sent.ts'
import { refuse } from './refuse.ts'
import type { Answered } from './steering.ts'
import type { When } from './when.ts'

export interface AskingOptions {
  readonly inStorm: (at: number) => boolean
  readonly paused: () => boolean
  readonly exhausted: () => boolean
  readonly quiet: (text: string) => void
  /** Takes over what nobody waits for. */
  readonly behind: (work: Promise<unknown>) => void
  /** What the embedded engine proposed and the person turned down. */
  readonly rejected: () => readonly Rejected[]
  readonly when: When
}

interface Question {
  readonly origin: Origin
  readonly path: string
  readonly text: string
  readonly region: Region
  readonly words: string | null
  readonly marker: Marker | null
  readonly change: Entry['change']
  readonly trace: Trace
  readonly related?: readonly Excerpt[]
}

/** The same edit in another file within so many ms is one thought. */
const REPEATED_MS = 2 * 60 * 1000

export class Asking {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly memory: Memory
  private readonly hand: Hand
  private readonly options: AskingOptions
  private readonly requests: Requests
  private readonly elsewhere: Elsewhere
  /** The edit that was asked about last, by what it says; see same-edit.ts. */
  private readonly edits = new Map<string, { readonly path: string; readonly at: number }>()
  private lastRegion: { readonly path: string; readonly region: Region } | null = null

  constructor(
    ports: Ports,
    queue: Queue,
    baselines: Baselines,
    memory: Memory,
    hand: Hand,
    requests: Requests,
    elsewhere: Elsewhere,
    options: AskingOptions,
  ) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.memory = memory
    this.hand = hand
    this.options = options
    this.requests = requests
    this.elsewhere = elsewhere
  }

  // ── By itself ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A settled change: asks at most one question about it. */
  async changed(change: Change, signal: AbortSignal): Promise<void> {
    const { path, before, after } = change
    const { when } = this.options
    if (isSecretPath(path) !== null) {
      this.options.quiet(`${path} holds keys: it is never read for a question`)
      when.unasked('secret')
      return
    }
    when.looked(path)
    const examined = change.examined ?? this.examine(change, false, signal)
    const report = await examined.report
    // Only what came right after a save may be a mere rewrite, and that is settled already.
    if (report === null) return
    when.sawMarkers(path, report.markers)
    const intent = report.onlyFormatting ? null : strongest(report.intent, await examined.broken)
    const region = intent?.region ?? widest(report.regions)
    if (region === null || report.onlyFormatting) {
      when.unasked('format')
      return
    }
    const now = this.ports.clock.now()
    this.lastRegion = { path, region }
    const silent = this.silence(path, intent)
    if (silent !== null) {
      when.unasked(silent)
      return
    }
    if (!(await this.makeRoom(change, region, signal))) {
      when.unasked('covered')
      return
    }
    const trace: Trace = {
      ...EMPTY_TRACE,
      saved: change.saved,
      stable: change.stable,
      region: now,
      policyWait: change.policyWait,
    }
    const marker = intent?.marker ?? null
    const explicit = isExplicit(intent)
    const question: Question = {
      origin: explicit ? 'marker' : 'save',
      path,
      text: after,
      region,
      words: null,
      marker,
      change: { path, before, after, history: this.memory.changesBefore(path), rejected: this.options.rejected() },
      trace,
    }
    if (marker === null && this.isRepeated(path, report, now)) {
      this.options.quiet('the same edit in several files: asked once')
      when.unasked('repeated')
      // It costs nothing, and the next example of an edit is what the embedded engine learns from.
      this.options.behind(this.askLocally(question))
      return
    }
    when.asked()
    const { models } = this.ports
    // Words are nothing that the embedded engine reads.
    const locally = !explicit
    // Who answers is known within moments of the start; until then only the embedded engine does.
    if (models.state().state === 'choosing') {
      if (locally) this.options.behind(this.askLocally(question))
      await this.chosen(signal)
      if (!signal.aborted && (models.state().kind !== 'local' || explicit)) {
        this.askRemotely({ ...question, related: await examined.related() })
      }
      return
    }
    // The model first: it is the one that takes time.
    if (models.state().kind !== 'local' || explicit)
      this.askRemotely({ ...question, related: await examined.related() })
    if (locally) this.options.behind(this.askLocally(question))
  }

  /** Why nothing is asked about this file now; null when it may be. What is muted is quiet altogether. */
  private silence(path: string, intent: PlacedIntent | null): Unasked | null {
    const { when } = this.options
    const explicit = isExplicit(intent)
    if (this.options.inStorm(this.ports.clock.now())) return 'storm'
    if (when.muteOf(path) !== null) {
      if (explicit) this.options.quiet(`${path} is muted: its marker is not answered`)
      return 'muted'
    }
    if (this.options.paused()) return 'paused'
    return when.onRequest && !explicit ? 'request' : null
  }

  /** Whether another file was just given the very same edit. */
  private isRepeated(path: string, { fingerprint }: ChangeReport, at: number): boolean {
    if (fingerprint === null) return false
    for (const [other, { at: then }] of this.edits) if (at - then > REPEATED_MS) this.edits.delete(other)
    const former = this.edits.get(fingerprint)
    this.edits.set(fingerprint, { path: former?.path ?? path, at })
    return former !== undefined && former.path !== path
  }

  /** Begins to find out what a question about this change needs. */
  examine(change: TextChange, follows: boolean, signal: AbortSignal): Examined {
    return examine(this.ports, this.elsewhere, change, follows, signal)
  }

  private askRemotely(question: Question): void {
    if (this.options.exhausted()) {
      this.options.quiet('the hourly budget of tokens is used up: nothing asked')
      this.options.when.unasked('budget')
    } else if (this.requests.makeWay(question.origin === 'marker' ? 'person' : 'save')) this.askModel(question)
    else {
      this.options.quiet('two of your questions are being answered: nothing asked')
      this.options.when.unasked('busy')
    }
  }

  /** A file seen for the first time asks for nothing, unless it holds a marker that was not there when it was last known. */
  async firstSight(path: string, text: string, saved: number, signal: AbortSignal): Promise<void> {
    if (isSecretPath(path) !== null || this.options.paused() || this.options.inStorm(saved)) return
    const { when } = this.options
    const { intent, markers } = await this.ports.work.run(
      'firstSight',
      { path, text, known: when.knownMarkers(path) },
      signal,
    )
    when.sawMarkers(path, markers)
    if (intent === null || this.silence(path, intent) !== null) return
    const { marker, region } = intent
    const trace = { ...EMPTY_TRACE, saved, stable: saved }
    when.asked()
    this.askRemotely({ origin: 'marker', path, text, region, words: null, marker, change: null, trace })
  }

  /** False when what runs already is about this very change. */
  private async makeRoom(change: Change, region: Region, signal: AbortSignal): Promise<boolean> {
    for (const entry of this.queue.running()) {
      if (entry.suggestion.path !== change.path || entry.suggestion.lane === 'deep') continue
      const asked = entry.snapshots.get(change.path)
      // A formatter's rewrite: the reply stays good, its hunks move onto the new text.
      if (asked !== undefined && (await this.isFormatted(asked.text, change.after, signal))) return false
      const { suggestion } = entry
      // It may have come to its end meanwhile.
      if (!isRunning(suggestion)) continue
      // The person does by hand what the suggestion was about to say.
      if (asked !== undefined && doneByHand(suggestion, asked, change)) return false
      const apart = region.end <= suggestion.start || region.start >= suggestion.end
      if (!apart && !this.hand.protects(suggestion.id)) this.requests.stop(entry, 'superseded')
    }
    return true
  }

  private isFormatted(before: string, after: string, signal: AbortSignal): Promise<boolean> {
    return this.ports.work.run('formatted', { before, after }, signal)
  }

  private async askLocally(question: Question): Promise<void> {
    const { change } = question
    if (change === null) return
    const entry = this.entry(question, 'local', 'embedded engine')
    entry.change = change
    // Only a card with hunks is worth a look: nothing is shown until there is one.
    const request: ModelRequest = { lane: 'local', prompt: EMPTY_PROMPT, maxOutputTokens: 0, change }
    const own = (): ReturnType<typeof this.ports.models.stream> => this.ports.models.stream(request, NEVER)
    const events = await this.elsewhere.joined(entry, change, own, NEVER)
    if (events === null) return
    this.queue.insert(entry)
    await this.requests.take(entry, events)
    // Everything that it proposes stood in the queue already.
    if (entry.suggestion.hunks.length === 0) this.queue.remove(entry.suggestion.id)
  }

  private askModel(question: Question): Entry {
    const entry = this.entry(question, 'fast', this.ports.models.state().model)
    const about = this.memory.keep(question)
    const prompt = this.memory.compose(about, this.requests.redactorOf(entry.suggestion.id))
    entry.prompt = prompt
    entry.about = about
    entry.change = question.change
    entry.suggestion = {
      ...entry.suggestion,
      trace: { ...entry.suggestion.trace, context: this.ports.clock.now() },
    }
    this.queue.insert(entry)
    this.requests.send(entry, prompt, question.change)
    return entry
  }

  private entry(question: Question, lane: Lane, model: string): Entry {
    const { region } = question
    const suggestion: Suggestion = {
      id: this.ports.ids.next(),
      state: 'waiting',
      lane,
      origin: question.origin,
      intent: question.marker?.kind ?? null,
      path: question.path,
      start: region.start,
      end: region.end,
      words: question.words ?? (question.marker?.text || null),
      nudges: [],
      model,
      prose: [],
      notes: [],
      waitingFor: null,
      thinkingMs: null,
      failure: null,
      incompleteHunk: false,
      queued: [],
      returned: [],
      usage: null,
      hunks: [],
      trace: question.trace,
      createdAt: this.ports.clock.wall(),
    }
    return this.queue.make(suggestion, new Map([[question.path, this.queue.snapshot(question.text)]]))
  }

  private chosen(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const { models } = this.ports
      const stop = models.subscribe(() => {
        if (models.state().state === 'choosing' && !signal.aborted) return
        stop()
        resolve()
      })
      signal.addEventListener('abort', () => {
        stop()
        resolve()
      })
    })
  }

  // ── By the person ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** `place` is FILE or FILE:LINE; null: the last changed region. */
  async ask(words: string, place: string | null, signal: AbortSignal): Promise<Answered> {
    const target = await this.target(place, signal)
    if (!target.ok) return target
    const { path, text, region } = target.value
    const trace = { ...EMPTY_TRACE, saved: this.ports.clock.now() }
    const related = await this.relatedTo(target.value, signal)
    this.requests.makeWay('person')
    const entry = this.askModel({
      origin: 'ask',
      path,
      text,
      region,
      words,
      marker: null,
      change: null,
      trace,
      related,
    })
    return { ok: true, value: { suggestion: entry.suggestion.id } }
  }

  /** The request that `ask` would send; nothing is sent, and nothing is remembered. */
  async preview(words: string, place: string | null, signal: AbortSignal): Promise<Result<SeenView>> {
    const target = await this.target(place, signal)
    if (!target.ok) return target
    const redactor = createRedactor()
    const related = await this.relatedTo(target.value, signal)
    const prompt = this.memory.compose({ ...target.value, words, marker: null, related }, redactor)
    return { ok: true, value: this.requests.preview(prompt, redactor) }
  }

  private relatedTo(
    { path, text, region }: Pick<Question, 'path' | 'text' | 'region'>,
    signal: AbortSignal,
  ): Promise<readonly Excerpt[]> {
    return this.elsewhere.relatedTo(() => focusOn(path, text, region.changedStart, region.changedEnd), signal)()
  }

  private async target(
    place: string | null,
    signal: AbortSignal,
  ): Promise<Result<{ path: string; text: string; region: Region }>> {
    const last = this.lastRegion
    if (place === null && last === null) {
      return refuse('nowhere', 'nothing has changed yet: name a place, like src/total.ts:48')
    }
    const named = place === null ? null : parsePlace(place)
    const path = named?.path ?? last?.path ?? ''
    const refused = neverSent(this.ports.watch, path)
    if (refused !== null) return refused
    const content = await this.ports.files.read(path, { formerSize: null }, signal)
    if (content.kind === 'absent') return refuse('absent', `there is no file ${path} in this project`)
    if (content.kind === 'skipped') return refuse(content.code, `${path}: ${content.reason}`)
    if (this.baselines.hash(path) === null) this.baselines.set(path, content)
    if (named === null && last !== null) return { ok: true, value: { path, text: content.text, region: last.region } }
    const region = await this.ports.work.run('enclose', { text: content.text, line: named?.line ?? 1 }, signal)
    return { ok: true, value: { path, text: content.text, region } }
  }

  /** What was started within a storm is taken back: a branch switch is not a thought. */
  stopSince(at: number): void {
    for (const entry of this.queue.running()) {
      const { origin, trace } = entry.suggestion
      if (origin === 'save' && trace.saved !== null && trace.saved >= at) this.requests.stop(entry, 'superseded')
    }
  }
}

const NEVER = new AbortController().signal

/** What the person has written goes before what the parser says, and that before what is left to do. */
function strongest(written: PlacedIntent | null, broken: PlacedIntent | null): PlacedIntent | null {
  return written === null || written.marker.kind === 'todo' ? (broken ?? written) : written
}

/** Whether the file now is what was asked about with some of the suggestion's own edits, and nothing else. */
function doneByHand({ hunks }: Suggestion, asked: Snapshot, change: Change): boolean {
  const done = hunks.filter((hunk) => hunk.byHand && hunk.path === change.path && hunk.base === asked.hash)
  const edits = done.map(({ edit }) => edit)
  return done.length > 0 && !overlapping(edits) && applyEdits(asked.text, edits) === change.after
}

/** The region with the most changed lines. */
function widest(regions: readonly Region[]): Region | null {
  let best: Region | null = null
  for (const region of regions) {
    if (best === null || region.changedEnd - region.changedStart > best.changedEnd - best.changedStart) best = region
  }
  return best
}

/** `FILE:LINE` or `FILE`; a colon that no number follows belongs to the name. */
export function parsePlace(place: string): { path: string; line: number | null } {
  const match = /^(.+?):(\d+)(?:[-–:]\d+)?$/.exec(place)
  const path = (match?.[1] ?? place).replaceAll('\\', '/').replace(/^\.\//, '')
  return { path, line: match?.[2] === undefined ? null : Math.max(1, Number(match[2])) }
}
