// What is asked, and when: one question a change, at most two at once; and what the person asks in words.
import type { Lane, Origin, Result, SeenView, Trace } from '../../../preload/contract.ts'
import type { ModelEvent, ModelRequest, Ports } from '../ports.ts'
import { EMPTY_TRACE, type Suggestion } from '../review.ts'
import { createRedactor, isSecretPath } from '../redact.ts'
import { findMarkers, type Marker } from '../context.ts'
import { sameButFormatting, type Region } from '../region.ts'
import type { Baselines } from './baselines.ts'
import type { Hand } from './hand.ts'
import type { Change } from './intake.ts'
import type { Memory } from './memory.ts'
import { applyEdits, overlapping } from '../patch.ts'
import type { Entry, Queue, Snapshot } from './queue.ts'
import { EMPTY_PROMPT, type Requests } from './requests.ts'
import { refuse } from './refuse.ts'
import type { Answered } from './steering.ts'

export interface AskingOptions {
  readonly inStorm: (at: number) => boolean
  readonly paused: () => boolean
  readonly exhausted: () => boolean
  readonly quiet: (text: string) => void
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
}

/** At most two requests of the fast lane in flight; a third takes the place of the second. */
const IN_FLIGHT = 2
export class Asking {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly memory: Memory
  private readonly hand: Hand
  private readonly options: AskingOptions
  private readonly requests: Requests
  private readonly firedMarkers = new Set<string>()
  private lastRegion: { readonly path: string; readonly region: Region } | null = null

