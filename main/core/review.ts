// The states of product.md as one reducer: what a suggestion and its hunks are, and what may become of them.
import type {
  BeyondView,
  Failure,
  HunkKind,
  HunkState,
  Intent,
  Lane,
  Origin,
  SuggestionState,
  Trace,
  Usage,
} from '../../preload/contract.ts'
import type { ParsedHunk } from './edits/hunk.ts'
import { addUsage } from './prices.ts'
import type { LineEdit } from './patch.ts'
import { sameLines } from './text.ts'

export interface Hunk {
  readonly id: string
  readonly path: string
  readonly kind: HunkKind
  readonly moveTo: string | null
  /** Hash of the content that `edit` was made from; null: the file was not there (add) or the hunk is unplaced. */
  readonly base: string | null
  /** The edit in lines of the base. */
  readonly edit: LineEdit
  /** Where it stands in the file's present content; null while it has no place there. */
  readonly current: LineEdit | null
  /** The base's lines that go. */
  readonly oldLines: readonly string[]
  /** Unchanged neighbours in the present content, for the eye only. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly state: HunkState
  readonly reason: string | null
  /** How it stands to what another lane proposes; see `HunkView`. Not in what was stored by earlier versions. */
  readonly remark?: string | null
  /** The apply that wrote it, while it is accepted. */
  readonly apply: string | null
  /** Another hunk took its place: it never comes back by itself. */
  readonly replaced: boolean
  /** The person has done the same by hand: it is not shown, but comes back when its content does. */
  readonly byHand: boolean
  /** An unplaced hunk as the model wrote it, with placeholders restored, so that a person can place it; otherwise null. */
  readonly parsed: ParsedHunk | null
  /** Where an unplaced hunk could stand; see `HunkView`. */
  readonly candidates: readonly number[]
  /** What stands in the place of a stale hunk now; see `HunkView`. */
  readonly yours: readonly string[] | null
  /** What nobody asked for in it, and whether a person has unfolded it; see `HunkView`. */
  readonly beyond: BeyondView | null
  /** Where the file no longer parses after it; see `HunkView`. */
  readonly problem: string | null
  /** The approved rules that it breaks; see `HunkView`. */
  readonly breaks: readonly string[]
  /** What was written anew in the project's style; see `HunkView`. */
  readonly styled: readonly string[]
  /** What was answered to "why"; see `HunkView`. */
  readonly why: string | null
}

/** What a hunk has that was stored before these were known. */
export const LATER_FIELDS = {
  beyond: null,
  problem: null,
  breaks: [],
  styled: [],
  why: null,
} as const satisfies Partial<Hunk>

export interface Suggestion {
  readonly id: string
  readonly state: SuggestionState
  readonly lane: Lane
  readonly origin: Origin
  /** See `SuggestionView`; rows of earlier versions have none. */
  readonly intent?: Intent | null
  readonly path: string
  readonly start: number
  readonly end: number
  readonly words: string | null
  readonly nudges: readonly string[]
  readonly model: string
  /** Prose lines of the newest reply, as they came. */
  readonly prose: readonly string[]
  readonly notes: readonly string[]
  readonly waitingFor: string | null
  readonly thinkingMs: number | null
  readonly failure: Failure | null
  readonly incompleteHunk: boolean
  /** Nudges that wait to be taken up, and those that took no effect; oldest first. */
  readonly queued: readonly string[]
  readonly returned: readonly string[]
  readonly usage: Usage | null
  readonly hunks: readonly Hunk[]
  readonly trace: Trace
  readonly createdAt: number
}

/** A hunk's new standing in the file's present content. */
export type Standing =
  | {
      readonly hunk: string
      readonly state: 'pending'
      readonly current: LineEdit
      readonly before: readonly string[]
      readonly after: readonly string[]
    }
  | {
      readonly hunk: string
      readonly state: 'stale'
      readonly reason: string
      /** What stands in its place now, as far as that is known. */
      readonly yours: readonly string[] | null
    }
  /** Its result stands there already. */
  | { readonly hunk: string; readonly state: 'byHand' }

