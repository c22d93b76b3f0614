// From hints to changes: reads what the watcher points at, compares it with the baseline, and decides what is a change at all.
import { isExplicit } from '../change-report.ts'
import { isSecretPath } from '../redact.ts'
import type { FileStat, GitStatus, Ports, SeenFile, TextChange } from '../ports.ts'
import { FOLLOWS_MS } from '../save-habits.ts'
import type { Baselines } from './baselines.ts'
import type { Examined } from './examining.ts'
import { Past } from './past.ts'
import type { When } from './when.ts'
import { WorthReading } from './worth.ts'

/** One settled change of one file, and when its parts happened (monotonic ms). */
export interface Change extends TextChange {
  readonly saved: number
  readonly stable: number
  /** ms that a pause in the saves, a formatter or earlier rejects made it wait. */
  readonly policyWait: number
  /** What has been found out about it already; null when it waited, or is more than was read last. */
  readonly examined: Examined | null
}

export interface IntakeEvents {
  /** The file's content is another one than before; called at once, for everything that stands on this file. Answers whether it is worth a question. */
  content(change: TextChange): Promise<boolean>
  /** The file is gone. */
  gone(path: string): void
  /** The file is back with the content it had. */
  back(path: string, text: string): void
  /** A file that is gone stands under another name now, with equal content. */
  renamed(from: string, to: string): void
  /** Somebody has edited the file: not git, and not one of many at once. */
  edited(change: TextChange): void
  /** Ask about this change, if it is worth it. */
  settled(change: Change): void
  /** Begins to find out what a question about this change needs; `follows`: it came right after a save of the file. */
  examine(change: TextChange, follows: boolean): Examined
  firstSight(path: string, text: string, saved: number): void
  /** Git has written the file. */
  byGit(path: string): void
  storm(files: number, since: number): void
  skipped(path: string, reason: string): void
  unskipped(path: string): void
  progress(): void
}

/** What will be asked once the wait is over. */
interface Pending {
  /** The content that the question starts from. */
  readonly before: string
  readonly after: string
  readonly hash: string
  readonly saved: number
  readonly stable: number
  /** Not before this moment (monotonic ms), however quickly a pause comes. */
  readonly earliest: number
  /** When it asks (monotonic ms). */
  readonly due: number
  /** It waits for a formatter and for nothing else. */
  readonly forHabit: boolean
  readonly stop: () => void
}

interface Pace {
  lastSave: number
  pending: Pending | null
}

/** More files than this within STORM_MS are a branch switch, a formatter run or an install: nothing is asked. */
const STORM_FILES = 20
const STORM_MS = 1000
/** Saves of one file closer than this wait for a pause in them. */
const BURST_MS = 2000
const SHORTEST_PAUSE_MS = 500
/** Files looked at at once: with more, what comes of 20,000 hints would leave no turn to an interrupt. */
const MOST_LOOKS = 16
/** Files read per turn of the first scan, so that saves are answered in between. */
const SCAN_BATCH = 32
/** Files compared with their stored baselines per turn. */
const SCAN_TAKEN = 512
/** UTF-16 units that the first scan reads at most. */
const SCAN_LIMIT = 64 * 1024 * 1024

export class Intake {
  private readonly ports: Ports
  private readonly baselines: Baselines
  private readonly when: When
  private readonly events: IntakeEvents
  private readonly signal: AbortSignal
  private readonly looking = new Map<string, { again: boolean }>()
  private readonly own = new Map<string, string | null>()
  private readonly missing = new Set<string>()
  private readonly pace = new Map<string, Pace>()
  private readonly past = new Past()
  private readonly hinted = new Map<string, number>()
  private readonly scanned = new WorthReading()
  /** Hinted while MOST_LOOKS are under way; the newest is looked at first, so that a save does not wait behind a checkout. */
  private readonly waiting: string[] = []
  private readonly waitingSince = new Map<string, number>()
  private stormSince: number | null = null
  private lastHint = -Infinity
  private readonly saved = new Set<string>()
  private readonly status: Promise<GitStatus | null>
  /** Epoch ms. */
  private readonly startedAt: number

