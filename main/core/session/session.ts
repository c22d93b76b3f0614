// One watched project from save to undo: wires intake, asking, placing and deciding together, and is what every host drives.
import type {
  Calls,
  HunkReference,
  Place,
  ProjectView,
  Result,
  StatusView,
  SuggestionView,
  Trace,
  Usage,
} from '../../../preload/contract.ts'
import type { Ports } from '../ports.ts'
import { isClosed, isRunning } from '../review.ts'
import { Applies } from './applies.ts'
import { Asking } from './asking.ts'
import { Baselines } from './baselines.ts'
import { flagBrokenAgain } from './breaking.ts'
import { Conventions } from './conventions.ts'
import { Deciding, newestPending } from './deciding.ts'
import { Disk } from './disk.ts'
import { Editing } from './editing.ts'
import { Elsewhere } from './elsewhere.ts'
import { events } from './events.ts'
import { Hand } from './hand.ts'
import { Lessons } from './lessons.ts'
import { Memory } from './memory.ts'
import { Offering } from './offering.ts'
import { Requests } from './requests.ts'
import { Spending } from './spending.ts'
import { Steering } from './steering.ts'
import { ProjectState } from './project.ts'
import { Explaining } from './explaining.ts'
import { Measures } from './measures.ts'
import { Queue } from './queue.ts'
import { refuse } from './refuse.ts'
import { hunkHash, suggestionView } from './view.ts'
import { When } from './when.ts'

type Answer<Name extends keyof Calls> = Promise<Result<Calls[Name]['value']>>
type Arguments<Name extends keyof Calls> = Calls[Name]['arguments']

/** Files of the last run that are looked at before all others. */
const LIKELY_FILES = 256

export interface SessionOptions {
  readonly name: string
  readonly root: string
  /** The budget: tokens an hour after which nothing more is asked by itself; 0 for none. */
  readonly hourlyTokens: () => number
}

export class Session {
  readonly queue: Queue
  private readonly ports: Ports
  private readonly hand: Hand
  private readonly spending: Spending
  private readonly project: ProjectState
  private readonly when: When
  private readonly memory: Memory
  private readonly baselines: Baselines
  private readonly applies: Applies
  private readonly offering: Offering
  private readonly team: Conventions
  private readonly lessons: Lessons
  private readonly requests: Requests
  private readonly steering: Steering
  private readonly asking: Asking
  private readonly deciding: Deciding
  private readonly editing: Editing
  private readonly explaining: Explaining
  private readonly disk: Disk
  private readonly ending = new AbortController()
  private readonly stopModels: () => void