export type SuggestionEvent =
  | { readonly type: 'waiting'; readonly message: string | null }
  | { readonly type: 'noted'; readonly message: string }
  | { readonly type: 'sent'; readonly model: string; readonly at: number; readonly warm: boolean | null }
  | { readonly type: 'headers'; readonly at: number }
  | { readonly type: 'thinking'; readonly ms: number }
  | { readonly type: 'firstText'; readonly at: number }
  | { readonly type: 'explained'; readonly line: string }
  | {
      readonly type: 'hunks'
      readonly hunks: readonly Hunk[]
      readonly replaced: readonly string[]
      readonly at: number
    }
  | { readonly type: 'cut' }
  | { readonly type: 'done'; readonly at: number; readonly note: string | null }
  | { readonly type: 'interrupted'; readonly at: number }
  | { readonly type: 'failed'; readonly failure: Failure; readonly at: number }
  | { readonly type: 'superseded'; readonly at: number }
  /** Nudges, Continue or a retry: goes on from what was there. */
  | { readonly type: 'resumed'; readonly nudges: readonly string[]; readonly at: number }
  /** What the next request says is put together. */
  | { readonly type: 'composed'; readonly at: number }
  /** A person has said it, and it is not known yet who takes it up: the reply that runs, or the next request. */
  | { readonly type: 'queued'; readonly text: string }
  /** What became of it: the model has taken it up, or it takes no effect and goes back to the person. */
  | { readonly type: 'steered'; readonly committed: boolean; readonly text: string }
  /** `spoken`: it is what the reply took that the trace is about. */
  | { readonly type: 'used'; readonly usage: Usage; readonly spoken: boolean }
  | { readonly type: 'painted'; readonly lag: number }
  /** How long the engine itself worked on each piece of the reply, in ms. */
  | { readonly type: 'measured'; readonly overhead: number }
  | {
      readonly type: 'accepted'
      readonly hunks: readonly string[]
      readonly apply: string
      readonly at: number
      readonly durable: number
    }
  | { readonly type: 'rejected'; readonly hunks: readonly string[] }
  /** Another lane proposes the same, or something else for the same lines. */
  | { readonly type: 'remarked'; readonly hunk: string; readonly remark: string }
  /** A person has given the hunk another shape: these stand in its place. */
  | { readonly type: 'reshaped'; readonly hunk: string; readonly hunks: readonly Hunk[] }
  | { readonly type: 'undone'; readonly apply: string }
  | { readonly type: 'overwritten'; readonly hunks: readonly string[] }
  /** The region in lines of the content that the next reply is about. */
  | { readonly type: 'located'; readonly start: number; readonly end: number }
  /** Something else of the suggestion has made it necessary: it belongs to what was asked after all. */
  | { readonly type: 'needed'; readonly hunks: readonly string[] }
  /** A person wants to see it. */
  | { readonly type: 'unfolded'; readonly hunk: string }
  | { readonly type: 'flagged'; readonly hunk: string; readonly problem: string | null }
  | { readonly type: 'broke'; readonly hunk: string; readonly rules: readonly string[] }
  | { readonly type: 'reasoned'; readonly hunk: string; readonly why: string }
  /** The file has another name now. */
  | { readonly type: 'renamed'; readonly from: string; readonly to: string }
  | { readonly type: 'moved'; readonly standings: readonly Standing[] }

export const EMPTY_TRACE: Trace = {
  saved: null,
  asked: null,
  stable: null,
  region: null,
  context: null,
  policyWait: 0,
  sent: null,
  warm: null,
  headers: null,
  firstToken: null,
  painted: null,
  firstHunk: null,
  overhead: null,
  output: null,
  done: null,
  accepted: null,
  durable: null,
}

export const OVERWRITTEN = 'your editor overwrote this'

export function isRunning(suggestion: Suggestion): boolean {
  return suggestion.state === 'waiting' || suggestion.state === 'streaming'
}

/** It goes beyond what was asked, and nobody has unfolded it: it cannot be accepted yet. */
export function isClosed(hunk: Pick<Hunk, 'beyond'>): boolean {
  return hunk.beyond !== null && !hunk.beyond.open
}

export function pendingHunks(suggestion: Suggestion): readonly Hunk[] {
  return suggestion.hunks.filter((hunk) => hunk.state === 'pending')
}

/** Undecided: what must never be lost. A stale hunk may come back, so it counts. */
export function isUndecided(suggestion: Suggestion): boolean {
  return suggestion.hunks.some(
    (hunk) => hunk.state === 'pending' || (hunk.state === 'stale' && !hunk.replaced && !hunk.byHand),
  )
}