  constructor(ports: Ports, baselines: Baselines, when: When, events: IntakeEvents, signal: AbortSignal) {
    this.ports = ports
    this.baselines = baselines
    this.when = when
    this.events = events
    this.signal = signal
    // Taken at once: what is clean now may be saved before the first scan comes to it.
    this.startedAt = ports.clock.wall()
    this.status = ports.git.status(signal)
  }

  /** Something may have happened to this file. Events are only hints: the content decides. */
  hint(path: string): void {
    if (this.signal.aborted || this.ports.watch.ignores(path)) return
    const at = this.ports.clock.now()
    this.count(path, at)
    const running = this.looking.get(path)
    if (running) running.again = true
    else if (this.looking.size < MOST_LOOKS) void this.look(path, at)
    else if (!this.waitingSince.has(path)) {
      this.waitingSince.set(path, at)
      this.waiting.push(path)
    }
  }

  private async look(path: string, at: number): Promise<void> {
    const state = { again: false }
    this.looking.set(path, state)
    try {
      do {
        state.again = false
        await this.lookOnce(path, at)
      } while (state.again && !this.signal.aborted)
    } catch (error) {
      if (!this.signal.aborted) this.ports.log.error(`looking at a changed file failed: ${path}`, error)
    } finally {
      this.looking.delete(path)
      this.lookAtNext()
    }
  }

  private lookAtNext(): void {
    const path = this.waiting.pop()
    const at = path === undefined ? undefined : this.waitingSince.get(path)
    if (path === undefined || at === undefined || this.signal.aborted) return
    this.waitingSince.delete(path)
    void this.look(path, at)
  }

  private async lookOnce(path: string, at: number): Promise<void> {
    if (!this.saved.has(path)) {
      this.saved.add(path)
      this.baselines.forgetUnconfirmed(path)
    }
    const outcome = await this.ports.files.read(path, { formerSize: this.baselines.size(path) }, this.signal)
    if (this.signal.aborted) return
    const own = this.own.get(path)
    if (own !== undefined && own === (outcome.kind === 'text' ? outcome.text : null)) return
    if (outcome.kind === 'absent') {
      if (!this.missing.has(path)) {
        this.missing.add(path)
        this.events.gone(path)
      }
      return
    }
    if (outcome.kind === 'skipped') {
      this.events.skipped(path, outcome.reason)
      return
    }
    this.events.unskipped(path)
    const stable = this.ports.clock.now()
    const wasMissing = this.missing.delete(path)
    const former = await this.formerContent(path, at)
    const formerHash = this.baselines.hash(path)
    if (this.baselines.hash(path) === outcome.hash || former?.text === outcome.text) {
      this.baselines.set(path, outcome)
      if (wasMissing) this.events.back(path, outcome.text)
      return
    }
    this.baselines.set(path, outcome)
    if (former === null) {
      this.events.progress()
      const from = [...this.missing].find((other) => this.baselines.hash(other) === outcome.hash)
      if (from !== undefined) {
        this.past.renamed(from, path)
        this.events.renamed(from, path)
      }
      this.when.unasked('first')
      this.events.firstSight(path, outcome.text, at)
      return
    }
    const change = { path, before: former.text, after: outcome.text }
    // What stood there at first is settled; what passed while saves came quickly is not, and is known already.
    if (formerHash !== null && this.past.of(path, formerHash) === null) this.past.add(path, formerHash, 'settled')
    const worthAsking = await this.events.content(change)
    const seen: Seen = { ...change, hash: outcome.hash, saved: at, stable }
    // A checkout, a pull or a stash writes the files first and its index last: nobody's thought.
    if (await this.ports.git.atWork(outcome.stat.modifiedMs)) {
      this.forgetPace(path)
      this.past.add(path, outcome.hash, 'settled')
      this.events.byGit(path)
      // A merge that stops at a conflict is git's work, too, and yet the person's next task.
      if (bringsConflict(change) && !this.inStorm(at))
        this.events.settled({ ...change, saved: at, stable, policyWait: 0, examined: null })
      else this.when.unasked('git')
    } else if (worthAsking) {
      await this.settle(seen)
    } else {
      this.forgetPace(path)
      this.when.unasked('overwritten')
    }
  }

