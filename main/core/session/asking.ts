// What is asked, and when: one question a change, at most two at once; interrupt, nudge, continue, retry, think deeper.
import type { Failure, Lane, Origin, Result, Trace } from '../../../preload/contract.ts'
import type { ModelEvent, ModelRequest, Ports, Prompt } from '../ports.ts'
import { EMPTY_TRACE, isRunning, type Suggestion } from '../review.ts'
import { createRedactor, isSecretPath, type Redactor } from '../redact.ts'
import { findMarkers, type Marker } from '../context.ts'
import { sameButFormatting, type Region } from '../region.ts'
import { composeContinuation, composeDeeper } from '../prompt.ts'
import type { Baselines } from './baselines.ts'
import type { Hand } from './hand.ts'
import type { Change } from './intake.ts'
import type { Memory } from './memory.ts'
import type { Entry, Queue } from './queue.ts'
import { Runner, type Run } from './running.ts'

export interface AskingOptions {
  readonly inStorm: (at: number) => boolean
  readonly paused: () => boolean
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
/** A second press within this time stops everything. */
const SECOND_PRESS_MS = 1000
/** A press this soon after the end of what was painted last was meant for it: it does nothing. */
const LATE_PRESS_MS = 300
const OUTPUT_TOKENS: Record<Lane, number> = { fast: 4096, deep: 16_384, local: 0 }

type Answered = Result<{ readonly suggestion: string }>

export class Asking {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly memory: Memory
  private readonly hand: Hand
  private readonly options: AskingOptions
  private readonly runner: Runner
  private readonly runs = new Map<string, AbortController>()
  /** Needed to read the placeholders in a reply; never stored, so after a restart such hunks are refused. */
  private readonly redactors = new Map<string, Redactor>()
  private readonly firedMarkers = new Set<string>()
  private lastRegion: { readonly path: string; readonly region: Region } | null = null
  private lastPress = -Infinity

  constructor(
    ports: Ports,
    queue: Queue,
    baselines: Baselines,
    memory: Memory,
    hand: Hand,
    options: AskingOptions,
  ) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.memory = memory
    this.hand = hand
    this.options = options
    this.runner = new Runner(ports, queue, baselines)
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
    if (marker === null) void this.askLocally(question)
    // Who answers is known within moments of the start; until then only the embedded engine does.
    if (this.ports.models.state().state === 'choosing') await this.chosen(signal)
    if (signal.aborted || this.ports.models.state().kind === 'local') {
      if (marker !== null) this.askModel(question)
      return
    }
    this.askModel(question)
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
      if (asked !== undefined && sameButFormatting(asked, change.after)) return false
      const apart = region.end <= suggestion.start || region.start >= suggestion.end
      if (!apart && !this.hand.protects(suggestion.id)) this.stop(entry, 'superseded')
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
    for await (const event of this.ports.models.stream(request('local', EMPTY_PROMPT, change), NEVER)) {
      if (event.type === 'failed') this.ports.log.info(`the embedded engine gave up: ${event.failure.message}`)
      events.push(event)
    }
    if (!events.some((event) => event.type === 'hunk')) return
    this.queue.insert(entry)
    await this.start(entry, () => replay(events), null)
    // Everything that it proposes stood in the queue already.
    if (entry.suggestion.hunks.length === 0) this.queue.remove(entry.suggestion.id)
  }