/** The next state. An event that is not possible in the present state changes nothing and returns the same object. */
export function reduce(suggestion: Suggestion, event: SuggestionEvent): Suggestion {
  switch (event.type) {
    case 'waiting':
      return isRunning(suggestion) ? { ...suggestion, waitingFor: event.message } : suggestion
    case 'noted':
      return suggestion.notes.includes(event.message)
        ? suggestion
        : { ...suggestion, notes: [...suggestion.notes, event.message] }
    case 'sent':
      return isRunning(suggestion)
        ? {
            ...suggestion,
            model: event.model,
            waitingFor: null,
            trace: { ...first(suggestion.trace, 'sent', event.at), warm: event.warm },
          }
        : suggestion
    case 'headers':
      return isRunning(suggestion) ? { ...suggestion, trace: first(suggestion.trace, 'headers', event.at) } : suggestion
    case 'thinking':
      return isRunning(suggestion) ? { ...suggestion, thinkingMs: event.ms } : suggestion
    case 'firstText':
      return isRunning(suggestion)
        ? {
            ...suggestion,
            state: 'streaming',
            waitingFor: null,
            trace: first(suggestion.trace, 'firstToken', event.at),
          }
        : suggestion
    case 'explained':
      return isRunning(suggestion) ? { ...suggestion, prose: [...suggestion.prose, event.line] } : suggestion
    case 'hunks':
      return withHunks(suggestion, event)
    case 'cut':
      return { ...suggestion, incompleteHunk: true }
    case 'done':
      return isRunning(suggestion) ? finished(suggestion, event.at, event.note) : suggestion
    case 'interrupted':
    case 'superseded':
      return isRunning(suggestion)
        ? { ...ended(suggestion), state: event.type, waitingFor: null, trace: { ...suggestion.trace, done: event.at } }
        : suggestion
    case 'failed':
      return isRunning(suggestion)
        ? {
            ...ended(suggestion),
            state: 'failed',
            failure: event.failure,
            waitingFor: null,
            trace: { ...suggestion.trace, done: event.at },
          }
        : suggestion
    case 'resumed':
      return resumed(suggestion, event.nudges, event.at)
    case 'composed':
      return { ...suggestion, trace: first(suggestion.trace, 'context', event.at) }
    case 'queued':
      return suggestion.state === 'superseded'
        ? { ...suggestion, returned: [...suggestion.returned, event.text] }
        : { ...suggestion, queued: [...suggestion.queued, event.text], returned: [] }
    case 'steered':
      return steered(suggestion, event.committed, event.text)
    case 'used':
      return {
        ...suggestion,
        usage: addUsage(suggestion.usage, event.usage),
        trace: event.spoken ? { ...suggestion.trace, output: event.usage.output } : suggestion.trace,
      }
    case 'painted':
      return suggestion.trace.painted === null && suggestion.trace.firstToken !== null
        ? { ...suggestion, trace: { ...suggestion.trace, painted: event.lag } }
        : suggestion
    case 'measured':
      return { ...suggestion, trace: { ...suggestion.trace, overhead: event.overhead } }
    case 'accepted':
      return {
        ...changeHunks(suggestion, event.hunks, (hunk) =>
          hunk.state === 'pending' ? { ...hunk, state: 'accepted', reason: null, apply: event.apply } : hunk,
        ),
        trace: { ...suggestion.trace, accepted: event.at, durable: event.durable },
      }
    case 'rejected':
      return changeHunks(suggestion, event.hunks, (hunk) =>
        hunk.state === 'accepted' ? hunk : { ...hunk, state: 'rejected', reason: null },
      )
    case 'remarked':
      return changeHunks(suggestion, [event.hunk], (hunk) =>
        hunk.remark === event.remark ? hunk : { ...hunk, remark: event.remark },
      )
    case 'reshaped':
      return {
        ...suggestion,
        hunks: suggestion.hunks.flatMap((hunk) =>
          hunk.id === event.hunk && (hunk.state === 'pending' || hunk.state === 'unplaced') ? event.hunks : [hunk],
        ),
      }
    case 'undone':
      return changeHunks(
        suggestion,
        suggestion.hunks.filter((hunk) => hunk.apply === event.apply).map((hunk) => hunk.id),
        (hunk) => ({ ...hunk, state: 'pending', apply: null, reason: null }),
      )
    case 'overwritten':
      return changeHunks(suggestion, event.hunks, (hunk) =>
        hunk.state === 'accepted' ? { ...hunk, state: 'pending', apply: null, reason: OVERWRITTEN } : hunk,
      )
    case 'located':
      return suggestion.start === event.start && suggestion.end === event.end
        ? suggestion
        : { ...suggestion, start: event.start, end: event.end }
    case 'needed':
      return changeHunks(suggestion, event.hunks, (hunk) => (hunk.beyond === null ? hunk : { ...hunk, beyond: null }))
    case 'unfolded':
      return changeHunks(suggestion, [event.hunk], (hunk) =>
        isClosed(hunk) && hunk.beyond !== null ? { ...hunk, beyond: { ...hunk.beyond, open: true } } : hunk,
      )
    case 'flagged':
      return changeHunks(suggestion, [event.hunk], (hunk) =>
        hunk.problem === event.problem ? hunk : { ...hunk, problem: event.problem },
      )
    case 'broke':
      return changeHunks(suggestion, [event.hunk], (hunk) =>
        sameLines(hunk.breaks, event.rules) ? hunk : { ...hunk, breaks: event.rules },
      )
    case 'reasoned':
      return changeHunks(suggestion, [event.hunk], (hunk) => ({ ...hunk, why: event.why }))
    case 'renamed':
      return changeHunks(
        { ...suggestion, path: suggestion.path === event.from ? event.to : suggestion.path },
        suggestion.hunks
          .filter((hunk) => hunk.path === event.from && (hunk.state === 'pending' || hunk.state === 'stale'))
          .map((hunk) => hunk.id),
        (hunk) => ({ ...hunk, path: event.to }),
      )
    case 'moved':
      return event.standings.reduce(moved, suggestion)
    default:
      return assertNever(event)
  }
}

