// The renamings in a commit: a name changed at one of its places, and which of the others are proposed.
import { tokensOf, isWord } from '../../../main/core/echo/tokens.ts'
import type { PlacedEdit } from '../../../main/core/patch.ts'
import { cutsBetween, type Cut } from '../replay/cuts.ts'
import type { AcrossCase } from './cases.ts'
import type { ReplayedProject } from './project.ts'
import { NO_SUMS, proposalOf, sumOf, sumsOfStep, type Proposal, type Sums } from './sums.ts'

export interface Renaming {
  readonly from: string
  readonly to: string
  /** Lines of the texts before in which the commit put `to` for `from`, and did nothing else. */
  readonly places: readonly RenamedLine[]
}

export interface RenamedLine {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly fresh: string
}

/** Fewer places are as likely something else. */
const LEAST_PLACES = 3

/** Every pair of names of which one took the place of the other in three lines and more. */
export function renamingsIn({ files }: AcrossCase): readonly Renaming[] {
  const found = new Map<string, { from: string; to: string; places: RenamedLine[] }>()
  for (const { path, before, after } of files) {
    const lines = before.split('\n')
    for (const cut of cutsBetween(lines, after.split('\n'))) {
      if (cut.fresh.length !== cut.oldEnd - cut.oldStart) continue
      for (const [at, fresh] of cut.fresh.entries()) {
        const names = namesIn(lines[cut.oldStart + at] ?? '', fresh)
        if (names === null) continue
        const key = `${names.from} ${names.to}`
        const known = found.get(key) ?? { ...names, places: [] }
        known.places.push({ path, line: cut.oldStart + at + 1, fresh })
        found.set(key, known)
      }
    }
  }
  return [...found.values()].filter(({ places }) => places.length >= LEAST_PLACES)
}

/** The one name for which the line puts one other name, wherever it did; null when it did anything else. */
function namesIn(old: string, fresh: string): { readonly from: string; readonly to: string } | null {
  const [left, right] = [tokensOf(old), tokensOf(fresh)]
  if (left.length !== right.length) return null
  let names: { readonly from: string; readonly to: string } | null = null
  for (const [at, from] of left.entries()) {
    const to = right[at] ?? ''
    if (from === to) continue
    if (!isName(from) || !isName(to) || (names !== null && (names.from !== from || names.to !== to))) return null
    names = { from, to }
  }
  return names
}

function isName(token: string): boolean {
  return isWord(token) && !/^\p{N}/u.test(token)
}

/** Of one commit, and of one renaming: the files in which it is begun. */
const MOST_RENAMINGS = 12
const MOST_BEGINNINGS = 6

/**
 * Each renaming is begun at its first line in each of its files, and at nothing else; every other line of it is to be found.
 * Found by scopes only: what the embedded engine's own lessons add in the file itself is another replay's.
 */
export async function replayRenamings(
  project: ReplayedProject,
  each: AcrossCase,
  wrong?: (proposal: Proposal) => void,
): Promise<Sums> {
  const renamings = renamingsIn(each).slice(0, MOST_RENAMINGS)
  const steps: Sums[] = []
  for (const renaming of renamings) {
    for (const begun of beginningsOf(renaming)) {
      const indexer = await project.become(each.project)
      const before = project.contents.get(begun.path) ?? ''
      const change = { path: begun.path, before, after: withLine(before, begun) }
      await project.save(indexer, change.path, change.after)
      const { rename, files } = await indexer.elsewhere({ ...change, history: [] })
      const proposed = [...(rename?.edits ?? []), ...files.flatMap(({ edits }) => edits)]
      const isOf = (place: RenamedLine, edit: (typeof proposed)[number]): boolean =>
        place.path === edit.path && place.line === edit.start && place.fresh === edit.lines[0]
      const others = renaming.places.filter((place) => place !== begun)
      const found = others.filter((place) => proposed.some((edit) => isOf(place, edit))).length
      const bad = proposed.filter(
        (edit) => !others.some((place) => isOf(place, edit)) && !isWithin(each, edit, renaming),
      )
      const good = proposed.length - bad.length
      const otherwise = bad.filter((edit) => cutsAt(each, edit).length > 0).length
      steps.push(sumsOfStep({ good, wrong: bad.length, otherwise, found, repeated: others.length }))
      for (const edit of bad) {
        wrong?.(proposalOf(each, change, (project.contents.get(edit.path) ?? '').split('\n'), edit))
      }
    }
  }
  return sumOf([{ ...NO_SUMS, cases: renamings.length }, ...steps])
}

/** The first line of each file. */
function beginningsOf({ places }: Renaming): readonly RenamedLine[] {
  const first = new Map(places.toReversed().map((place) => [place.path, place]))
  return [...first.values()].toReversed().slice(0, MOST_BEGINNINGS)
}

function withLine(text: string, { line, fresh }: RenamedLine): string {
  return text
    .split('\n')
    .with(line - 1, fresh)
    .join('\n')
}

/** What the commit makes of the line of the text before that the edit is about. */
function cutsAt({ files }: AcrossCase, { path, start }: PlacedEdit): readonly Cut[] {
  const file = files.find((one) => one.path === path)
  if (file === undefined) return []
  const cuts = cutsBetween(file.before.split('\n'), file.after.split('\n'))
  return cuts.filter(({ oldStart, oldEnd }) => oldStart < start && start <= oldEnd)
}

/** The commit does more to the line, but puts the one name for the other there, too. */
function isWithin(each: AcrossCase, edit: PlacedEdit, { from, to }: Renaming): boolean {
  return cutsAt(each, edit).some(({ fresh }) => {
    const tokens = new Set(tokensOf(fresh.join('\n')))
    return tokens.has(to) && !tokens.has(from)
  })
}
