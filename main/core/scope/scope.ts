// The scope guard: which part of each hunk the edit makes necessary, and which part goes beyond what was asked.
import { diffLines } from '../diff.ts'
import type { HunkKind } from '../../../preload/contract.ts'
import { indentOf, isBlank } from '../indent.ts'
import type { LineEdit } from '../patch.ts'
import type { TextChange } from '../ports.ts'
import { regionAround, regionsOf } from '../region.ts'
import { linesOf } from '../text.ts'
import { definitionOf, isComment, isData } from './language.ts'
import { isTied, isTiedFile, type Tie } from './links.ts'
import {
  addNames,
  countsOf,
  enclosingNames,
  isContainer,
  noNames,
  runsBetween,
  staysAfter,
  wordsOf,
  type Names,
  type Run,
} from './names.ts'
import { plainLines, sameMeaning, type Block } from './plain.ts'
import { renamesIn, withoutRenames, type Rename } from './renaming.ts'
import { namesFile, speaksOf, wishOf, type Wish } from './wish.ts'

/** What kind of thing nobody asked for: another place, a rename, formatting, another order. */
export type FoldKind = 'place' | 'rename' | 'format' | 'order'

export interface Beyond {
  readonly kind: FoldKind
  /** One line for people. */
  readonly why: string
}

export interface ScopeHunk {
  readonly id: string
  readonly path: string
  readonly kind: HunkKind
  readonly moveTo: string | null
  /** In lines of the text of its file, as it is in `texts`. */
  readonly edit: LineEdit
}

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

/** A part of a hunk that can be decided by itself. */
export interface Piece {
  readonly edit: LineEdit
  /** `text`: the edit is about the file's text. `rest`: about the text that `Parted.plain` makes of it. */
  readonly on: 'text' | 'rest'
  /** null: it belongs to what was asked. */
  readonly beyond: Beyond | null
}

export interface Parted {
  readonly id: string
  readonly pieces: readonly Piece[]
  /** The whole hunk without what nobody asked for: with it, the text becomes what pieces on `rest` are about. */
  readonly plain: LineEdit
  /** Changed lines that were left out because only their formatting was another. */
  readonly left: number
}

/** Texts beyond this are generated, or take too long: their hunks are judged by their place alone. */
const MOST_UNITS = 2_000_000
/** Changes with at most this many unchanged lines between them are one to the eye. */
const GAP = 3

/** Judges every hunk of a suggestion. Pure; some ms for a file of a few thousand lines. */
export function judgeScope(input: ScopeInput): readonly Parted[] {
  const lines = new Map(Object.entries(input.texts).map(([path, text]) => [path, linesOf(text)]))
  const wish = wishOf(input.words)
  const { zones, named } = zonesOf(input, wish)
  const updates = input.hunks.filter(({ kind }) => kind === 'update')
  const drafts = updates.map((hunk) =>
    draftOf(hunk, lines.get(hunk.path) ?? [], wish, renamesOf(hunk.path, updates, lines, wish)),
  )
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
      : { kind: 'place', why: 'a new file that nobody asked for' }
  }
  if (hunk.kind === 'delete') {
    return tie.asked && wish.deletes && (named || wish.everywhere)
      ? null
      : { kind: 'place', why: 'deletes a file that nobody asked to delete' }
  }
  const stem = hunk.moveTo ?? ''
  return tie.asked && wish.moves && (named || namesFile(wish, stem) || hunk.path === tie.path)
    ? null
    : { kind: 'rename', why: 'gives the file another name' }
}

// ── Where ────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Zone {
  readonly start: number
  readonly end: number
}

/** Where the person is at work: the definitions around the changed lines, or around what was asked about. */
function zonesOf(
  { path, region, change, words, texts }: ScopeInput,
  wish: Wish,
): { zones: readonly Zone[]; named: boolean } {
  const text = texts[path]
  if (text === undefined || text.length > MOST_UNITS) return { zones: [region], named: false }
  const lines = linesOf(text)
  if (words.length === 0) {
    const regions = change !== null && change.path === path && change.after === text ? regionsOf(change).regions : []
    const zones = regions.map(({ changedStart, changedEnd }) => workplace(path, lines, changedStart, changedEnd))
    return { zones: zones.length > 0 ? zones : [region], named: false }
  }
  const around = regionAround(text, region.start)
  const zones: Zone[] = [region, around]
  // A marker or a place often is the line above what is meant.
  let below = region.start
  while (below <= lines.length && (isBlank(lines[below - 1]) || isComment(path, lines[below - 1] ?? ''))) below += 1
  if (below <= lines.length && below - region.start < 8) zones.push(workplace(path, lines, below, below + 1))
  // Words that name one of several definitions here mean that one.
  const named: Zone[] = []
  for (let at = Math.min(region.start, around.start); at < Math.max(region.end, around.end); at += 1) {
    const name = definitionOf(lines[at - 1] ?? '')
    if (name !== null && speaksOf(wish, name) && !isContainer(lines[at - 1] ?? '')) named.push(blockFrom(lines, at))
  }
  return { zones: named.length > 0 ? named : zones, named: named.length > 0 }
}

