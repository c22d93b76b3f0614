// The scope guard: which part of each hunk the edit makes necessary, and which part goes beyond what was asked.
import { diffLines } from '../diff.ts'
import { isBlank } from '../indent.ts'
import type { TextChange } from '../ports.ts'
import { linesOf } from '../text.ts'
import type { Beyond, Draft, DraftRun, Parted, ScopeHunk } from './draft.ts'
import { definitionOf, isComment } from './language.ts'
import { isTied, isTiedFile, type Tie } from './links.ts'
import { addNames, countsOf, noNames, runsBetween, staysAfter, type Names } from './names.ts'
import { partsOf } from './parts.ts'
import { plainLines, type Block } from './plain.ts'
import { renamesIn, withoutRenames, type Rename } from './renaming.ts'
import { namesFile, wishOf, type Wish } from './wish.ts'
import { MOST_UNITS, zonesOf, type Zone } from './zones.ts'

export type { Parted, Piece, ScopeHunk } from './draft.ts'

export interface ScopeInput {
  /** The file that was asked about. */
  readonly path: string
  /** The lines of its text that were asked about; 1-based, end exclusive. */
  readonly region: { readonly start: number; readonly end: number }
  /** The edit by the person that started it, where there is one. */
  readonly change: TextChange | null
  /** Everything that was asked in words: question or marker, and nudges. */
  readonly words: readonly string[]
  /** Texts by path. */
  readonly texts: Readonly<Record<string, string>>
  /** All hunks of the suggestion so far. */
  readonly hunks: readonly ScopeHunk[]
}

/** Judges every hunk of a suggestion. Pure; some ms for a file of a few thousand lines. */
export function judgeScope(input: ScopeInput): readonly Parted[] {
  const lines = new Map(Object.entries(input.texts).map(([path, text]) => [path, linesOf(text)]))
  const wish = wishOf(input.words)
  const { zones, named } = zonesOf(input, wish)
  const updates = input.hunks.filter(({ kind }) => kind === 'update')
  // Once a file: all words of a long one are looked through for it.
  const renames = new Map([...lines.keys()].map((path) => [path, renamesOf(path, updates, lines, wish)]))
  const drafts = updates.map((hunk) => draftOf(hunk, lines.get(hunk.path) ?? [], wish, renames.get(hunk.path) ?? []))
  const names = namesOf(input, lines)
  const tie: Tie = { names, wish, asked: input.words.length > 0, named, path: input.path }
  const moved = movedLines(drafts, wish)
  const inside = new Set<DraftRun>()
  const all = drafts.flatMap((draft) => draft.runs)
  const take = (one: DraftRun): void => {
    inside.add(one)
    const text = input.texts[one.run.path] ?? ''
    const counts = text.length > MOST_UNITS ? new Map<string, number>() : countsOf(text)
    addNames(names, one.run, (word) => counts.has(word), staysAfter(counts, one.run))
  }
  for (const one of all) if (isInside(one, zones, tie)) take(one)
  // What is tied to the edit may itself make something necessary: an import, a caller.
  for (let rounds = 0; rounds < 3; rounds += 1) {
    const tied = all.filter((one) => !inside.has(one) && isTied(one.run, tie))
    if (tied.length === 0) break
    for (const one of tied) take(one)
  }
  return input.hunks.map((hunk) => {
    const draft = drafts.find(({ hunk: { id } }) => id === hunk.id)
    if (draft !== undefined) return partsOf(draft, inside, moved)
    return {
      id: hunk.id,
      plain: hunk.edit,
      left: 0,
      pieces: [{ edit: hunk.edit, on: 'text', beyond: wholeFile(hunk, tie) }],
    }
  })
}

function wholeFile(hunk: ScopeHunk, tie: Tie): Beyond | null {
  const { wish } = tie
  const named = tie.asked && namesFile(wish, hunk.path)
  if (hunk.kind === 'add') {
    return isTiedFile(hunk.path, hunk.edit.lines, tie)
      ? null
      : { kind: 'place', why: 'beyond what you asked: a new file' }
  }
  if (hunk.kind === 'delete') {
    return tie.asked && wish.deletes && (named || wish.everywhere)
      ? null
      : { kind: 'place', why: 'beyond what you asked: deletes the file' }
  }
  const stem = hunk.moveTo ?? ''
  return tie.asked && wish.moves && (named || namesFile(wish, stem) || hunk.path === tie.path)
    ? null
    : { kind: 'rename', why: 'beyond what you asked: gives the file another name' }
}

