// What the project has done lately, and the prompt that is made from it.
import { BUDGETS, SHARES } from '../budget.ts'
import { gatherContext, type Agreed, type Excerpt, type Marker } from '../context.ts'
import {
  emptyHistory,
  entryOf,
  recentChanges,
  recentDiffs,
  record,
  type History,
  type HistoryEntry,
  type RecentDiff,
} from '../history.ts'
import { linesIn } from '../line-index.ts'
import type { Clock, Prompt, TextChange } from '../ports.ts'
import { composePrompt } from '../prompt.ts'
import type { Redactor } from '../redact.ts'
import type { Region } from '../region.ts'

export interface About {
  readonly path: string
  readonly text: string
  readonly region: Region
  readonly words: string | null
  readonly marker: Marker | null
  /** Places elsewhere that help, the most helpful first. */
  readonly related?: readonly Excerpt[]
  /** The edits that led to it, newest last; without: those up to now. */
  readonly diffs?: readonly RecentDiff[]
}

/** Of prose and code; less than there mostly are, so that little is cut off again. */
const UNITS_PER_TOKEN = 3.5
/** UTF-16 units of the edits that are kept for one question. */
const MOST_DIFF_UNITS = 24_000

/** What the session knows besides. */
export interface Known {
  /** What the team has agreed on for a file, in so many UTF-16 units. */
  conventions(path: string, units: number): readonly Agreed[]
  /** Whether ignore files keep a file out. */
  ignores(path: string): boolean
}

export class Memory {
  private recorded: History = emptyHistory()
  private waiting: { readonly change: TextChange; readonly at: number }[] = []
  /** Of the change that is asked about next. */
  private prepared: HistoryEntry | null = null
  private readonly project: string
  private readonly clock: Clock
  private readonly known: Known

  /**
   * `project` tells projects apart in the cache key and says nothing about them.
   */
  constructor(project: string, clock: Clock, known: Known) {
    this.project = project
    this.clock = clock
    this.known = known
  }

  /** A change that will be recorded and asked about once its report is there: what both cost is done meanwhile. */
  prepare(change: TextChange): void {
    const { soon, now } = this.clock
    // Of a file of 100,000 lines each takes a millisecond or two: a turn of its own, behind the one in which related places are asked for.
    soon(() =>
      soon(() => {
        this.prepared = entryOf(change, now())
        soon(() => linesIn(change.after))
      }),
    )
  }

  /** Costs a diff, which nothing on the way from save to request should wait for: it is made once something else is waited for. */
  record(change: TextChange, at: number): void {
    this.waiting.push({ change, at })
    this.clock.soon(() => this.history)
  }

  private get history(): History {
    for (const { change, at } of this.waiting.splice(0))
      this.recorded = record(this.recorded, change, at, this.entryAtHand(change))
    return this.recorded
  }

  private entryAtHand({ path, before, after }: TextChange): HistoryEntry | undefined {
    const entry = this.prepared
    this.prepared = null
    return entry?.path === path && entry.before === before && entry.after === after ? entry : undefined
  }

  /** Earlier edits of this file, without the newest, which is the one asked about. */
  changesBefore(path: string): readonly TextChange[] {
    return recentChanges(this.history, path).slice(0, -1)
  }

  /** The question with the edits up to now, so that it can be asked again later, of another lane. */
  keep(about: About): About {
    const diffs = recentDiffs(this.history, { limit: BUDGETS.deep.edits, maximumUnits: MOST_DIFF_UNITS })
    return { ...about, diffs }
  }

  /** Throws for a file whose name says that it holds secrets: nothing may come as far as here with one. */
  compose(about: About, redactor: Redactor, lane: 'fast' | 'deep' = 'fast'): Prompt {
    const budget = BUDGETS[lane]
    const diffs = (about.diffs ?? this.keep(about).diffs ?? []).slice(-budget.edits)
    const conventions = this.known.conventions(about.path, budget.total * SHARES.conventions * UNITS_PER_TOKEN)
    const context = gatherContext({
      ...about,
      diffs,
      related: about.related ?? [],
      conventions,
      budget,
      ignores: (path) => this.known.ignores(path),
    })
    if (!context.ok) throw new Error(context.failure.message)
    return composePrompt(context.value, lane, redactor, this.project)
  }
}