  /** The baseline; for a file not read yet, what git holds of it when it was clean at the start. */
  private async formerContent(path: string, at: number): Promise<{ text: string } | null> {
    const known = await this.baselines.get(path)
    // Nothing is asked in a storm, so git need not be started for each of its files.
    if (known !== null || this.inStorm(at)) return known
    await this.status
    const clean = await this.ports.git.cleanContent(path, this.signal)
    return clean === null ? null : { text: clean }
  }

  /** Asks at once, or after the waits that when.ts and quick saves impose. What no person meant asks nothing. */
  private async settle(seen: Seen): Promise<void> {
    const { path, before, after, hash, saved, stable } = seen
    const pace = this.pace.get(path) ?? { lastSave: -Infinity, pending: null }
    this.pace.set(path, pace)
    const gap = stable - pace.lastSave
    if (this.inStorm(saved)) {
      pace.lastSave = stable
      this.forgetPending(pace)
      this.past.add(path, hash, 'settled')
      this.when.unasked('storm')
      return
    }
    const standing = this.past.of(path, hash)
    this.past.add(path, hash, 'seen')
    const examined = this.events.examine({ path, before, after }, gap < FOLLOWS_MS)
    const report = await examined.report
    if (this.signal.aborted) return
    if (report === null && standing === null) {
      this.rewritten(seen, pace, gap)
      return
    }
    this.events.edited({ path, before, after })
    pace.lastSave = stable
    if (standing === 'settled' || (standing === 'seen' && pace.pending === null)) {
      this.forgetPending(pace)
      this.when.unasked('undo')
      return
    }
    const quick = gap < BURST_MS
    if (quick) this.when.followed(path, 'edited', gap)
    else this.when.saved(path)
    const waits = this.when.waits(path)
    const burst = quick ? Math.min(BURST_MS, Math.max(SHORTEST_PAUSE_MS, gap * 1.2)) : 0
    const { pending } = pace
    const now = this.ports.clock.now()
    const earliest = pending?.earliest ?? now + waits.patience
    const due = Math.max(now + Math.max(burst, waits.pause, waits.habit), earliest)
    if (pending !== null) this.when.unasked('merged')
    if (due <= now && pending === null) {
      this.past.add(path, hash, 'settled')
      this.events.settled({ path, before, after, saved, stable, policyWait: 0, examined })
      return
    }
    const forHabit = burst === 0 && waits.pause === 0 && earliest <= now
    const mine = this.wait(pace, { ...seen, before: pending?.before ?? before }, { due, earliest, forHabit })
    // Who has written into the code that they want an answer waits for nothing but their own typing: the marker may not be finished.
    if (report === null || !isExplicit(report.intent) || isSecretPath(path) !== null) return
    if (burst === 0) this.fire(path, pace, mine)
    else if (mine.due > now + burst) this.wait(pace, { ...seen, before: mine.before }, { ...mine, due: now + burst })
  }

  /** A formatter has run: one save, one question, about what it made of it. */
  private rewritten(seen: Seen, pace: Pace, gap: number): void {
    const { path } = seen
    const { pending } = pace
    this.when.followed(path, 'formatted', gap)
    this.when.unasked('format')
    if (pending === null) {
      this.past.add(path, seen.hash, 'settled')
      return
    }
    // The wait is the person's from the save on, not from the rewrite.
    const { before, saved, stable } = pending
    const next = this.wait(pace, { ...seen, before, saved, stable }, pending)
    if (pending.forHabit) this.fire(path, pace, next)
  }

  private wait(pace: Pace, seen: Seen, until: Pick<Pending, 'due' | 'earliest' | 'forHabit'>): Pending {
    this.forgetPending(pace)
    const { path, before, after, hash, saved, stable } = seen
    const { due, earliest, forHabit } = until
    const left = Math.max(0, due - this.ports.clock.now())
    const stop = this.ports.clock.after(left, () => this.fire(path, pace, pending))
    const pending: Pending = { before, after, hash, saved, stable, due, earliest, forHabit, stop }
    pace.pending = pending
    return pending
  }

  private fire(path: string, pace: Pace, { before, after, hash, saved, stable }: Pending): void {
    this.forgetPending(pace)
    if (this.signal.aborted) return
    this.past.add(path, hash, 'settled')
    if (before === after) {
      this.when.unasked('undo')
      return
    }
    const policyWait = this.ports.clock.now() - stable
    this.events.settled({ path, before, after, saved, stable, policyWait, examined: null })
  }

