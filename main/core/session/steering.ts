// Steering what was asked: interrupt, nudge, continue, retry, think deeper.
import type { Result } from '../../../preload/contract.ts'
import type { Ports } from '../ports.ts'
import { cutReply } from '../continuation.ts'
import { composeContinuation, composeDeeper } from '../prompt.ts'
import { EMPTY_TRACE, isRunning } from '../review.ts'
import type { Baselines } from './baselines.ts'
import type { Memory } from './memory.ts'
import type { Entry, Queue } from './queue.ts'
import { neverSent } from './never-sent.ts'
import { refuse } from './refuse.ts'
import { EMPTY_PROMPT, type Requests } from './requests.ts'

/** A second press within this time stops everything. */
const SECOND_PRESS_MS = 1000
/** A press this soon after the end of what was painted last was meant for it: it does nothing. */
const LATE_PRESS_MS = 300
const NEVER = new AbortController().signal
const GO_ON = 'go on'
const STEERABLE: ReadonlySet<string> = new Set(['waiting', 'streaming', 'interrupted', 'ready'])

/** Words whose way is not known yet: the reply that runs takes them up, or they go into the next request. */
interface Words {
  readonly entry: Entry
  /** `sent`: another nudge has taken them along. `stopped`: a person has stopped the reply that they were said into. */
  fate: 'open' | 'sent' | 'stopped'
}

export type Answered = Result<{ readonly suggestion: string }>

export class Steering {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly memory: Memory
  private readonly requests: Requests
  private readonly open = new Set<Words>()
  private lastPress = -Infinity

