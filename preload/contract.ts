// The wire's nouns: what the window (or the CLI) may ask of the engine, and what the engine tells it. Imports nothing.

/** An expected failure: a stable code for programs, one line for people. */
export interface Failure {
  readonly code: string
  readonly message: string
}

/** Expected outcomes are values, never exceptions. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** Who answered: the fast model, the deep model, or the embedded engine on this machine. */
export type Lane = 'fast' | 'deep' | 'local'

export type SuggestionState = 'waiting' | 'streaming' | 'interrupted' | 'ready' | 'failed' | 'superseded' | 'empty'

/** `unplaced`: the reply named a place that was not found, or that was found more than once; it cannot be applied. */
export type HunkState = 'pending' | 'accepted' | 'rejected' | 'stale' | 'unplaced'

/** What a hunk does to its file. `add` and `delete` are about whole files; `move` renames and may edit. */
export type HunkKind = 'update' | 'add' | 'delete' | 'move'

/** The smallest edit that can be accepted or rejected, as it is to be painted. */
export interface HunkView {
  readonly id: string
  /** Hash of everything that is painted; a decision must carry it back, so that it hits what the person saw. */
  readonly hash: string
  readonly path: string
  /** The new path of a `move`, otherwise null. */
  readonly moveTo: string | null
  readonly kind: HunkKind
  readonly state: HunkState
  /** One line: why it is stale or unplaced, or a remark ("your editor overwrote this"); null when there is none. */
  readonly reason: string | null
  /** First line that is replaced, 1-based, in the file's present content. */
  readonly start: number
  /** Line after the last one that is replaced; equal to `start` for an insertion. */
  readonly end: number
  /** The lines that go, without terminators. */
  readonly oldLines: readonly string[]
  /** The lines that come, without terminators. */
  readonly newLines: readonly string[]
  /** Up to three unchanged lines before and after, for the eye only. */
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** What started a suggestion. */
export type Origin = 'save' | 'marker' | 'ask' | 'deeper'

/** Timestamps of one suggestion in ms of the engine's monotonic clock; null for what has not happened. */
export interface Trace {
  readonly saved: number | null
  readonly stable: number | null
  readonly region: number | null
  readonly context: number | null
  /** Time that policy made it wait (autosave pause, consent), in ms. */
  readonly policyWait: number
  readonly sent: number | null
  readonly headers: number | null
  readonly firstToken: number | null
  /** ms from the first token's arrival in the engine to its paint, as the window measured it. */
  readonly painted: number | null
  readonly firstHunk: number | null
  readonly done: number | null
  readonly accepted: number | null
  readonly durable: number | null
}

export interface SuggestionView {
  readonly id: string
  readonly state: SuggestionState
  readonly lane: Lane
  readonly origin: Origin
  readonly path: string
  /** The region in lines of the content it was asked about; 1-based, end exclusive. */
  readonly start: number
  readonly end: number
  /** What the person asked in words, or null. */
  readonly words: string | null
  /** Nudges so far, oldest first. */
  readonly nudges: readonly string[]
  /** Name of the model that answers, for people. */
  readonly model: string
  /** At most two sentences and 240 characters. */
  readonly explanation: string
  /** Everything the model said before the patch, when it is more than `explanation` shows; otherwise null. */
  readonly explanationRest: string | null
  /** Quiet remarks, one line each ("gpt-x is not offered here: went on with gpt-y"). */
  readonly notes: readonly string[]
  /** Why it is waiting ("waiting for your consent"), or null. */
  readonly waitingFor: string | null
  /** ms of reasoning so far while no text has come, or in all; null when there was none. */
  readonly thinkingMs: number | null
  readonly failure: Failure | null
  /** True when the last hunk of the stream was cut before it was complete. */
  readonly incompleteHunk: boolean
  readonly hunks: readonly HunkView[]
  readonly trace: Trace
  /** Epoch ms. */
  readonly createdAt: number
}

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

/** The last write, for the one line at the bottom. */
export interface ApplyView {
  readonly id: string
  readonly paths: readonly string[]
  /** `applied`, or `undone` after an undo. */
  readonly what: 'applied' | 'undone'
  readonly at: number
}

export interface ProjectView {
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
  /** Save → first painted token, the last 100, in ms, oldest first. */
  readonly latencies: readonly number[]
  /** A fault that people must know of (store is full, settings malformed), one line, or null. */
  readonly fault: string | null
}

/** Newly arrived text of one suggestion's transcript. `from` is an offset in UTF-16 units; a gap means: start anew. */
export interface TextDelta {
  readonly suggestion: string
  readonly from: number
  readonly text: string
}

/** What changed since the last batch. The first batch of a stream carries everything. */
export interface EventBatch {
  readonly first: boolean
  readonly project: ProjectView | null
  /** New or changed suggestions, whole. */
  readonly suggestions: readonly SuggestionView[]
  readonly removed: readonly string[]
  readonly text: readonly TextDelta[]
}

export interface SettingsView {
  readonly provider: 'auto' | ProviderKind
  /** Empty: the provider's own address. */
  readonly baseUrl: string
  /** Empty: the first of the preference list that the endpoint offers. */
  readonly model: string
  readonly deepModel: string
  /** Patterns in the syntax of .gitignore, in addition to the ignore files. */
  readonly excludes: readonly string[]
  readonly maxFileBytes: number
}

/** Names the painted hunk that a decision is about. */
export interface HunkReference {
  readonly suggestion: string
  readonly hunk: string
  readonly hash: string
}

/** Where a decision or write landed: for the one line that confirms it. */
export interface Place {
  readonly path: string
  /** 1-based. */
  readonly line: number
}

export interface StatusView {
  readonly project: ProjectView
  readonly streaming: number
  readonly pending: number
  readonly suggestions: readonly SuggestionView[]
}

/** Questions with one answer each: `arguments` in, `value` of a Result out. */
export interface Calls {
  accept: { arguments: { readonly hunks: readonly HunkReference[] }; value: { readonly places: readonly Place[] } }
  reject: { arguments: { readonly hunks: readonly HunkReference[] }; value: { readonly places: readonly Place[] } }
  /** Without `suggestion`: the one painted last; a second time within a second: all. Answers how many were stopped. */
  interrupt: { arguments: { readonly suggestion: string | null }; value: { readonly stopped: readonly string[] } }
  /** Without `suggestion`: the one painted last. */
  nudge: {
    arguments: { readonly suggestion: string | null; readonly text: string }
    value: { readonly suggestion: string }
  }
  continue: { arguments: { readonly suggestion: string | null }; value: { readonly suggestion: string } }
  retry: { arguments: { readonly suggestion: string }; value: { readonly suggestion: string } }
  deeper: { arguments: { readonly suggestion: string }; value: { readonly suggestion: string } }
  /** Takes a suggestion without pending hunks out of the list. */
  dismiss: { arguments: { readonly suggestion: string }; value: { readonly suggestion: string } }
  /** `place` is `FILE` or `FILE:LINE`; null: the last changed region. */
  ask: {
    arguments: { readonly text: string; readonly place: string | null }
    value: { readonly suggestion: string }
  }
  undo: { arguments: Record<never, never>; value: { readonly places: readonly Place[] } }
  /** For editors' keymaps: the hunk in focus, else the newest pending one, or the named one. */
  decide: {
    arguments: { readonly id: string | null; readonly decision: 'accept' | 'reject' }
    value: { readonly places: readonly Place[] }
  }
  status: { arguments: Record<never, never>; value: StatusView }
  /** What the person has in hand, and whether the window has the focus. */
  hand: {
    arguments: { readonly hunk: HunkReference | null; readonly suggestion: string | null; readonly focused: boolean }
    value: null
  }
  /** The first token of a suggestion's stream is on screen; `lag` is ms since its message arrived in the window. */
  painted: { arguments: { readonly suggestion: string; readonly lag: number }; value: null }
  settings: { arguments: Record<never, never>; value: SettingsView }
  configure: { arguments: { readonly settings: SettingsView }; value: SettingsView }
  /** A key for this session only; empty: forget it. */
  key: { arguments: { readonly key: string }; value: null }
  consent: { arguments: { readonly endpoint: string; readonly allow: boolean }; value: null }
  pause: { arguments: { readonly paused: boolean }; value: null }
}

/** Questions with many answers, until cancelled. */
export interface Streams {
  events: { arguments: Record<never, never>; item: EventBatch }
}

export type CallName = keyof Calls
export type StreamName = keyof Streams