export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}

function first(trace: Trace, key: 'context' | 'sent' | 'headers' | 'firstToken' | 'firstHunk', at: number): Trace {
  return trace[key] === null ? { ...trace, [key]: at } : trace
}

/** A reply without any hunk is `empty` when it said nothing either; an answer in words alone is `ready`. */
function finished(suggestion: Suggestion, at: number, note: string | null): Suggestion {
  const silent = suggestion.hunks.length === 0 && suggestion.origin === 'save' && suggestion.nudges.length === 0
  const saidNothing = suggestion.hunks.length === 0 && suggestion.prose.every((line) => line.trim() === '')
  return {
    ...ended(suggestion),
    state: silent || saidNothing ? 'empty' : 'ready',
    waitingFor: null,
    notes: note === null || suggestion.notes.includes(note) ? suggestion.notes : [...suggestion.notes, note],
    trace: { ...suggestion.trace, done: at },
  }
}

/** The same words may be said twice: each is taken out once. */
function withoutOnce(list: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...list]
  for (const text of taken) {
    const at = left.indexOf(text)
    if (at >= 0) left.splice(at, 1)
  }
  return left
}

function steered(suggestion: Suggestion, committed: boolean, text: string): Suggestion {
  const queued = withoutOnce(suggestion.queued, [text])
  if (!committed) return { ...suggestion, queued, returned: [...suggestion.returned, text] }
  return { ...suggestion, queued, prose: [], incompleteHunk: false, nudges: [...suggestion.nudges, text] }
}

/** The end of a run: words that the model has not taken up go back to the person. */
function ended(suggestion: Suggestion): Suggestion {
  const { queued, returned } = suggestion
  return queued.length === 0 ? suggestion : { ...suggestion, queued: [], returned: [...returned, ...queued] }
}

function resumed(suggestion: Suggestion, nudges: readonly string[], at: number): Suggestion {
  const { state } = suggestion
  if (state !== 'interrupted' && state !== 'ready' && state !== 'failed' && state !== 'empty') return suggestion
  return {
    ...suggestion,
    state: 'streaming',
    queued: [],
    // What came back and was not said again stays on offer.
    returned: withoutOnce(suggestion.returned, nudges),
    failure: null,
    incompleteHunk: false,
    waitingFor: null,
    thinkingMs: null,
    // The new reply explains itself; what was said before stays in the transcript.
    prose: nudges.length === 0 ? suggestion.prose : [],
    nudges: [...suggestion.nudges, ...nudges],
    trace: { ...EMPTY_TRACE, saved: suggestion.trace.saved, asked: at },
  }
}

function withHunks(
  suggestion: Suggestion,
  event: { readonly hunks: readonly Hunk[]; readonly replaced: readonly string[]; readonly at: number },
): Suggestion {
  const kept = changeHunks(suggestion, event.replaced, (hunk) =>
    hunk.state === 'pending' || hunk.state === 'stale'
      ? { ...hunk, state: 'stale', replaced: true, reason: 'replaced by a newer hunk of this suggestion' }
      : hunk,
  )
  return {
    ...kept,
    hunks: [...kept.hunks, ...event.hunks],
    trace: event.hunks.length > 0 ? first(kept.trace, 'firstHunk', event.at) : kept.trace,
  }
}

function moved(suggestion: Suggestion, standing: Standing): Suggestion {
  return changeHunks(suggestion, [standing.hunk], (hunk) => {
    if (hunk.replaced || (hunk.state !== 'pending' && hunk.state !== 'stale')) return hunk
    if (standing.state === 'byHand') return { ...hunk, state: 'stale', current: null, byHand: true }
    if (standing.state === 'stale') {
      return { ...hunk, state: 'stale', current: null, reason: standing.reason, yours: standing.yours, byHand: false }
    }
    return {
      ...hunk,
      state: 'pending',
      byHand: false,
      yours: null,
      current: standing.current,
      before: standing.before,
      after: standing.after,
      reason: hunk.state === 'pending' ? hunk.reason : null,
    }
  })
}

function changeHunks(suggestion: Suggestion, ids: readonly string[], change: (hunk: Hunk) => Hunk): Suggestion {
  if (ids.length === 0) return suggestion
  let changed = false
  const hunks = suggestion.hunks.map((hunk) => {
    if (!ids.includes(hunk.id)) return hunk
    const next = change(hunk)
    if (next !== hunk) changed = true
    return next
  })
  return changed ? { ...suggestion, hunks } : suggestion
}
