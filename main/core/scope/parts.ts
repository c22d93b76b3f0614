// The parts of a judged hunk: what was needed, what stands in another place, and what nobody asked for.
import { diffLines } from '../diff.ts'
import type { Beyond, Draft, DraftRun, Parted, Piece } from './draft.ts'
import { wordsOf } from './names.ts'
import { sameMeaning, type Block } from './plain.ts'
import type { Rename } from './renaming.ts'

/** Changes with at most this many unchanged lines between them are one to the eye. */
const GAP = 3

/** `inside`: the runs that were asked for, or are necessary; `moved`: those that only carry lines elsewhere. */
export function partsOf(draft: Draft, inside: ReadonlySet<DraftRun>, moved: ReadonlySet<DraftRun>): Parted {
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
const MOVED: Beyond = { kind: 'order', why: 'beyond what you asked: only moves lines' }
const FORMATTED: Beyond = { kind: 'format', why: 'beyond what you asked: only formatting' }
const ORDERED: Beyond = { kind: 'order', why: 'beyond what you asked: only another order' }

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
  return here.length === 0 ? ORDERED : { kind: 'rename', why: `beyond what you asked: renames ${names}` }
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
