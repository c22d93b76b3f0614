// When this project asks: the trigger, what is muted, how long a save waits, and what was not asked for which reason; kept for the next run.
import type { MuteKind, MuteView, Trigger, Unasked, WhenView } from '../../../preload/contract.ts'
import type { MarkerCounts } from '../change-report.ts'
import { languageOf } from '../language.ts'
import { isMutes, muted, muteOf, nextEnd, standing, unmuted } from '../mute.ts'
import { acceptedAt, isPatience, PATIENT, rejectedAt, waitAt, whyWaiting, type Patience } from '../patience.ts'
import type { Ports, StoreOperation } from '../ports.ts'
import { followed, isSaveHabits, saved, waitFor, type SaveHabits } from '../save-habits.ts'

/** What makes a save wait, in ms. */
export interface Waits {
  /** Each further save begins it anew: a pause is waited for. */
  readonly pause: number
  /** It counts from the first save. */
  readonly patience: number
  /** For what follows saves of such files by habit. */
  readonly habit: number
}

export const DEFAULT_PAUSE_MS = 2000
/** Bounds of the pause that a person may choose. */
const SHORTEST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10 * 60 * 1000
/** How often a wait that falls by itself is shown anew. */
const REFRESH_MS = 60_000
/** Timers of the platform hold no more than 24 days. */
const LONGEST_TIMER_MS = 24 * 60 * 60 * 1000
const RECENT = 6
const MARKERS = 'markers/'

export class When {
  private readonly ports: Pick<Ports, 'store' | 'clock'>
  private readonly changed: () => void
  private trigger: Trigger = 'save'
  private pauseMs = DEFAULT_PAUSE_MS
  private mutes: readonly MuteView[] = []
  private patience: Patience = PATIENT
  private habits: SaveHabits = {}
  /** Markers that stood in a file when it was last looked at. */
  private readonly markers = new Map<string, MarkerCounts>()
  private recent: WhenView['recent'] = []
  private askedCount = 0
  private readonly unaskedCounts = new Map<Unasked, number>()
  private stopTimer: () => void = () => undefined

  constructor(ports: Pick<Ports, 'store' | 'clock'>, changed: () => void) {
    this.ports = ports
    this.changed = changed
  }

  async load(): Promise<void> {
    for (const [key, value] of await this.ports.store.rows('meta')) {
      if (key === 'when/trigger' && isChoice(value)) {
        this.trigger = value.trigger
        this.pauseMs = value.pauseMs
      } else if (key === 'when/mutes' && isMutes(value)) this.mutes = value
      else if (key === 'when/patience' && isPatience(value)) this.patience = value
      else if (key === 'when/habits' && isSaveHabits(value)) this.habits = value
      else if (key.startsWith(MARKERS) && isCounts(value)) this.markers.set(key.slice(MARKERS.length), value)
    }
    this.refresh()
  }

  view(): WhenView {
    const now = this.ports.clock.wall()
    return {
      trigger: this.trigger,
      pauseMs: this.pauseMs,
      wait: waitAt(this.patience, now),
      waitReason: whyWaiting(this.patience, now),
      mutes: standing(this.mutes, now),
      recent: this.recent,
      asked: this.askedCount,
      unasked: Object.fromEntries(this.unaskedCounts),
    }
  }

  // ── What the person chooses ────────────────────────────────────────────────────────────────────────────────────────

