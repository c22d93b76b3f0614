// What a whole reply does to the files it names: the pure part of `slipstream apply`, and placing one hunk for the session.
import { createReplyParser, type ParsedHunk } from './edits/parser.ts'
import { createLocator, type Located, type LocateHints, type Locator, type LocateOutcome } from './locate/locate.ts'
import { minimalEdits, withoutIncidentalSpace } from './minimal.ts'
import { applyEdits, type LineEdit } from './patch.ts'
import { linesOf } from './text.ts'

export interface ResolvedHunk {
  readonly path: string
  /** `refused`: the file itself does not allow it, or the part of the reply cannot be read. */
  readonly outcome: 'applied' | 'unplaced' | 'refused'
  /** One line for people; null when applied. */
  readonly reason: string | null
  /** The lines [start, end) of the original text that the hunk as written covers, 1-based; both 0 when it has no place. */
  readonly start: number
  readonly end: number
}

export interface ResolvedReply {
  /** There is at least one hunk, and every one has its place. */
  readonly ok: boolean
  readonly hunks: readonly ResolvedHunk[]
  /** One per file that changes; `before: null` creates it, `after: null` deletes it. Empty unless `ok`. */
  readonly writes: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[]
}

export type PlaceOutcome =
  /** `edits`: the smallest ones. `located`: from the first changed line to the last as written; its `end` is the next hint `after`. */
  | { readonly ok: true; readonly edits: readonly LineEdit[]; readonly located: LineEdit }
  | { readonly ok: false; readonly reason: string; readonly candidates: readonly number[] }

/** Places one hunk on the lines of its file. For several hunks on one text, give a `Locator` made once from the lines. */
export function placeHunk(file: readonly string[] | Locator, hunk: ParsedHunk, hints: LocateHints): PlaceOutcome {
  const locator = 'locate' in file ? file : createLocator(file)
  const outcome = locator.locate(hunk, hints)
  if (!outcome.ok) return outcome
  return {
    ok: true,
    edits: minimalEdits(locator.lines, withoutIncidentalSpace(hunk.path, locator.lines, outcome.changed)),
    located: outcome.changed,
  }
}

/**
 * Parses a whole reply and works out what applying it as written does; nothing is minimised. `read` gives a file's text, or
 * null when there is none. Hunks are placed in the original text of their file and may not overlap; one that is not found
 * there is looked for in the result of the others, so that a reply may edit what it has just written. A file that the reply
 * creates or moves can be edited further down in it.
 */
export function resolveReply(reply: string, read: (path: string) => string | null): ResolvedReply {
  const parser = createReplyParser()
  const events = [...parser.push(reply), ...parser.end({ cut: false })]
  const world = new World(read)
  const hunks: ResolvedHunk[] = []
  let section: ParsedHunk[] = []
  const settle = (): void => {
    hunks.push(...world.edit(section))
    section = []
  }
  for (const event of events) {
    if (event.type === 'problem') {
      settle()
      hunks.push(refused('', event.message))
    } else if (event.type === 'hunk') {
      const { hunk } = event
      if (section.length > 0 && section[0]?.section !== hunk.section) settle()
      if (hunk.kind === 'add') hunks.push(world.add(hunk))
      else if (hunk.kind === 'delete') hunks.push(world.delete(hunk))
      else section.push(hunk)
    }
  }
  settle()
  const ok = hunks.length > 0 && hunks.every((hunk) => hunk.outcome === 'applied')
  return { ok, hunks, writes: ok ? world.writes() : [] }
}

function refused(path: string, reason: string): ResolvedHunk {
  return { path, outcome: 'refused', reason, start: 0, end: 0 }
}

function unplaced(path: string, reason: string): ResolvedHunk {
  return { path, outcome: 'unplaced', reason, start: 0, end: 0 }
}

const MISSING = 'there is no such file'
const EXISTS = 'a file of this name exists already'
const OVERLAPS = 'it overlaps an earlier hunk of this reply'

/** The files as the reply has left them so far. */
class World {
  private readonly read: (path: string) => string | null
  private readonly originals = new Map<string, string | null>()
  private readonly drafts = new Map<string, Draft | null>()

  constructor(read: (path: string) => string | null) {
    this.read = read
  }

  add(hunk: ParsedHunk): ResolvedHunk {
    const { path } = hunk
    const present = this.draft(path)
    if (present !== null && present.text() !== '') return refused(path, EXISTS)
    const text = hunk.lines.map((line) => `${line.text}\n`).join('')
    this.drafts.set(path, new Draft(text))
    return { path, outcome: 'applied', reason: null, start: 1, end: 1 }
  }

  delete(hunk: ParsedHunk): ResolvedHunk {
    const { path } = hunk
    if (this.draft(path) === null) return refused(path, MISSING)
    this.drafts.set(path, null)
    const end = linesOf(this.originals.get(path) ?? '').length + 1
    return { path, outcome: 'applied', reason: null, start: 1, end }
  }

