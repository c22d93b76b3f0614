// The wire's nouns: what the window (or the CLI) may ask of the engine, and what the engine tells it. Imports nothing.

/** An expected failure: a stable code for programs, one line for people. */
export interface Failure {
  readonly code: string
  readonly message: string
  /** What stands in the way, as a unified diff: of an undo that was refused. */
  readonly diff?: string
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
  /** One line that says how it stands to what another lane proposes ("confirmed by gpt-x"); null when there is nothing to say. */
  readonly remark: string | null
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
  /** Lines (1-based) at which an unplaced hunk could stand, for a person to pick one; otherwise empty. */
  readonly candidates: readonly number[]
  /** What stands now where a stale hunk's lines stood, as far as that is known; null when it is not stale. */
  readonly yours: readonly string[] | null
  /** It is stale because a newer hunk of its suggestion stands in its place. */
  readonly replaced: boolean
  /** Its whole effect is white space. */
  readonly whitespace: boolean
  /** It goes beyond what was asked; null when it does not. Such a hunk can be accepted only once it is `open`. */
  readonly beyond: BeyondView | null
  /** After it the file no longer parses, though it did before: one line that says where; otherwise null. */
  readonly problem: string | null
  /** The approved rules that it breaks, in their words; rules in free words cannot be checked. */
  readonly breaks: readonly string[]
  /** One line each: what of its style was brought into line with the project's, and on what evidence; its meaning is the same. */
  readonly styled: readonly string[]
  /** The answer to `why`: at most two sentences and 240 characters; null as long as nobody asked. */
  readonly why: string | null
}

/** What kind of thing nobody asked for; `text`: a string or comment names what was renamed in the code. */
export type BeyondKind = 'place' | 'rename' | 'format' | 'order' | 'text'

export interface BeyondView {
  readonly kind: BeyondKind
  /** One line: what nobody asked for. */
  readonly why: string
  /** A person has unfolded it. */
  readonly open: boolean
}

/** Tokens of one suggestion's requests, and what they cost in US dollars where the model's price is known. */
export interface Usage {
  readonly input: number
  readonly output: number
  /** Of `input`: read from the provider's cache. */
  readonly cached: number
  readonly cost: number | null
  /** Some of it is only about right: a reply was stopped before its endpoint had counted it, or it counts nothing. */
  readonly estimated: boolean
}

/** What started a suggestion. */
export type Origin = 'save' | 'marker' | 'ask' | 'deeper'

/**
 * What in the code asked, where it was more than the change itself: a comment that ends in `ai!` (edit) or `ai?` (question),
 * or conflict markers, a syntax error or a TODO that have just been written.
 */
export type Intent = 'edit' | 'question' | 'conflict' | 'syntax' | 'todo'

/** Timestamps of one suggestion in ms of the engine's monotonic clock; null for what has not happened. */
export interface Trace {
  readonly saved: number | null
  /** When words, Continue or Retry made it go on; null for its first reply. */
  readonly asked: number | null
  readonly stable: number | null
  readonly region: number | null
  readonly context: number | null
  /** Time that policy made it wait (a pause in the saves, a formatter, rejects, consent), in ms. */
  readonly policyWait: number
  readonly sent: number | null
  /** Whether the request went out on a connection that stood already; null before it was sent. */
  readonly warm: boolean | null
  readonly headers: number | null
  readonly firstToken: number | null
  /** ms from the first token's arrival in the engine to its paint, as the window measured it. */
  readonly painted: number | null
  readonly firstHunk: number | null
  /**
   * ms that the engine itself spent on one piece of the reply's text (with most models a token) on average: keeping and
   * reading it. Null before a reply is over, and when it had no text.
   */
  readonly overhead: number | null
  /** Tokens that this reply said, of those in `usage`; null before they are counted. */
  readonly output: number | null
  readonly done: number | null
  readonly accepted: number | null
  readonly durable: number | null
}