function draftOf(hunk: ScopeHunk, lines: readonly string[], wish: Wish, renames: readonly Rename[]): Draft {
  const { path, edit } = hunk
  const old = lines.slice(edit.start - 1, edit.end - 1)
  const next = lines.slice(edit.end - 1).find((line) => !isBlank(line)) ?? null
  const block: Block = { path, old, fresh: edit.lines, next }
  const named = withoutRenames(edit.lines, renames)
  const plain = plainLines({ ...block, fresh: named }, { formatting: wish.formatting, order: wish.order })
  const runs = diffLines(old, plain).map((change): DraftRun => {
    const start = edit.start + change.oldStart - 1
    const fresh = plain.slice(change.newStart - 1, change.newEnd - 1)
    return {
      run: { path, old: old.slice(change.oldStart - 1, change.oldEnd - 1), fresh, lines, start },
      start,
      end: edit.start + change.oldEnd - 1,
      from: change.newStart - 1,
      to: change.newEnd - 1,
      fresh,
    }
  })
  return { hunk, block, plain, renames, runs }
}

function renamesOf(
  path: string,
  hunks: readonly ScopeHunk[],
  texts: ReadonlyMap<string, readonly string[]>,
  wish: Wish,
): readonly Rename[] {
  const lines = texts.get(path) ?? []
  const edits = hunks
    .filter((hunk) => hunk.path === path)
    .map(({ edit }) => ({ old: lines.slice(edit.start - 1, edit.end - 1), fresh: edit.lines }))
  const found = renamesIn(path, lines, edits)
  if (!wish.renames) return found.filter(({ from, to }) => !(wish.names.has(from) && wish.names.has(to)))
  // "Rename a to b" names what is meant; "better names" leaves it open.
  const named = found.filter(
    ({ from, to }) =>
      wish.names.has(from) ||
      wish.names.has(to) ||
      wish.plain.has(from.toLowerCase()) ||
      wish.plain.has(to.toLowerCase()),
  )
  return named.length === 0 ? [] : found.filter((rename) => !named.includes(rename))
}

function isInside(one: DraftRun, zones: readonly Zone[], tie: Tie): boolean {
  const { path } = tie
  const { lines } = one.run
  if (one.run.path !== path) return false
  return zones.some(({ start, end }) => {
    if (one.start >= start && one.end <= end && !(one.start === one.end && (one.start === start || one.start === end)))
      return true
    if (one.start < end && one.end > start && one.start < one.end) return true
    // Comments right above the region belong to it.
    if (
      one.end <= start &&
      lines.slice(one.end - 1, start - 1).every((line) => isComment(path, line)) &&
      one.fresh.every((line) => isComment(path, line))
    )
      return true
    const touches = one.start === one.end && (one.start === start || one.start === end)
    // Beside the region something of its own may begin, which nothing but its names can tie to it.
    return touches && !one.fresh.some((line) => definitionOf(line) !== null && !tie.wish.adds)
  })
}

// ── By which names ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What the person's own edit does to names; without one, what stands around the region. */
function namesOf({ path, region, change, texts }: ScopeInput, lines: ReadonlyMap<string, readonly string[]>): Names {
  const names = noNames()
  const text = lines.get(path) ?? []
  if (change !== null && change.before.length + change.after.length < MOST_UNITS) {
    const before = linesOf(change.before)
    const after = change.after === texts[change.path] ? (lines.get(change.path) ?? []) : linesOf(change.after)
    const [knew, stays] = [countsOf(change.before), countsOf(change.after)]
    for (const run of runsBetween(change.path, before, after))
      addNames(
        names,
        run,
        (word) => knew.has(word),
        (word) => stays.has(word),
      )
  } else {
    const middle = { path, old: [], fresh: [], lines: text, start: region.start }
    addNames(
      names,
      middle,
      () => false,
      () => false,
    )
    const defined = definitionOf(text[region.start - 1] ?? '')
    if (defined !== null) names.around.add(defined)
  }
  return names
}

/** Lines that one hunk takes out and another one puts in as they were. */
function movedLines(drafts: readonly Draft[], wish: Wish): ReadonlySet<DraftRun> {
  const moved = new Set<DraftRun>()
  if (wish.order) return moved
  const solid = (lines: readonly string[]): string =>
    lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n')
  const out = new Map<string, DraftRun>()
  for (const { runs } of drafts)
    for (const one of runs) {
      const text = solid(one.run.old)
      if (solid(one.fresh) === '' && text.length > 12) out.set(`${one.run.path}\n${text}`, one)
    }
  for (const { runs } of drafts)
    for (const one of runs) {
      if (solid(one.run.old) !== '') continue
      const from = out.get(`${one.run.path}\n${solid(one.fresh)}`)
      if (from === undefined) continue
      moved.add(from)
      moved.add(one)
    }
  return moved
}