const BESIDE = 2
const PARAGRAPH = 20

/** The function, or the type, in which these lines stand or that begins with them; else the lines right beside them. */
function workplace(path: string, lines: readonly string[], start: number, end: number): Zone {
  const heads = [...enclosingNames(lines, start)].filter(({ line }) => !isContainer(lines[line - 1] ?? ''))
  const [first] = heads
  let zone: Zone = { start, end }
  if (first !== undefined) zone = joined(zone, blockFrom(lines, first.line))
  for (let at = start; at < Math.min(end, start + 200); at += 1) {
    const text = lines[at - 1] ?? ''
    if (definitionOf(text) !== null && !isContainer(text)) zone = joined(zone, blockFrom(lines, at))
  }
  if (zone.start < start || zone.end > end) return withHeading(path, lines, zone)
  const most = isData(path) ? BESIDE : PARAGRAPH
  const depth = Math.min(...lines.slice(start - 1, Math.max(start, end - 1)).map(indentOf))
  const belongs = (line: number): boolean => {
    const text = lines[line - 1]
    return (
      !isBlank(text) && text !== undefined && (indentOf(text) >= depth || isData(path)) && definitionOf(text) === null
    )
  }
  while (start - zone.start < most && belongs(zone.start - 1)) zone = { ...zone, start: zone.start - 1 }
  while (zone.end - end < most && belongs(zone.end)) zone = { ...zone, end: zone.end + 1 }
  return zone
}

function joined(a: Zone, b: Zone): Zone {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}