  constructor(ports: Ports, options: SessionOptions) {
    const { signal } = this.ending
    this.ports = ports
    this.applies = new Applies(ports, (hash) => this.queue.holds(hash))
    this.spending = new Spending(ports.clock, options.hourlyTokens, () => this.queue.projectChanged())
    const measures = new Measures()
    this.when = new When(ports, () => this.queue.projectChanged())
    this.project = new ProjectState(
      ports,
      options,
      this.applies,
      this.spending,
      () => this.when.view(),
      () => this.queue.projectChanged(),
      () => this.team.proposed,
      measures,
    )
    this.team = new Conventions(
      ports,
      {
        changed: () => this.queue.projectChanged(),
        ruled: () => void flagBrokenAgain(ports, this.queue, this.team),
        write: (path, after) => this.deciding.put(path, after),
      },
      signal,
    )
    this.hand = new Hand(ports.clock)
    this.queue = new Queue(
      ports,
      (message) => this.project.fault(message),
      (id) => this.hand.has(id),
    )
    this.lessons = new Lessons(this.queue, this.team)
    this.memory = new Memory(ports.hash.text(options.root), ports.clock, {
      conventions: (path, units) => this.team.toldFor(path, units),
      ignores: (path) => ports.watch.ignores(path),
    })
    this.baselines = new Baselines(ports)
    this.offering = new Offering(ports)
    const shared = {
      ports,
      queue: this.queue,
      baselines: this.baselines,
      offering: this.offering,
      measures,
      team: this.team,
      suggested: (trace: Trace) => this.project.suggested(trace),
    }
    const used = (usage: Usage): void => {
      this.spending.add(usage)
      this.queue.projectChanged()
    }
    this.requests = new Requests(shared, this.hand, used)
    this.explaining = new Explaining(ports, this.queue, this.requests, used)
    this.steering = new Steering(ports, this.queue, this.baselines, this.memory, this.requests)
    const elsewhere = new Elsewhere(ports, this.queue, this.baselines)
    this.asking = new Asking(ports, this.queue, this.baselines, this.memory, this.hand, this.requests, elsewhere, {
      inStorm: (at) => this.disk.inStorm(at),
      paused: () => this.project.paused,
      exhausted: () => this.spending.exhausted,
      quiet: (text) => this.project.quiet(text),
      behind: (work) => this.behind(work),
      rejected: () => this.offering.rejectedEchoes(),
      when: this.when,
    })
    this.disk = new Disk(
      {
        ports,
        queue: this.queue,
        baselines: this.baselines,
        applies: this.applies,
        asking: this.asking,
        memory: this.memory,
        project: this.project,
        team: this.team,
        when: this.when,
        behind: (work) => this.behind(work),
        failed: (error) => this.failed(error),
      },
      signal,
    )
    this.editing = new Editing(ports, this.queue, this.team)
    this.deciding = new Deciding(ports, this.queue, this.baselines, this.applies, this.disk.writing, signal)
    const ignore = (): void => undefined
    this.queue.listen({
      suggestion: ignore,
      text: ignore,
      project: ignore,
      removed: (id) => this.requests.forget(id),
    })
    this.stopModels = ports.models.subscribe(() => this.queue.projectChanged())
  }

  /** Loads what was kept, settles what a crash left open, and watches. */
  async start(): Promise<void> {
    const { queue, applies, baselines, offering, when, team } = this
    const parts = [queue, applies, baselines, offering, when, team]
    const loaded = Promise.all(parts.map((part) => part.load())).then(() => this.deciding.recover())
    const likely = loaded.then(() => baselines.latest(LIKELY_FILES))
    // Who starts is told by `loaded`.
    likely.catch(() => undefined)
    this.disk.watch(likely)
    await loaded
    if (!this.ending.signal.aborted) await this.disk.placeAll()
  }

  /** Nobody waits for it: what it fails with is written down, and what ends with the session is no failure. */
  private behind(work: Promise<unknown>): void {
    void work.catch((error) => this.failed(error))
  }

  private failed(error: unknown): void {
    if (!this.ending.signal.aborted) this.ports.log.error('a step of the session failed', error)
  }

  // ── What the window and the command line ask ───────────────────────────────────────────────────────────────────────

  /** What goes beyond what was asked has to be unfolded first: nobody writes it by the way. */
  async accept({ hunks }: Arguments<'accept'>): Answer<'accept'> {
    for (const { hunk } of hunks) {
      const found = this.queue.hunk(hunk)?.hunk
      if (found?.beyond && isClosed(found))
        return refuse('folded', `${found.beyond.why}: unfold it in the window first`)
    }
    const result = await this.lessons.from(hunks, 'accepted', () => this.deciding.accept(hunks))
    if (result.ok) {
      this.decided('applied', result.value.places)
      this.welcome('accepted', hunks)
    }
    return result
  }

  async reject({ hunks }: Arguments<'reject'>): Answer<'reject'> {
    const result = await this.lessons.from(hunks, 'rejected', () => this.deciding.reject(hunks))
    if (result.ok) {
      this.offering.remember(hunks.flatMap(({ hunk }) => this.queue.hunk(hunk) ?? []))
      this.welcome('rejected', hunks)
    }
    return result
  }