  constructor(ports: Ports, queue: Queue, baselines: Baselines, memory: Memory, requests: Requests) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.memory = memory
    this.requests = requests
  }

  /** Stops the socket first and tells second. Names what it stopped. */
  interrupt(id: string | null): readonly string[] {
    const now = this.ports.clock.now()
    const second = now - this.lastPress < SECOND_PRESS_MS
    this.lastPress = now
    const stopped = this.meant(id, second, now)
    for (const entry of stopped) {
      this.requests.stop(entry, 'interrupted')
      this.settleWords(entry, 'stopped')
    }
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

  /** The suggestion whose text was handed to a window last. The embedded engine's stand there at once: nobody stops or reshapes them. */
  private paintedLast(): Entry | null {
    let last: Entry | null = null
    for (const entry of this.queue.entries.values()) {
      if (entry.suggestion.lane === 'local') continue
      if (entry.shownAt !== null && entry.shownAt > (last?.shownAt ?? -Infinity)) last = entry
    }
    return last
  }

  /** Several nudges in a row each take effect, in their order: each stands in the request that follows it. */
  async nudge(id: string | null, text: string): Promise<Answered> {
    const entry = this.steerable(id)
    if (entry === null) return refuse('nothing', 'nothing to nudge')
    if (entry.suggestion.lane === 'local' && entry.prompt === null) {
      return refuse('local', 'the embedded engine takes no words: use Ask, with a model')
    }
    const refused = neverSent(this.ports.watch, entry.suggestion.path)
    if (refused !== null) return refused
    const { id: suggestion, state, trace } = entry.suggestion
    this.makeWay(entry)
    this.requests.reshape(suggestion)
    this.queue.dispatch(suggestion, { type: 'queued', text })
    // A reply that runs knows nothing of what was accepted since it began: that stands in the request that follows.
    if (state !== 'streaming' || trace.accepted !== null) return this.resume(entry, [text])
    // Where model and connection take words in mid-reply, nothing has to be stopped. They leave the machine like all others.
    const words: Words = { entry, fate: 'open' }
    this.open.add(words)
    const answer = await this.ports.models.steer(suggestion, this.requests.redactorOf(suggestion).redact(text))
    this.open.delete(words)
    if (answer === 'queued' || words.fate === 'sent') return { ok: true, value: { suggestion } }
    if (words.fate === 'stopped') return refuse('stopped', 'stopped before your words were taken up: say them again')
    return this.resume(entry, [text])
  }

  private settleWords(entry: Entry, fate: Words['fate']): void {
    for (const words of this.open) if (words.entry === entry && words.fate === 'open') words.fate = fate
  }

  async continue(id: string | null): Promise<Answered> {
    const entry = id === null ? this.newestIn(['interrupted']) : this.queue.get(id)
    const state = entry?.suggestion.state
    if (!entry || (state !== 'interrupted' && state !== 'ready')) return refuse('nothing', 'nothing to continue')
    if (state === 'ready' && entry.prompt === null) {
      return refuse('local', 'the embedded engine has said everything it knows')
    }
    const refused = neverSent(this.ports.watch, entry.suggestion.path)
    if (refused !== null) return refused
    this.makeWay(entry)
    // A whole reply has no cut end to go on from: there it is a word like any other.
    return this.resume(entry, state === 'ready' ? [GO_ON] : [])
  }

  async retry(id: string): Promise<Answered> {
    const entry = this.queue.get(id)
    if (entry === undefined || entry.suggestion.state !== 'failed') return refuse('nothing', 'nothing to retry')
    const refused = neverSent(this.ports.watch, entry.suggestion.path)
    if (refused !== null) return refused
    this.makeWay(entry)
    return this.resume(entry, [])
  }

  /** A suggestion that goes on is one more in flight. */
  private makeWay({ suggestion: { id, lane } }: Entry): void {
    if (lane === 'fast') this.requests.makeWay('person', id)
  }

  /** `said`: nudges that it is to heed; what else waits to be taken up goes along, in its order. */
  private async resume(entry: Entry, said: readonly string[]): Promise<Answered> {
    const { id, path, queued } = entry.suggestion
    const nudges = queued.length === 0 ? said : queued
    if (isRunning(entry.suggestion)) this.requests.stop(entry, 'interrupted')
    this.settleWords(entry, 'sent')
    const { prompt } = entry
    this.queue.dispatch(id, { type: 'resumed', nudges, at: this.ports.clock.now() })
    // A save may have superseded it while the words were on their way: they go back to the person.
    if (!isRunning(entry.suggestion)) return refuse('over', 'that suggestion is over: ask anew')
    if (prompt === null) {
      this.requests.send(entry, EMPTY_PROMPT, entry.change)
      return { ok: true, value: { suggestion: id } }
    }
    const count = entry.suggestion.nudges.length
    const present = await this.baselines.get(path)
    const reply = cutReply(entry.transcript.slice(entry.replyFrom))
    // A cut reply goes on; where nothing has come yet, what was said last is said again.
    const cut = nudges.length === 0 && (reply !== '' || count === 0)
    const asked = entry.snapshots.get(path)?.text ?? ''
    const text = present?.text ?? asked
    const region = await this.regionIn(entry, asked, text)
    // Another nudge came meanwhile (its request carries this one's words too), or an interrupt.
    if (entry.suggestion.nudges.length !== count || !isRunning(entry.suggestion)) {
      return { ok: true, value: { suggestion: id } }
    }
    this.queue.dispatch(id, { type: 'located', ...region })
    entry.snapshots.clear()
    entry.snapshots.set(path, this.queue.snapshot(text))
    const redactor = this.requests.redactorOf(id)
    const next =
      cut && reply === ''
        ? prompt
        : composeContinuation(
            prompt,
            {
              reply: reply === '' ? cutReply(entry.former) : reply,
              nudges: entry.suggestion.nudges,
              hunks: entry.suggestion.hunks,
              path,
              text,
              region,
              cut,
            },
            redactor,
          )
    if (nudges.length > 0) this.queue.separate(entry, nudges)
    this.queue.dispatch(id, { type: 'composed', at: this.ports.clock.now() })
    this.requests.send(entry, next, null, cut && reply !== '' ? reply : null)
    return { ok: true, value: { suggestion: id } }
  }

  /** Where the suggestion's region stands in the file's present text: lines that came or went above it move it. */
  private async regionIn(entry: Entry, asked: string, text: string): Promise<{ start: number; end: number }> {
    const { start, end } = entry.suggestion
    if (asked === text) return { start, end }
    const { changes } = await this.ports.work.run('diff', { before: asked, after: text }, NEVER)
    const shifted = (line: number): number =>
      changes.reduce(
        (at, change) =>
          change.oldEnd <= line ? at + (change.newEnd - change.newStart) - (change.oldEnd - change.oldStart) : at,
        line,
      )
    return { start: shifted(start), end: Math.max(shifted(start), shifted(end)) }
  }

  /** The same request to the deep model, with what the fast one said; its hunks come into the same queue. */
  deeper(id: string): Answered {
    const entry = this.queue.get(id)
    if (entry === undefined) return refuse('gone', 'that suggestion is not in the queue any more')
    if (this.ports.models.state().kind === 'local' || entry.prompt === null) {
      return refuse('local', 'thinking deeper needs a model: set OPENAI_API_KEY or start a local model server')
    }
    const refused = neverSent(this.ports.watch, entry.suggestion.path)
    if (refused !== null) return refused
    const { suggestion } = entry
    const redactor = this.requests.redactorOf(id)
    // More may be read where more time is taken; after a restart what was asked then has to do.
    const asked = entry.about === null ? entry.prompt : this.memory.compose(entry.about, redactor, 'deep')
    const reply = entry.transcript.slice(entry.replyFrom) || entry.former
    const prompt = composeDeeper(asked, { reply, nudges: suggestion.nudges }, redactor)
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
        queued: [],
        returned: [],
        usage: null,
        thinkingMs: null,
        trace: { ...EMPTY_TRACE, saved: this.ports.clock.now() },
        createdAt: this.ports.clock.wall(),
      },
      new Map(entry.snapshots),
    )
    deep.prompt = prompt
    deep.about = entry.about
    this.requests.share(id, deep.suggestion.id)
    this.queue.insert(deep)
    this.requests.send(deep, prompt, null)
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
    const some = this.queue.newest().filter(({ suggestion }) => states.includes(suggestion.state))
    return some.find(({ suggestion }) => suggestion.lane !== 'local') ?? some[0] ?? null
  }
}
