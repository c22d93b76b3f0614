// What the window is shown of a suggestion: plain values, with a hash on each hunk that decisions must carry back.
import type { HunkView, SuggestionView } from '../../../preload/contract.ts'
import { shortExplanation } from '../explanation.ts'
import type { Hash } from '../ports.ts'
import { isRunning, type Hunk, type Suggestion } from '../review.ts'
import { withPlaces } from './places-said.ts'

/** While a reply streams, what it says first is explained, and no more is looked at: each line would cost what all before it did. */
export const EXPLAINING_LINES = 40

const hashes = new WeakMap<Hunk, string>()

/** Hash of everything that is painted of a hunk, its place included. Hunks are immutable, so it is worked out once. */
export function hunkHash(hash: Hash, hunk: Hunk): string {
  const known = hashes.get(hunk)
  if (known !== undefined) return known
  const made = hash.text(
    JSON.stringify([
      hunk.path,
      hunk.kind,
      hunk.moveTo,
      hunk.current ?? hunk.edit,
      hunk.oldLines,
      hunk.before,
      hunk.after,
    ]),
  )
  hashes.set(hunk, made)
  return made
}

export function hunkView(hash: Hash, hunk: Hunk): HunkView {
  const place = hunk.current ?? hunk.edit
  return {
    id: hunk.id,
    hash: hunkHash(hash, hunk),
    path: hunk.path,
    moveTo: hunk.moveTo,
    kind: hunk.kind,
    state: hunk.state,
    reason: hunk.reason,
    remark: hunk.remark ?? null,
    start: place.start,
    end: place.end,
    oldLines: hunk.oldLines,
    newLines: hunk.edit.lines,
    before: hunk.before,
    after: hunk.after,
    candidates: hunk.candidates,
    yours: hunk.yours,
    replaced: hunk.replaced,
    whitespace: isWhitespaceOnly(hunk),
    beyond: hunk.beyond,
    problem: hunk.problem,
    breaks: hunk.breaks,
    styled: hunk.styled,
    why: hunk.why,
  }
}

function isWhitespaceOnly(hunk: Hunk): boolean {
  const squeezed = (lines: readonly string[]): string => lines.join('').replaceAll(/\s+/g, '')
  return hunk.kind === 'update' && squeezed(hunk.oldLines) === squeezed(hunk.edit.lines)
}

export function suggestionView(hash: Hash, suggestion: Suggestion): SuggestionView {
  const running = isRunning(suggestion)
  const explanation = shortExplanation(running ? suggestion.prose.slice(0, EXPLAINING_LINES) : suggestion.prose)
  const { id, state, lane, origin, path, start, end, words, nudges, model, notes, waitingFor } = suggestion
  const { thinkingMs, failure, incompleteHunk, queued, returned, usage, trace, createdAt } = suggestion
  return {
    id,
    state,
    lane,
    origin,
    intent: suggestion.intent ?? null,
    path,
    start,
    end,
    words,
    nudges,
    model,
    explanation: lane === 'local' ? withPlaces(explanation.short, suggestion.hunks) : explanation.short,
    // What streams can be read where it streams.
    explanationRest: running ? null : explanation.rest,
    notes,
    waitingFor,
    thinkingMs,
    failure,
    incompleteHunk,
    queued,
    returned,
    usage,
    hunks: suggestion.hunks.filter((hunk) => !hunk.byHand).map((hunk) => hunkView(hash, hunk)),
    trace,
    createdAt,
  }
}