  choose(trigger: Trigger, pauseMs: number): WhenView {
    this.trigger = trigger
    this.pauseMs = Math.round(Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, pauseMs)))
    return this.kept('when/trigger', { trigger, pauseMs: this.pauseMs })
  }

  mute(mute: MuteView): WhenView {
    this.mutes = muted(standing(this.mutes, this.ports.clock.wall()), mute)
    return this.kept('when/mutes', this.mutes)
  }

  unmute(mute: { readonly kind: MuteKind; readonly name: string } | null): WhenView {
    this.mutes = mute === null ? [] : unmuted(this.mutes, mute.kind, mute.name)
    return this.kept('when/mutes', this.mutes)
  }

  resetWait(): WhenView {
    this.patience = PATIENT
    return this.kept('when/patience', this.patience)
  }

  // ── What is learnt ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A person has decided about what was suggested unasked. */
  decided(decision: 'accepted' | 'rejected'): void {
    const now = this.ports.clock.wall()
    this.patience = (decision === 'accepted' ? acceptedAt : rejectedAt)(this.patience, now)
    this.kept('when/patience', this.patience)
  }

  saved(path: string): void {
    this.learn(saved(this.habits, path))
  }

  followed(path: string, what: 'formatted' | 'edited', gap: number): void {
    this.learn(followed(this.habits, path, what, gap))
  }

  private learn(habits: SaveHabits): void {
    if (habits === this.habits) return
    this.habits = habits
    void this.ports.store.commit([{ type: 'put', table: 'meta', key: 'when/habits', value: habits }])
  }

  knownMarkers(path: string): MarkerCounts {
    return this.markers.get(path) ?? {}
  }

  /** Remembers what has fired, or was there unfired: neither fires again after a restart. */
  sawMarkers(path: string, counts: MarkerCounts): void {
    const none = Object.keys(counts).length === 0
    if (none && !this.markers.has(path)) return
    const key = MARKERS + path
    const operation: StoreOperation = none
      ? { type: 'delete', table: 'meta', key }
      : { type: 'put', table: 'meta', key, value: counts }
    if (none) this.markers.delete(path)
    else this.markers.set(path, counts)
    void this.ports.store.commit([operation])
  }

  renamed(from: string, to: string): void {
    const counts = this.knownMarkers(from)
    this.sawMarkers(from, {})
    this.sawMarkers(to, counts)
  }

  // ── What follows from it ───────────────────────────────────────────────────────────────────────────────────────────

  waits(path: string): Waits {
    return {
      pause: this.trigger === 'pause' ? this.pauseMs : 0,
      patience: waitAt(this.patience, this.ports.clock.wall()),
      habit: waitFor(this.habits, path),
    }
  }

  /** The mute that keeps this file quiet now; null when none does. */
  muteOf(path: string): MuteView | null {
    return muteOf(this.mutes, path, this.ports.clock.wall())
  }

  /** Whether only markers and words ask. */
  get onRequest(): boolean {
    return this.trigger === 'request'
  }

  /** A file has changed: it is offered to be muted. */
  looked(path: string): void {
    const others = this.recent.filter((file) => file.path !== path)
    this.recent = [{ path, language: languageOf(path) }, ...others].slice(0, RECENT)
  }

  asked(): void {
    this.askedCount += 1
    this.changed()
  }

  unasked(reason: Unasked): void {
    this.unaskedCounts.set(reason, (this.unaskedCounts.get(reason) ?? 0) + 1)
    this.changed()
  }

  close(): void {
    this.stopTimer()
  }

  private kept(key: string, value: unknown): WhenView {
    void this.ports.store.commit([{ type: 'put', table: 'meta', key, value }])
    this.refresh()
    return this.view()
  }

  /** Shows what is, and again when a mute ends or the wait has fallen. */
  private refresh(): void {
    this.changed()
    this.stopTimer()
    const now = this.ports.clock.wall()
    const end = nextEnd(this.mutes, now)
    const next = Math.min(end === null ? Infinity : end - now, waitAt(this.patience, now) > 0 ? REFRESH_MS : Infinity)
    if (next === Infinity) return
    this.stopTimer = this.ports.clock.after(Math.min(next, LONGEST_TIMER_MS), () => this.refresh())
  }
}

function isChoice(value: unknown): value is { trigger: Trigger; pauseMs: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'trigger' in value &&
    (value.trigger === 'save' || value.trigger === 'pause' || value.trigger === 'request') &&
    'pauseMs' in value &&
    typeof value.pauseMs === 'number'
  )
}

function isCounts(value: unknown): value is MarkerCounts {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((count) => typeof count === 'number')
  )
}
