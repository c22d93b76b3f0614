// Suggestions and their hunks as they are painted.
import type { Failure } from './result.ts'

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

/** Newly arrived text of one suggestion's transcript. `from` is an offset in UTF-16 units; a gap means: start anew. */
export interface TextDelta {
  readonly suggestion: string
  readonly from: number
  readonly text: string
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
