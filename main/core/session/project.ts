// What the frame of the window shows: the watch, quiet lines, skipped files, the last write, faults.
import type { ApplyView, ProjectView, SkippedView, Trace, WatchView, WhenView } from '../../../preload/contract.ts'
import type { Applies } from './applies.ts'
import type { Measures } from './measures.ts'
import { saveToPaint, saveToSuggestion } from './latency.ts'
import type { Spending } from './spending.ts'
import type { Ports } from '../ports.ts'

const SKIPPED = 20
const APPLIES = 50
const LATENCIES = 100

export class ProjectState {
  paused = false
  private readonly ports: Ports
  private readonly options: { readonly name: string; readonly root: string }
  private readonly applies: Applies
  private readonly spending: Spending
  private readonly measures: Measures
  private readonly when: () => WhenView
  private readonly changed: () => void
  private readonly proposedRules: () => number
  private watch: WatchView = { state: 'scanning', files: 0, baselines: 0, message: null }
  private quietLine: ProjectView['quiet'] = null
  private skippedFiles: readonly SkippedView[] = []
  private lastApply: ApplyView | null = null
  private latencies: readonly number[] = []
  private suggestionLatencies: readonly number[] = []
  private storeFault: string | null = null
  private otherFault: string | null = null

  constructor(
    ports: Ports,
    options: { readonly name: string; readonly root: string },
    applies: Applies,
    spending: Spending,
    when: () => WhenView,
    changed: () => void,
    proposedRules: () => number,
    measures: Measures,
  ) {
    this.ports = ports
    this.options = options
    this.applies = applies
    this.spending = spending
    this.measures = measures
    this.when = when
    this.changed = changed
    this.proposedRules = proposedRules
  }

  view(): ProjectView {
    return {
      when: this.when(),
      name: this.options.name,
      root: this.options.root,
      watch: this.watch,
      provider: this.ports.models.state(),
      paused: this.paused,
      quiet: this.quietLine,
      skipped: this.skippedFiles,
      lastApply: this.lastApply,
      undoable: this.applies.undoableCount,
      applies: this.applies.views(APPLIES),
      snapshotBytes: this.applies.size,
      spending: this.spending.view(),
      proposedRules: this.proposedRules(),
      latencies: this.latencies,
      judgement: this.measures.view(),
      suggestionLatencies: this.suggestionLatencies,
      fault: this.storeFault ?? this.otherFault,
    }
  }

  get watching(): boolean {
    return this.watch.state === 'watching'
  }

  seen(files: number): void {
    this.watch = { ...this.watch, files: this.watch.files + files }
    this.changed()
  }

  baselines(count: number): void {
    this.watch = { ...this.watch, baselines: count }
    this.changed()
  }

  scanned(): void {
    this.watch = { ...this.watch, state: 'watching' }
    this.changed()
  }

  trouble(message: string, fatal: boolean): void {
    this.watch = { ...this.watch, message, state: fatal ? 'failed' : this.watch.state }
    this.changed()
  }

  quiet(text: string): void {
    this.quietLine = { text, at: this.ports.clock.wall() }
    this.changed()
  }

  skipped(path: string, reason: string): void {
    const others = this.skippedFiles.filter((file) => file.path !== path)
    this.skippedFiles = [{ path, reason }, ...others].slice(0, SKIPPED)
    this.changed()
  }

  unskipped(path: string): void {
    if (!this.skippedFiles.some((file) => file.path === path)) return
    this.skippedFiles = this.skippedFiles.filter((file) => file.path !== path)
    this.changed()
  }

  applied(what: ApplyView['what'], paths: readonly string[]): void {
    this.lastApply = { id: this.ports.ids.next(), paths, what, at: this.ports.clock.wall() }
    this.changed()
  }

  /** The first token of this suggestion has come to the screen. */
  painted(trace: Trace): void {
    const ms = saveToPaint(trace)
    if (ms === null) return
    this.latencies = [...this.latencies, ms].slice(-LATENCIES)
    this.changed()
  }

  /** This suggestion has its first hunk. */
  suggested(trace: Trace): void {
    const ms = saveToSuggestion(trace)
    if (ms === null) return
    this.suggestionLatencies = [...this.suggestionLatencies, ms].slice(-LATENCIES)
    this.changed()
  }

  pause(paused: boolean): void {
    this.paused = paused
    this.changed()
  }

  fault(message: string | null): void {
    if (this.storeFault === message) return
    this.storeFault = message
    this.changed()
  }

  settingsFault(message: string | null): void {
    this.otherFault = message
    this.changed()
  }
}