  private forgetPending(pace: Pace): void {
    pace.pending?.stop()
    pace.pending = null
  }

  /** This program is about to write the file (null: to delete it): the watcher may see that before the write returns. */
  ownWriteBegins(path: string, text: string | null): void {
    this.own.set(path, text)
  }

  /** What was written by an accept or an undo is known content from now on, and no change. */
  ownWriteEnds(path: string): void {
    this.own.delete(path)
    this.missing.delete(path)
    this.forgetPace(path)
  }

  private forgetPace(path: string): void {
    const pace = this.pace.get(path)
    if (pace !== undefined) this.forgetPending(pace)
    this.pace.delete(path)
  }

  // ── Storms ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  private count(path: string, at: number): void {
    this.lastHint = at
    this.hinted.delete(path)
    this.hinted.set(path, at)
    for (const [other, when] of this.hinted) {
      if (at - when <= STORM_MS) break
      this.hinted.delete(other)
    }
    if (this.hinted.size > STORM_FILES) {
      this.stormSince ??= at
      this.events.storm(this.hinted.size, at - STORM_MS)
    }
  }

  /** Hints count, not reads: they come in at once, long before the files are read. */
  inStorm(at: number): boolean {
    if (this.stormSince === null) return false
    if (at - this.lastHint > STORM_MS || (this.hinted.size <= STORM_FILES && at - this.stormSince > STORM_MS)) {
      this.stormSince = null
      return false
    }
    return true
  }

  // ── First scan ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Files that the first scan found, in any order. */
  seen(files: readonly SeenFile[]): void {
    for (const file of files) {
      // Saved since the start: this is a change already, not what it was before.
      if (file.stat.modifiedMs > this.startedAt) this.hint(file.path)
      else if (!this.saved.has(file.path)) this.scanned.add(file)
    }
  }

  /**
   * Reads baselines in the order of worth: what `git status` lists, then recently modified files, then the others, up to
   * 64 MB. A save that comes meanwhile goes first: it reads its own file.
   */
  async scan(): Promise<void> {
    const dirty = new Set((await this.status)?.dirty)
    const first = dirty.size === 0 ? [] : this.scanned.all().filter((file) => dirty.has(file.path))
    let read = 0
    const next = (): SeenFile | undefined => first.pop() ?? this.scanned.take()
    for (let file = next(); file !== undefined && read < SCAN_LIMIT && !this.signal.aborted;) {
      const batch: SeenFile[] = []
      for (let taken = 0; file !== undefined && taken < SCAN_TAKEN && batch.length < SCAN_BATCH; taken += 1) {
        if (!this.baselines.matches(file.path, file.stat)) batch.push(file)
        file = next()
      }
      if (batch.length === 0) await new Promise<void>((resolve) => this.ports.clock.soon(resolve))
      const sizes = await Promise.all(batch.map((found) => this.scanOne(found)))
      for (const size of sizes) read += size
      this.events.progress()
    }
    this.scanned.clear()
  }

  private async scanOne(file: SeenFile): Promise<number> {
    if (this.saved.has(file.path) || isSecretPath(file.path) !== null) return 0
    const outcome = await this.ports.files.read(file.path, { formerSize: null }, this.signal)
    // A save while this read was under way has set a newer baseline already, or its hint is about to come.
    if (outcome.kind !== 'text' || this.saved.has(file.path) || !sameFile(outcome.stat, file.stat)) return 0
    this.baselines.set(file.path, outcome)
    return outcome.text.length
  }

  close(): void {
    for (const pace of this.pace.values()) this.forgetPending(pace)
    this.pace.clear()
  }
}

/** A change as it was read. */
interface Seen extends TextChange {
  readonly hash: string
  readonly saved: number
  readonly stable: number
}

function bringsConflict({ before, after }: TextChange): boolean {
  return hasConflict(after) && !hasConflict(before)
}

function hasConflict(text: string): boolean {
  return text.startsWith('<<<<<<< ') || text.includes('\n<<<<<<< ')
}

function sameFile(a: FileStat, b: FileStat): boolean {
  return a.size === b.size && a.modifiedMs === b.modifiedMs
}