  /** Only what came unasked tells whether it was welcome; several hunks of one suggestion count once. */
  private welcome(decision: 'accepted' | 'rejected', hunks: readonly HunkReference[]): void {
    for (const id of new Set(hunks.map(({ suggestion }) => suggestion))) {
      const suggestion = this.queue.get(id)?.suggestion
      if (suggestion?.origin === 'save' && suggestion.nudges.length === 0) this.when.decided(decision)
    }
  }

  undo(): Answer<'undo'> {
    return this.takeBack({ apply: null })
  }

  async redo({ apply }: Arguments<'redo'>): Answer<'redo'> {
    const result = await this.deciding.redo(apply)
    if (result.ok) this.decided('applied', result.value.places)
    return result
  }

  async takeBack({ apply }: { readonly apply: string | null }): Answer<'takeBack'> {
    const result = await this.deciding.undo(apply)
    if (result.ok) this.decided('undone', result.value.places)
    return result
  }

  unfold({ hunk }: Arguments<'unfold'>): Answer<'unfold'> {
    return this.editing.unfold(hunk)
  }

  why({ hunk }: Arguments<'why'>, signal: AbortSignal): Answer<'why'> {
    return this.explaining.why(hunk, AbortSignal.any([signal, this.ending.signal]))
  }

  edit({ hunk, lines }: Arguments<'edit'>): Answer<'edit'> {
    return this.lessons.editing(hunk.hunk, () => this.editing.edit(hunk, lines))
  }

  async conventions(): Answer<'conventions'> {
    return { ok: true, value: this.team.view() }
  }

  conventionDecide({ key, decision, words }: Arguments<'conventionDecide'>): Answer<'conventionDecide'> {
    return this.team.decide(key, decision, words)
  }

  split({ hunk, picked }: Arguments<'split'>): Answer<'split'> {
    return this.editing.split(hunk, picked)
  }

  place({ hunk, line }: Arguments<'place'>): Answer<'place'> {
    return this.editing.place(hunk, line)
  }

  private decided(what: 'applied' | 'undone', places: readonly Place[]): void {
    this.project.applied(what, [...new Set(places.map((place) => place.path))])
  }

  async seen({ suggestion }: Arguments<'seen'>): Answer<'seen'> {
    const entry = this.queue.get(suggestion)
    if (entry === undefined) return { ok: false, failure: { code: 'gone', message: 'that suggestion is gone already' } }
    return { ok: true, value: this.requests.seen(entry) }
  }

  preview({ text, place }: Arguments<'preview'>): Answer<'preview'> {
    return this.asking.preview(text, place, this.ending.signal)
  }

  /** For editors' keymaps: the named hunk, else the one in hand, else the newest pending one. */
  async decide({ id, decision }: Arguments<'decide'>): Answer<'decide'> {
    // A hunk may just be moving because of the decision before this one.
    await this.deciding.settled()
    const reference = id === null ? (this.inHand() ?? this.newest()) : this.named(id)
    if (reference === null) {
      const folded =
        this.queue.pendingCount() > 0 ? ': what is left goes beyond what you asked, and is decided in the window' : ''
      const message = id === null ? `nothing to ${decision}${folded}` : `there is no hunk ${id}`
      return { ok: false, failure: { code: 'nothing', message } }
    }
    return decision === 'accept' ? this.accept({ hunks: [reference] }) : this.reject({ hunks: [reference] })
  }

  private inHand(): HunkReference | null {
    const { reference } = this.hand
    const found = reference && this.queue.hunk(reference.hunk)
    return found?.hunk.state === 'pending' ? reference : null
  }

  private newest(): HunkReference | null {
    const found = newestPending(this.queue)
    return found === null ? null : this.named(found.hunk.id)
  }

  private named(id: string): HunkReference | null {
    const found = this.queue.hunk(id)
    if (found === null) return null
    return { suggestion: found.entry.suggestion.id, hunk: id, hash: hunkHash(this.ports.hash, found.hunk) }
  }

  async interrupt({ suggestion }: Arguments<'interrupt'>): Answer<'interrupt'> {
    return { ok: true, value: { stopped: this.steering.interrupt(suggestion) } }
  }