export interface SuggestionView {
  readonly id: string
  readonly state: SuggestionState
  readonly lane: Lane
  readonly origin: Origin
  readonly intent: Intent | null
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
  /** Nudges that the model has not taken up yet, oldest first. */
  readonly queued: readonly string[]
  /** Nudges that did not take effect, oldest first: for the field to offer again. */
  readonly returned: readonly string[]
  readonly usage: Usage | null
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
  /** Tokens an hour after which nothing more is asked by itself; 0: no budget. */
  readonly hourlyTokens: number
  /**
   * How to open a file in the editor: words of a command, with `{file}` and `{line}`; empty: the first known editor that is
   * found. It is never given to a shell.
   */
  readonly editor: string
}

/** A chord that works everywhere on the desktop; see `DesktopView`. */
export interface HotkeyView {
  readonly name: 'interrupt' | 'toggle'
  /** In Electron's words ("CommandOrControl+Shift+Escape"); empty: none. */
  readonly chord: string
  /**
   * `registered`: it has fired in this run, so it works. `unproven`: the system took it, which proves nothing until it
   * fires. `refused`: the system, or this program, did not take it. `off`: there is no chord.
   */
  readonly status: 'registered' | 'unproven' | 'refused' | 'off'
  /** One line: why it is refused or unproven, and what helps; null when there is nothing to say. */
  readonly message: string | null
}

/** What can be chosen about the desktop window. */
export interface DesktopPreferences {
  /** Edge of the screen at which the window docks. */
  readonly side: 'left' | 'right'
  readonly alwaysOnTop: boolean
  /** Only a strip: what streams, and how much is to review. */
  readonly compact: boolean
  /** Tell when something waits while the window is hidden. */
  readonly notifications: boolean
  /** Which updates are looked for; `off`: none, and nothing is asked of any server. */
  readonly updates: 'off' | 'latest' | 'beta'
  readonly hotkeys: { readonly interrupt: string; readonly toggle: string }
}

/** The desktop shell as it stands; a browser host has none. */
export interface DesktopView {
  readonly preferences: DesktopPreferences
  readonly hotkeys: readonly HotkeyView[]
  /** Why the window cannot be put or kept where it is wanted (Wayland), one line; null: it can. */
  readonly placement: string | null
  /** The key in the system's own key store. `refused`: there is none that protects anything; `message` says why. */
  readonly keyStore: { readonly state: 'empty' | 'stored' | 'refused'; readonly message: string | null }
  /** One line about updates, or null. */
  readonly updates: string | null
  /** What is wrong with the stored preferences, one line, or null. */
  readonly fault: string | null
}

/** A part of a request, as a person can be shown it. The parts of a request are all that is in it. */
export interface SeenPart {
  /** For people: "instructions", "region", "recent edits", "what the model had said". */
  readonly name: string
  /** The file it is from, and its lines (1-based, end exclusive); null where it is from none. */
  readonly path: string | null
  readonly start: number | null
  readonly end: number | null
  /** About how many tokens it is. */
  readonly tokens: number
  readonly text: string
  /** The endpoint had it already from the response that this one goes on from: it was not sent again. */
  readonly known: boolean
}

/** What was handed to a connection. */
export interface SeenRequest {
  /** `steer`: words said into a running reply. `warm-up`: prepares a connection and is answered by nothing. */
  readonly kind: 'request' | 'steer' | 'warm-up'
  /** Epoch ms; null where it was not noted (warm-ups). */
  readonly at: number | null
  readonly endpoint: string
  readonly transport: 'http' | 'websocket'
  readonly model: string
  /** False in a dry run: it went nowhere. */
  readonly sent: boolean
  /** Bytes of `body` in UTF-8. */
  readonly bytes: number
  /** About how many tokens were sent. */
  readonly tokens: number
  readonly parts: readonly SeenPart[]
  /** What was sent, to the last byte. */
  readonly body: string
}

/** Something that was kept back, and why. */
export interface WithheldView {
  readonly what: string
  readonly why: string
}