/** From the line that heads a block to the one that closes it. */
function blockFrom(lines: readonly string[], head: number): Zone {
  const depth = indentOf(lines[head - 1] ?? '')
  let end = head + 1
  for (let at = head + 1; at <= lines.length; at += 1) {
    const text = lines[at - 1] ?? ''
    if (isBlank(text)) continue
    const closes = /^\s*(?:[)\]}]|end\b|done\b|fi\b)/.test(text)
    const opens = /^\s*[{(]\s*$/.test(text)
    if (indentOf(text) < depth || (indentOf(text) === depth && !closes && !opens)) break
    end = at + 1
    if (indentOf(text) === depth && closes && !/[{(:]\s*$/.test(text)) break
  }
  return { start: head, end }
}

/** With the comments, decorators and attributes above it. */
function withHeading(path: string, lines: readonly string[], zone: Zone): Zone {
  let { start } = zone
  while (start > 1 && (isComment(path, lines[start - 2] ?? '') || /^\s*(?:@|#\[)/.test(lines[start - 2] ?? '')))
    start -= 1
  return { ...zone, start }
}

/** A run of changed lines of one hunk, in lines of its file. */
interface DraftRun {
  readonly run: Run
  readonly start: number
  readonly end: number
  /** In lines of the draft's block: 0-based. */
  readonly from: number
  readonly to: number
  readonly fresh: readonly string[]
}

/** A hunk, and its lines without what nobody asked for. */
interface Draft {
  readonly hunk: ScopeHunk
  readonly block: Block
  readonly plain: readonly string[]
  readonly renames: readonly Rename[]
  readonly runs: readonly DraftRun[]
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

// ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function partsOf(draft: Draft, inside: ReadonlySet<DraftRun>, moved: ReadonlySet<DraftRun>): Parted {
  const { hunk, plain, runs } = draft
  const base = hunk.edit.start
  const pieces: Piece[] = []
  let group: { first: DraftRun; last: DraftRun; beyond: Beyond | null } | null = null
  const close = (): void => {
    if (group === null) return
    const { first, last, beyond } = group
    pieces.push({
      edit: { start: first.start, end: last.end, lines: plain.slice(first.from, last.to) },
      on: 'text',
      beyond,
    })
    group = null
  }
  for (const one of runs) {
    const beyond = moved.has(one) ? MOVED : inside.has(one) ? null : ELSEWHERE
    if (group !== null && group.beyond === beyond && one.start - group.last.end <= GAP) group.last = one
    else {
      close()
      group = { first: one, last: one, beyond }
    }
  }
  close()
  const { rest, left } = restOf(draft, base)
  return { id: hunk.id, plain: { ...hunk.edit, lines: plain }, pieces: inOrder([...pieces, ...rest]), left }
}

const ELSEWHERE: Beyond = { kind: 'place', why: 'beyond what you asked: another place' }
const MOVED: Beyond = { kind: 'order', why: 'only moves lines' }
const FORMATTED: Beyond = { kind: 'format', why: 'only formatting' }
const ORDERED: Beyond = { kind: 'order', why: 'only another order' }

/** In the order of the file, those on the text first. */
function inOrder(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.toSorted((a, b) => (a.on === b.on ? a.edit.start - b.edit.start : a.on === 'text' ? -1 : 1))
}

/** From the plain lines to the lines as the model wrote them: what nobody asked for. */
function restOf(
  { block, plain, renames, runs }: Draft,
  base: number,
): { readonly rest: readonly Piece[]; readonly left: number } {
  const { path, next, fresh } = block
  const changes = diffLines(plain, fresh)
  const rest: Piece[] = []
  let left = 0
  const parts = changes.map((change) => {
    const from = plain.slice(change.oldStart - 1, change.oldEnd - 1)
    const to = fresh.slice(change.newStart - 1, change.newEnd - 1)
    return {
      change,
      beyond: kindOf({ path, old: from, fresh: to, next }, renames),
      place: onText(runs, change.oldStart - 1, change.oldEnd - 1, base),
    }
  })
  const ordered = parts.filter(({ beyond }) => beyond.kind === 'order')
  const groups: (typeof parts)[] = []
  if (ordered.length > 0) groups.push(ordered)
  for (const part of parts) {
    if (part.beyond.kind === 'order') continue
    const last = groups.at(-1)
    const former = last?.at(-1)
    const near = former !== undefined && part.change.oldStart - former.change.oldEnd <= GAP
    if (
      last !== undefined &&
      former !== undefined &&
      near &&
      former.beyond.kind === part.beyond.kind &&
      (former.place === null) === (part.place === null)
    )
      last.push(part)
    else groups.push([part])
  }
  for (const group of groups) {
    const [first] = group
    const last = group.at(-1)
    if (first === undefined || last === undefined) continue
    const lines = fresh.slice(first.change.newStart - 1, last.change.newEnd - 1)
    const untouched = onText(runs, first.change.oldStart - 1, last.change.oldEnd - 1, base)
    if (untouched !== null) rest.push({ edit: { ...untouched, lines }, on: 'text', beyond: first.beyond })
    else if (first.beyond.kind === 'format') left += last.change.newEnd - first.change.newStart
    else {
      const edit = { start: base + first.change.oldStart - 1, end: base + last.change.oldEnd - 1, lines }
      rest.push({ edit, on: 'rest', beyond: first.beyond })
    }
  }
  return { rest, left }
}

function kindOf(block: Block, renames: readonly Rename[]): Beyond {
  if (sameMeaning(block)) return FORMATTED
  const said = new Set(wordsOf(block.fresh))
  const here = renames.filter(({ to }) => said.has(to))
  const names = here.map(({ from, to }) => `${from} to ${to}`).join(', ')
  return here.length === 0 ? ORDERED : { kind: 'rename', why: `renames ${names}` }
}

/** Where plain lines [from, to) (0-based) stand in the file's text, if none of them, nor the border, was changed; otherwise null. */
function onText(
  runs: readonly DraftRun[],
  from: number,
  to: number,
  base: number,
): { start: number; end: number } | null {
  let shift = 0
  for (const one of runs) {
    const isInsertion = from === to
    if (isInsertion ? one.from <= from && one.to >= from : one.from < to && one.to > from) return null
    if (!isInsertion && one.from === one.to && one.from > from && one.from < to) return null
    if (one.to <= from) shift += one.end - one.start - (one.to - one.from)
  }
  return { start: base + from + shift, end: base + to + shift }
}
