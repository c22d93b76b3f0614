// The project as the window shows it: who watches, who answers, when it asks, what was written.

export type ProviderKind = 'openai' | 'compatible' | 'local'

export interface ProviderView {
  readonly kind: ProviderKind
  /** For people: "OpenAI", "Ollama on this machine", "embedded engine". */
  readonly label: string
  /** Where requests go; null for the embedded engine. */
  readonly endpoint: string | null
  readonly model: string
  readonly deepModel: string
  /** One line: why this one answers. */
  readonly why: string
  /** `choosing` until it is known who answers; `consent`: waits for the person; `failed`: see `message`. */
  readonly state: 'choosing' | 'consent' | 'ready' | 'failed'
  readonly message: string | null
  /** Where the key comes from. The key itself never crosses the wire. */
  readonly key: 'none' | 'environment' | 'session'
}

export interface WatchView {
  readonly state: 'scanning' | 'watching' | 'failed'
  /** Files known so far. */
  readonly files: number
  /** Files read as baselines so far. */
  readonly baselines: number
  /** One line for people when something limits the watching ("raise fs.inotify.max_user_watches"), or null. */
  readonly message: string | null
}

export interface SkippedView {
  readonly path: string
  readonly reason: string
}

/** One write: for the line at the bottom, and for the list of what can be undone and done again. */
export interface ApplyView {
  readonly id: string
  readonly paths: readonly string[]
  /** `applied`, or `undone` after an undo. */
  readonly what: 'applied' | 'undone'
  readonly at: number
}

/** Tokens of the last hour, against the budget that pauses the lanes. */
export interface SpendingView {
  readonly tokens: number
  /** US dollars, as far as prices are known; null when none is. */
  readonly cost: number | null
  /** Tokens an hour; 0: no budget. */
  readonly budget: number
  readonly exhausted: boolean
  /** Some of them are only about right. */
  readonly estimated: boolean
}

/** How close the last suggestions (100 at most) of the models kept to what was asked. */
export interface JudgementView {
  readonly suggestions: number
  /** Median of: lines changed as the model wrote it, by lines changed as shown; null before the first suggestion. */
  readonly ratio: number | null
  /** Hunks that were folded as going beyond what was asked. */
  readonly folded: number
  /** Changed lines that were left out of hunks, and hunks that were not offered. */
  readonly suppressed: number
}

/** When a change asks by itself: at the save, after a pause in the saves, or never: only markers and words do. */
export type Trigger = 'save' | 'pause' | 'request'

export type MuteKind = 'all' | 'file' | 'folder' | 'language'

/** Something that is kept quiet: nothing about it is asked by itself. */
export interface MuteView {
  readonly kind: MuteKind
  /** A path, or a language's name; empty for `all`. */
  readonly name: string
  /** Epoch ms; null: until it is taken back. */
  readonly until: number | null
}

/** Why a change did not ask; `covered`: what runs already is about it; `merged`: it was asked about together with later saves. */
export type Unasked =
  | 'format'
  | 'undo'
  | 'repeated'
  | 'git'
  | 'storm'
  | 'muted'
  | 'paused'
  | 'request'
  | 'first'
  | 'covered'
  | 'overwritten'
  | 'merged'
  | 'budget'
  /** Two questions of the person are being answered. */
  | 'busy'
  | 'secret'

/** When this project asks; kept for each project. */
export interface WhenView {
  readonly trigger: Trigger
  /** How long saves have to pause, in ms; for the trigger `pause`. */
  readonly pauseMs: number
  /** ms that a save waits now because suggestions were rejected; 0: none. */
  readonly wait: number
  /** Why it waits, one line ("waiting 2 s: you rejected the last 3"); null when it does not. */
  readonly waitReason: string | null
  readonly mutes: readonly MuteView[]
  /** The files that changed last, newest first, with their languages: what one may want to mute. */
  readonly recent: readonly { readonly path: string; readonly language: string }[]
  /** Changes of this run that asked, and those that did not, by reason. */
  readonly asked: number
  readonly unasked: Readonly<Partial<Record<Unasked, number>>>
}

export interface ProjectView {
  readonly when: WhenView
  readonly name: string
  readonly root: string
  readonly watch: WatchView
  readonly provider: ProviderView
  readonly paused: boolean
  /** The newest quiet line ("42 files changed at once: nothing asked"), with its epoch ms, or null. */
  readonly quiet: { readonly text: string; readonly at: number } | null
  /** Files that were saved but cannot be worked on, newest first, at most 20. */
  readonly skipped: readonly SkippedView[]
  readonly lastApply: ApplyView | null
  /** How many applies can be undone. */
  readonly undoable: number
  /** The last writes, newest first, at most 50. */
  readonly applies: readonly ApplyView[]
  /** Bytes that are kept so that they can be undone. */
  readonly snapshotBytes: number
  readonly spending: SpendingView
  /** Rules that decisions have shown, and that wait for the person's word. */
  readonly proposedRules: number
  /** Save → first painted token, the last 100, in ms, oldest first. */
  readonly latencies: readonly number[]
  readonly judgement: JudgementView
  /** Save → first hunk that can be reviewed, likewise. */
  readonly suggestionLatencies: readonly number[]
  /** A fault that people must know of (store is full, settings malformed), one line, or null. */
  readonly fault: string | null
}