  private askModel(question: Question): Entry {
    const rivals = this.queue.running().filter(({ suggestion }) => suggestion.lane === 'fast')
    if (question.origin !== 'ask' && rivals.length >= IN_FLIGHT) {
      const second = rivals.find(({ suggestion }) => suggestion.origin !== 'ask' && !this.hand.protects(suggestion.id))
      if (second) this.stop(second, 'superseded')
    }
    const redactor = createRedactor()
    const prompt = this.memory.compose(question, redactor)
    const entry = this.entry(question, 'fast', this.ports.models.state().model)
    entry.prompt = prompt
    entry.change = question.change
    this.redactors.set(entry.suggestion.id, redactor)
    entry.suggestion = {
      ...entry.suggestion,
      trace: { ...entry.suggestion.trace, context: this.ports.clock.now() },
    }
    this.queue.insert(entry)
    void this.start(entry, this.stream(request('fast', prompt, question.change)), null)
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
      hunks: [],
      trace: question.trace,
      createdAt: this.ports.clock.wall(),
    }
    return this.queue.make(suggestion, new Map([[question.path, question.text]]))
  }

  private stream(request: ModelRequest): Run['stream'] {
    return (signal) => this.ports.models.stream(request, signal)
  }

  private async start(entry: Entry, stream: Run['stream'], continues: string | null): Promise<void> {
    const { id } = entry.suggestion
    this.runs.get(id)?.abort()
    const controller = new AbortController()
    this.runs.set(id, controller)
    const redactor = this.redactors.get(id) ?? null
    await this.runner.run(
      { entry, stream, redactor, continues, inHand: (hunk) => this.hand.holds(hunk) },
      controller.signal,
    )
    if (this.runs.get(id) === controller) this.runs.delete(id)
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

  /** Stops the socket first and tells second. Names what it stopped. */
  interrupt(id: string | null): readonly string[] {
    const now = this.ports.clock.now()
    const second = now - this.lastPress < SECOND_PRESS_MS
    this.lastPress = now
    const stopped = this.meant(id, second, now)
    for (const entry of stopped) this.stop(entry, 'interrupted')
    return stopped.map((entry) => entry.suggestion.id)
  }

  private meant(id: string | null, second: boolean, now: number): readonly Entry[] {
    const running = this.queue.running()
    if (id !== null) return running.filter(({ suggestion }) => suggestion.id === id)
    if (second) return running
    const last = this.paintedLast()
    if (last === null) return running.slice(0, 1)
    if (isRunning(last.suggestion)) return [last]
    if (last.endedAt !== null && now - last.endedAt < LATE_PRESS_MS) return []
    return running.slice(0, 1)
  }

  /** The suggestion whose text was handed to a window last. */
  private paintedLast(): Entry | null {
    let last: Entry | null = null
    for (const entry of this.queue.entries.values()) {
      if (entry.shownAt !== null && entry.shownAt > (last?.shownAt ?? -Infinity)) last = entry
    }
    return last
  }

  private stop(entry: Entry, how: 'interrupted' | 'superseded'): void {
    const { id } = entry.suggestion
    this.runs.get(id)?.abort()
    this.runs.delete(id)
    this.queue.dispatch(id, { type: how, at: this.ports.clock.now() })
  }

  /** What was started within a storm is taken back: a branch switch is not a thought. */
  stopSince(at: number): void {
    for (const entry of this.queue.running()) {
      const { origin, trace } = entry.suggestion
      if (origin === 'save' && trace.saved !== null && trace.saved >= at) this.stop(entry, 'superseded')
    }
  }

  /** Several nudges in a row each take effect, in their order: each stands in the request that follows it. */
  async nudge(id: string | null, text: string): Promise<Answered> {
    const entry = this.steerable(id)
    if (entry === null) return refuse('nothing', 'nothing to nudge')
    if (entry.suggestion.lane === 'local' && entry.prompt === null) {
      return refuse('local', 'the embedded engine takes no words: use Ask, with a model')
    }
    return this.resume(entry, text)
  }

  async continue(id: string | null): Promise<Answered> {
    const entry = id === null ? this.newestIn(['interrupted']) : this.queue.get(id)
    const state = entry?.suggestion.state
    if (!entry || (state !== 'interrupted' && state !== 'ready')) return refuse('nothing', 'nothing to continue')
    if (state === 'ready' && entry.prompt === null) {
      return refuse('local', 'the embedded engine has said everything it knows')
    }
    // A whole reply has no cut end to go on from: there it is a word like any other.
    return this.resume(entry, state === 'ready' ? GO_ON : null)
  }

  async retry(id: string): Promise<Answered> {
    const entry = this.queue.get(id)
    if (entry === undefined || entry.suggestion.state !== 'failed') return refuse('nothing', 'nothing to retry')
    return this.resume(entry, null)
  }

  private async resume(entry: Entry, nudge: string | null): Promise<Answered> {
    const { id, path, lane } = entry.suggestion
    if (isRunning(entry.suggestion)) this.stop(entry, 'interrupted')
    const { prompt } = entry
    if (prompt === null) {
      this.queue.dispatch(id, { type: 'resumed', nudge })
      void this.start(entry, this.stream(request(lane, EMPTY_PROMPT, entry.change)), null)
      return { ok: true, value: { suggestion: id } }
    }
    const reply = entry.transcript.slice(entry.replyFrom)
    const present = await this.baselines.get(path)
    const text = present?.text ?? entry.snapshots.get(path) ?? ''
    entry.snapshots.clear()
    entry.snapshots.set(path, text)
    this.queue.dispatch(id, { type: 'resumed', nudge })
    const redactor = this.redactorOf(id)
    const anew = reply === '' && nudge === null
    const next = anew
      ? prompt
      : composeContinuation(
          prompt,
          { reply, nudges: entry.suggestion.nudges, hunks: entry.suggestion.hunks, path, text, cut: nudge === null },
          redactor,
        )
    if (nudge !== null) {
      this.queue.append(entry, `${reply === '' || reply.endsWith('\n') ? '' : '\n'}\n» ${nudge}\n\n`)
      entry.replyFrom = entry.transcript.length
    }
    void this.start(entry, this.stream(request(lane, next, null)), nudge === null && !anew ? reply : null)
    return { ok: true, value: { suggestion: id } }
  }

  /** The same request to the deep model, with what the fast one said; its hunks come into the same queue. */
  deeper(id: string): Answered {
    const entry = this.queue.get(id)
    if (entry === undefined) return refuse('gone', 'that suggestion is not in the queue any more')
    if (this.ports.models.state().kind === 'local' || entry.prompt === null) {
      return refuse('local', 'thinking deeper needs a model: set OPENAI_API_KEY or start a local model server')
    }
    const { suggestion } = entry
    const redactor = this.redactorOf(id)
    const prompt = composeDeeper(entry.prompt, entry.transcript.slice(entry.replyFrom), redactor)
    const deep = this.queue.make(
      {
        ...suggestion,
        id: this.ports.ids.next(),
        state: 'waiting',
        lane: 'deep',
        origin: 'deeper',
        model: this.ports.models.state().deepModel,
        prose: [],
        notes: [],
        hunks: [],
        failure: null,
        incompleteHunk: false,
        thinkingMs: null,
        trace: { ...EMPTY_TRACE, saved: this.ports.clock.now() },
        createdAt: this.ports.clock.wall(),
      },
      new Map(entry.snapshots),
    )
    deep.prompt = prompt
    deep.change = null
    this.redactors.set(deep.suggestion.id, redactor)
    this.queue.insert(deep)
    void this.start(deep, this.stream(request('deep', prompt, null)), null)
    return { ok: true, value: { suggestion: deep.suggestion.id } }
  }

  private steerable(id: string | null): Entry | null {
    if (id !== null) {
      const entry = this.queue.get(id)
      return entry && STEERABLE.has(entry.suggestion.state) ? entry : null
    }
    const last = this.paintedLast()
    if (last && STEERABLE.has(last.suggestion.state)) return last
    return this.newestIn([...STEERABLE])
  }

  private newestIn(states: readonly string[]): Entry | null {
    return this.queue.newest().find(({ suggestion }) => states.includes(suggestion.state)) ?? null
  }

  /** All requests of a suggestion share their placeholders. */
  private redactorOf(id: string): Redactor {
    const redactor = this.redactors.get(id) ?? createRedactor()
    this.redactors.set(id, redactor)
    return redactor
  }

  forget(id: string): void {
    this.redactors.delete(id)
  }

  close(): void {
    for (const entry of this.queue.running()) this.stop(entry, 'interrupted')
  }
}

const NEVER = new AbortController().signal
const EMPTY_PROMPT: Prompt = { instructions: '', messages: [], cacheKey: '' }
const GO_ON = 'go on'
const STEERABLE: ReadonlySet<string> = new Set(['waiting', 'streaming', 'interrupted', 'ready'])

function request(lane: Lane, prompt: Prompt, change: Entry['change']): ModelRequest {
  return { lane, prompt, maxOutputTokens: OUTPUT_TOKENS[lane], change }
}

async function* replay(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events
}

function refuse(code: string, message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message } }
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