export interface SeenView {
  /** Oldest first. */
  readonly requests: readonly SeenRequest[]
  readonly withheld: readonly WithheldView[]
  /** One line where there is nothing to show, or not all of it; else null. */
  readonly note: string | null
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

/** One decision of the person that speaks for a proposed rule. */
export interface ConventionCase {
  readonly path: string
  /** 1-based. */
  readonly line: number
  /** One line: what was done. */
  readonly what: string
}

/** One convention of the team, with what proves it. */
export interface ConventionView {
  readonly key: string
  /**
   * `proposed`: shown by decisions, waits for the person's word. `approved`: stands in the project's own file. `written`: stands
   * in another file of the team. `mined`: counted over the project's files.
   */
  readonly kind: 'proposed' | 'approved' | 'written' | 'mined'
  readonly text: string
  /** null: not of one language. */
  readonly language: string | null
  /** Counts, cases or the file that says it; never empty. */
  readonly evidence: string
  readonly cases: readonly ConventionCase[]
}

export interface ConventionsView {
  readonly conventions: readonly ConventionView[]
  /** Files that were counted. */
  readonly counted: number
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
  /** Everything that was sent for a suggestion, and what was withheld. */
  seen: { arguments: { readonly suggestion: string }; value: SeenView }
  /** The request that `ask` would send, without sending it. */
  preview: { arguments: { readonly text: string; readonly place: string | null }; value: SeenView }
  /** Takes the last write back. */
  undo: { arguments: Record<never, never>; value: { readonly places: readonly Place[] } }
  /** Takes the named write back. */
  takeBack: { arguments: { readonly apply: string }; value: { readonly places: readonly Place[] } }
  /** Writes again what was taken back: the named one, or the one undone last. */
  redo: { arguments: { readonly apply: string | null }; value: { readonly places: readonly Place[] } }
  /** Other lines for a pending hunk, before it is accepted. */
  edit: {
    arguments: { readonly hunk: HunkReference; readonly lines: readonly string[] }
    value: { readonly hunk: string }
  }
  /**
   * Parts a pending hunk in two: the picked changed lines become a hunk of their own, the others stay. Indices count the
   * lines that go, then the lines that come.
   */
  split: {
    arguments: { readonly hunk: HunkReference; readonly picked: readonly number[] }
    value: { readonly hunk: string }
  }
  /** Puts an unplaced hunk at one of its candidates. */
  place: {
    arguments: { readonly hunk: HunkReference; readonly line: number }
    value: { readonly hunk: string }
  }
  /** A person wants to see a hunk that goes beyond what was asked: from then on it can be accepted. */
  unfold: { arguments: { readonly hunk: HunkReference }; value: { readonly hunk: string } }
  /** Why this hunk: asks its model for two sentences, or answers what was answered before. */
  why: { arguments: { readonly hunk: HunkReference }; value: { readonly text: string } }
  conventions: { arguments: Record<never, never>; value: ConventionsView }
  /** Approves a proposed rule, in these words or (null) its own, or drops it; an approved one can be dropped too. */
  conventionDecide: {
    arguments: { readonly key: string; readonly decision: 'approve' | 'drop'; readonly words: string | null }
    value: ConventionsView
  }
  /** Opens the file in the person's editor. */
  open: { arguments: { readonly path: string; readonly line: number }; value: null }
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
  /** When this project asks by itself. */
  trigger: { arguments: { readonly trigger: Trigger; readonly pauseMs: number }; value: WhenView }
  /** Keeps something quiet. */
  mute: { arguments: { readonly mute: MuteView }; value: WhenView }
  /** Takes one mute back; null: all of them. */
  unmute: { arguments: { readonly mute: Pick<MuteView, 'kind' | 'name'> | null }; value: WhenView }
  /** Forgets the rejects that make saves wait. */
  resetWait: { arguments: Record<never, never>; value: WhenView }
  /** The three below belong to the desktop shell; other hosts answer with the failure `host`. */
  desktop: { arguments: Record<never, never>; value: DesktopView }
  desktopConfigure: { arguments: { readonly preferences: DesktopPreferences }; value: DesktopView }
  /** Keeps a key in the system's key store and uses it from now on; empty: takes it out of there. Never answered back. */
  desktopKey: { arguments: { readonly key: string }; value: DesktopView }
}

/** Questions with many answers, until cancelled. */
export interface Streams {
  events: { arguments: Record<never, never>; item: EventBatch }
}

export type CallName = keyof Calls
export type StreamName = keyof Streams