  /** The hunks of one section, of kind `update` or `move`. */
  edit(hunks: readonly ParsedHunk[]): readonly ResolvedHunk[] {
    const path = hunks[0]?.path
    if (path === undefined) return []
    const draft = this.draft(path)
    const target = hunks.findLast((hunk) => hunk.moveTo !== null && hunk.moveTo !== path)?.moveTo ?? null
    const reason = draft === null ? MISSING : target !== null && this.draft(target) !== null ? EXISTS : null
    if (draft === null || reason !== null) return hunks.map(() => refused(path, reason ?? MISSING))
    const outcomes = draft.edit(hunks)
    if (target !== null) {
      this.drafts.set(target, draft)
      this.drafts.set(path, null)
    }
    return outcomes
  }

  writes(): ResolvedReply['writes'] {
    const writes: { path: string; before: string | null; after: string | null }[] = []
    for (const [path, draft] of this.drafts) {
      const before = this.originals.get(path) ?? null
      const after = draft === null ? null : draft.text()
      if (before !== after) writes.push({ path, before, after })
    }
    return writes
  }

  private draft(path: string): Draft | null {
    const known = this.drafts.get(path)
    if (known !== undefined) return known
    const text = this.read(path)
    this.originals.set(path, text)
    const draft = text === null ? null : new Draft(text)
    this.drafts.set(path, draft)
    return draft
  }
}

/** A text and the edits on it that are placed so far. */
interface Stage {
  readonly text: string
  readonly locator: Locator
  readonly edits: LineEdit[]
  /** From a line of this text to the line of the original. */
  readonly toOriginal: (line: number) => number
}

/** One file while the reply edits it. */
class Draft {
  private stage: Stage

  constructor(text: string) {
    this.stage = stageOf(text, (line) => line)
  }

  text(): string {
    return applyEdits(this.stage.text, this.stage.edits)
  }

  /** The hunks of one section: first those that stand in the present text, then those that need what these leave. */
  edit(hunks: readonly ParsedHunk[]): readonly ResolvedHunk[] {
    const places = placeInOrder(this.stage.locator, hunks)
    const results = hunks.map((hunk, index) => this.take(hunk, places[index]))
    return results.map((result, index) => {
      const hunk = hunks[index]
      const place = places[index]
      const notFound = place?.ok === false && place.candidates.length === 0
      return notFound && hunk !== undefined ? (this.takeInResult(hunk) ?? result) : result
    })
  }

  /** `place` is about the text of the present stage. A hunk without lines only moves its file. */
  private take(hunk: ParsedHunk, place: LocateOutcome | undefined): ResolvedHunk {
    const { path } = hunk
    if (place === undefined || hunk.lines.length === 0)
      return { path, outcome: 'applied', reason: null, start: 1, end: 1 }
    if (!place.ok) return unplaced(path, place.reason)
    const { edits, toOriginal } = this.stage
    if (place.pieces.some((piece) => edits.some((edit) => overlap(piece, edit)))) return unplaced(path, OVERLAPS)
    edits.push(...place.pieces)
    const { start, end } = place.edit
    return { path, outcome: 'applied', reason: null, start: toOriginal(start), end: toOriginal(end) }
  }

  /** Places the hunk in the text as the others leave it; null when it has no place there either. */
  private takeInResult(hunk: ParsedHunk): ResolvedHunk | null {
    const { stage } = this
    if (stage.edits.length === 0) return null
    const next = stageOf(this.text(), (line) => stage.toOriginal(lineBefore(stage.edits, line)))
    const place = next.locator.locate(hunk, { near: null, after: null })
    if (!place.ok) return null
    this.stage = next
    return this.take(hunk, place)
  }
}

function stageOf(text: string, toOriginal: (line: number) => number): Stage {
  return { text, locator: createLocator(linesOf(text)), edits: [], toOriginal }
}

/** The places of one section's hunks. Those that are clear bound the others, which have to stand between them. */
function placeInOrder(locator: Locator, hunks: readonly ParsedHunk[]): readonly LocateOutcome[] {
  const places: LocateOutcome[] = []
  for (const hunk of hunks) places.push(locator.locate(hunk, { near: null, after: endOfLast(places), before: null }))
  for (const [index, hunk] of hunks.entries()) {
    const place = places[index]
    if (place === undefined || place.ok || place.candidates.length < 2) continue
    const before = places.slice(index + 1).find((later) => later.ok)?.changed.start ?? null
    places[index] = locator.locate(hunk, { near: null, after: endOfLast(places.slice(0, index)), before })
  }
  return places
}

function endOfLast(places: readonly LocateOutcome[]): number | null {
  return places.findLast((place): place is Located => place.ok)?.changed.end ?? null
}

function overlap(one: LineEdit, other: LineEdit): boolean {
  const bothInsert = one.start === one.end && other.start === other.end
  // Two insertions at one place go one after the other, but the same lines twice were meant once.
  if (bothInsert && one.start === other.start) return one.lines.join('\n') === other.lines.join('\n')
  return one.start < other.end && other.start < one.end
}

/** The line of the text before `edits` that became this line, or the start of the edit that wrote it. */
function lineBefore(edits: readonly LineEdit[], line: number): number {
  let shift = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const from = edit.start + shift
    if (line < from) break
    if (line < from + edit.lines.length) return edit.start
    shift += edit.lines.length - (edit.end - edit.start)
  }
  return line - shift
}