  async nudge({ suggestion, text }: Arguments<'nudge'>): Answer<'nudge'> {
    const result = await this.steering.nudge(suggestion, text)
    if (result.ok) this.lessons.nudged(result.value.suggestion, text)
    return result
  }

  continue({ suggestion }: Arguments<'continue'>): Answer<'continue'> {
    return this.steering.continue(suggestion)
  }

  retry({ suggestion }: Arguments<'retry'>): Answer<'retry'> {
    return this.steering.retry(suggestion)
  }

  async deeper({ suggestion }: Arguments<'deeper'>): Answer<'deeper'> {
    return this.steering.deeper(suggestion)
  }

  ask({ text, place }: Arguments<'ask'>): Answer<'ask'> {
    return this.asking.ask(text, place, this.ending.signal)
  }

  async dismiss({ suggestion }: Arguments<'dismiss'>): Answer<'dismiss'> {
    const entry = this.queue.get(suggestion)
    if (entry === undefined) return { ok: false, failure: { code: 'gone', message: 'that suggestion is gone already' } }
    if (isRunning(entry.suggestion) || entry.suggestion.hunks.some((hunk) => hunk.state === 'pending')) {
      return { ok: false, failure: { code: 'open', message: 'it still has something to decide' } }
    }
    this.queue.remove(suggestion)
    return { ok: true, value: { suggestion } }
  }

  async status(): Answer<'status'> {
    const suggestions = this.queue.newest().map((entry) => suggestionView(this.ports.hash, entry.suggestion))
    const streaming = this.queue.running().length
    const value: StatusView = {
      project: this.project.view(),
      streaming,
      pending: this.queue.pendingCount(),
      suggestions,
    }
    return { ok: true, value }
  }

  async setHand(hand: Arguments<'hand'>): Answer<'hand'> {
    this.hand.set(hand)
    return { ok: true, value: null }
  }

  async painted({ suggestion, lag }: Arguments<'painted'>): Answer<'painted'> {
    const before = this.queue.get(suggestion)?.suggestion
    const after = this.queue.dispatch(suggestion, { type: 'painted', lag })
    if (after !== undefined && after !== before) this.project.painted(after.trace)
    return { ok: true, value: null }
  }

  async pause({ paused }: Arguments<'pause'>): Answer<'pause'> {
    this.project.pause(paused)
    return { ok: true, value: null }
  }

  async trigger({ trigger, pauseMs }: Arguments<'trigger'>): Answer<'trigger'> {
    return { ok: true, value: this.when.choose(trigger, pauseMs) }
  }

  async mute({ mute }: Arguments<'mute'>): Answer<'mute'> {
    return { ok: true, value: this.when.mute(mute) }
  }

  async unmute({ mute }: Arguments<'unmute'>): Answer<'unmute'> {
    return { ok: true, value: this.when.unmute(mute) }
  }

  async resetWait(): Answer<'resetWait'> {
    return { ok: true, value: this.when.resetWait() }
  }

  /** One line for people about the settings or the store, or null. */
  settingsFault(fault: string | null): void {
    this.project.settingsFault(fault)
  }

  /** Batches of what changed, for one window; see events.ts. */
  events(signal: AbortSignal): ReturnType<typeof events> {
    return events(
      {
        queue: this.queue,
        clock: this.ports.clock,
        project: (): ProjectView => this.project.view(),
        view: (id): SuggestionView | null => {
          const entry = this.queue.get(id)
          return entry === undefined ? null : suggestionView(this.ports.hash, entry.suggestion)
        },
      },
      signal,
    )
  }

  /** Stops asking, lets a decision that is under way finish, and writes down what is not stored yet. */
  async close(): Promise<void> {
    for (const entry of this.queue.running()) this.requests.stop(entry, 'interrupted')
    await this.deciding.settled()
    this.ending.abort()
    this.disk.close()
    this.team.close()
    this.when.close()
    this.spending.close()
    this.stopModels()
    await this.baselines.flush()
    await this.queue.flush()
  }
}