  constructor(
    ports: Ports,
    queue: Queue,
    baselines: Baselines,
    memory: Memory,
    hand: Hand,
    requests: Requests,
    options: AskingOptions,
  ) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.memory = memory
    this.hand = hand
    this.options = options
    this.requests = requests
  }

  // ── By itself ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A settled change: asks at most one question about it. */
  async changed(change: Change, signal: AbortSignal): Promise<void> {
    const { path, before, after } = change
    if (isSecretPath(path) !== null) {
      this.options.quiet(`${path} holds keys: it is never read for a question`)
      return
    }
    const analysis = await this.ports.work.run('regions', { path, before, after }, signal)
    const region = widest(analysis.regions)
    if (region === null || analysis.onlyWhitespace) return
    const now = this.ports.clock.now()
    this.lastRegion = { path, region }
    if (this.options.paused() || this.options.inStorm(now)) return
    if (!this.makeRoom(change, region)) return
    const trace: Trace = {
      ...EMPTY_TRACE,
      saved: change.saved,
      stable: change.stable,
      region: now,
      policyWait: change.policyWait,
    }
    const marker = this.newMarker(path, after, analysis.regions)
    const question: Question = {
      origin: marker === null ? 'save' : 'marker',
      path,
      text: after,
      region,
      words: null,
      marker,
      change: { path, before, after, history: this.memory.changesBefore(path) },
      trace,
    }
    const { models } = this.ports
    // Who answers is known within moments of the start; until then only the embedded engine does.
    if (models.state().state === 'choosing') {
      if (marker === null) void this.askLocally(question)
      await this.chosen(signal)
      if (!signal.aborted && (models.state().kind !== 'local' || marker !== null)) this.askRemotely(question)
      return
    }
    // The model first: it is the one that takes time. A marker is words, which the embedded engine does not read.
    if (models.state().kind !== 'local' || marker !== null) this.askRemotely(question)
    if (marker === null) void this.askLocally(question)
  }

  private askRemotely(question: Question): void {
    if (this.options.exhausted()) this.options.quiet('the hourly budget of tokens is used up: nothing asked')
    else this.askModel(question)
  }

  /** A file seen for the first time asks for nothing, unless it holds a marker. */
  firstSight(path: string, text: string, saved: number): void {
    if (isSecretPath(path) !== null || this.options.paused() || this.options.inStorm(saved)) return
    const end = text.split('\n').length + 1
    const marker = this.newMarker(path, text, [{ changedStart: 1, changedEnd: end }])
    if (marker === null) return
    const region = { start: marker.line, end: marker.line + 1, changedStart: marker.line, changedEnd: marker.line + 1 }
    const trace = { ...EMPTY_TRACE, saved, stable: saved }
    this.askModel({ origin: 'marker', path, text, region, words: null, marker, change: null, trace })
  }

  /** A marker in the changed lines that has not asked yet; it fires once per text and place. */
  private newMarker(
    path: string,
    text: string,
    regions: readonly Pick<Region, 'changedStart' | 'changedEnd'>[],
  ): Marker | null {
    const found = findMarkers(path, text).find(
      (marker) =>
        !this.firedMarkers.has(`${path}\n${marker.text}`) &&
        regions.some((region) => marker.line >= region.changedStart && marker.line < region.changedEnd),
    )
    if (found === undefined) return null
    this.firedMarkers.add(`${path}\n${found.text}`)
    return found
  }

  /** False when what runs already is about this very change. */
  private makeRoom(change: Change, region: Region): boolean {
    for (const entry of this.queue.running()) {
      const { suggestion } = entry
      if (suggestion.path !== change.path || suggestion.lane === 'deep') continue
      const asked = entry.snapshots.get(change.path)
      // A formatter's rewrite: the reply stays good, its hunks move onto the new text.
      if (asked !== undefined && sameButFormatting(asked.text, change.after)) return false
      // The person does by hand what the suggestion was about to say.
      if (asked !== undefined && doneByHand(suggestion, asked, change)) return false
      const apart = region.end <= suggestion.start || region.start >= suggestion.end
      if (!apart && !this.hand.protects(suggestion.id)) this.requests.stop(entry, 'superseded')
    }
    return true
  }

  private async askLocally(question: Question): Promise<void> {
    const { change } = question
    if (change === null) return
    const entry = this.entry(question, 'local', 'embedded engine')
    entry.change = change
    // Only a card with hunks is worth a look: nothing is shown until there is one.
    const events: ModelEvent[] = []
    const request: ModelRequest = { lane: 'local', prompt: EMPTY_PROMPT, maxOutputTokens: 0, change }
    for await (const event of this.ports.models.stream(request, NEVER)) {
      if (event.type === 'failed') this.ports.log.info(`the embedded engine gave up: ${event.failure.message}`)
      events.push(event)
    }
    if (!events.some((event) => event.type === 'hunk')) return
    this.queue.insert(entry)
    await this.requests.take(entry, events)
    // Everything that it proposes stood in the queue already.
    if (entry.suggestion.hunks.length === 0) this.queue.remove(entry.suggestion.id)
  }

  private askModel(question: Question): Entry {
    const rivals = this.queue.running().filter(({ suggestion }) => suggestion.lane === 'fast')
    if (question.origin !== 'ask' && rivals.length >= IN_FLIGHT) {
      const second = rivals.find(({ suggestion }) => suggestion.origin !== 'ask' && !this.hand.protects(suggestion.id))
      if (second) this.requests.stop(second, 'superseded')
    }
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
      path: question.path,
      start: region.start,
      end: region.end,
      words: question.words ?? question.marker?.text ?? null,
      nudges: [],
      model,
      prose: [],
      notes: [],
      waitingFor: null,
      thinkingMs: null,
      failure: null,
      incompleteHunk: false,
      queued: null,
      returned: null,
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
    const entry = this.askModel({ origin: 'ask', path, text, region, words, marker: null, change: null, trace })
    return { ok: true, value: { suggestion: entry.suggestion.id } }
  }

  /** The request that `ask` would send; nothing is sent, and nothing is remembered. */
  async preview(words: string, place: string | null, signal: AbortSignal): Promise<Result<SeenView>> {
    const target = await this.target(place, signal)
    if (!target.ok) return target
    const redactor = createRedactor()
    const prompt = this.memory.compose({ ...target.value, words, marker: null }, redactor)
    return { ok: true, value: this.requests.preview(prompt, redactor) }
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
    if (isSecretPath(path) !== null) return refuse('secret', `${path} holds keys: it is never sent`)
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
