// Small builders of what the engine shows, for the tests of the window.
import type { EventBatch, HunkView, SuggestionView, Trace } from '../../preload/contract.ts'

export const NO_TRACE: Trace = {
  saved: null,
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
  done: null,
  accepted: null,
  overhead: null,
  output: null,
  asked: null,
  durable: null,
}

export function hunkView(id: string, changes: Partial<HunkView> = {}): HunkView {
  return {
    id,
    hash: `hash of ${id}`,
    path: 'src/total.ts',
    moveTo: null,
    kind: 'update',
    state: 'pending',
    reason: null,
    start: 2,
    end: 3,
    oldLines: ['return sum / count'],
    newLines: ['return count === 0 ? 0 : sum / count'],
    before: ['function mean() {'],
    after: ['}'],
    candidates: [],
    yours: null,
    remark: null,
    replaced: false,
    whitespace: false,
    beyond: null,
    problem: null,
    breaks: [],
    styled: [],
    why: null,
    ...changes,
  }
}

/** `createdAt` decides the order: a higher one is newer. */
export function suggestionView(id: string, createdAt: number, changes: Partial<SuggestionView> = {}): SuggestionView {
  return {
    id,
    state: 'ready',
    lane: 'fast',
    origin: 'save',
    intent: null,
    path: 'src/total.ts',
    start: 1,
    end: 4,
    words: null,
    nudges: [],
    model: 'spark',
    explanation: '',
    explanationRest: null,
    notes: [],
    waitingFor: null,
    thinkingMs: null,
    failure: null,
    incompleteHunk: false,
    queued: [],
    returned: [],
    usage: null,
    hunks: [],
    trace: NO_TRACE,
    createdAt,
    ...changes,
  }
}

export function batch(changes: Partial<EventBatch>): EventBatch {
  return { first: false, project: null, suggestions: [], removed: [], text: [], ...changes }
}
