// The replay across files: a commit's hunks made one after the other, and what is proposed in other files after each of them.
import { Indexer, type Elsewhere, type FileEdits } from '../../../main/core/index/indexer.ts'
import type { Edited, TextChange } from '../../../main/core/ports.ts'
import type { Occurrences, Target } from '../../../main/core/syntax/occurrences.ts'
import { cutsBetween, type Cut } from '../replay/cuts.ts'
import { ORDERS, scoreOf, signatureOf, WORD, type Order, type Step, type TokenSignature } from '../replay/protocol.ts'
import type { AcrossCase, ChangedFile } from './cases.ts'

/** Steps of one file at which the engine is asked, and of one case. */
const STEPS_A_FILE = 6
const MOST_STEPS = 18

export type AskScopes = (path: string, text: string, target: Target) => Promise<Occurrences | null>

/** What the proposals in other files are worth; `rename`: those made because a name was changed. */
export interface AcrossFigures {
  readonly kind: 'all' | 'rename'
  readonly cases: number
  readonly steps: number
  /** Minimal hunks that were proposed in other files, and how many of them the commit makes too. */
  readonly proposed: number
  readonly good: number
  /** Of the wrong ones: the commit changes those lines otherwise. */
  readonly otherwise: number
  /** Repeated hunks in other files, summed over the steps: found, all. Of renames not known. */
  readonly found: number
  readonly repeated: number
  readonly spoke: number
  readonly spokeWrongly: number
}

export interface Wrong {
  readonly commit: string
  readonly from: string
  readonly to: string
  readonly path: string
  readonly old: readonly string[]
  readonly lines: readonly string[]
}

type Sums = { -readonly [Name in Exclude<keyof AcrossFigures, 'kind'>]: number }

const noSums = (): Sums => ({
  cases: 0,
  steps: 0,
  proposed: 0,
  good: 0,
  otherwise: 0,
  found: 0,
  repeated: 0,
  spoke: 0,
  spokeWrongly: 0,
})

/**
 * Replays the cases in three orders of their files, and gives the sums. In each file the first six hunks are made one by one,
 * and the engine is asked after each; what is left of the file is made at once, without a question. A proposal in another file
 * is correct if the commit makes the same lines there; a file that the commit leaves alone has none. A hunk of another file is
 * repeated if its token edit equals one already made. `wrong` hears of each wrong proposal.
 */
export async function replayAcross(
  cases: Iterable<AcrossCase>,
  scopes: AskScopes,
  wrong: (proposal: Wrong) => void = () => undefined,
): Promise<readonly AcrossFigures[]> {
  const all = noSums()
  const renames = noSums()
  for (const each of cases) {
    all.cases += 1
    for (const order of ORDERS) await replayCase(each, order, scopes, { all, renames, wrong })
  }
  return [
    { kind: 'all', ...all },
    { kind: 'rename', ...renames },
  ]
}

interface Counting {
  readonly all: Sums
  readonly renames: Sums
  readonly wrong: (proposal: Wrong) => void
}

async function replayCase(each: AcrossCase, order: Order, scopes: AskScopes, counting: Counting): Promise<void> {
  const contents = new Map(each.project)
  const indexer = new Indexer({
    read: async (path) => contents.get(path) ?? null,
    occurrences: scopes,
    // As much time as it needs: what is found must not depend on the machine.
    now: () => 0,
    pause: async () => undefined,
  })
  indexer.seen([...contents.keys()])
  await indexer.settled()
  const made: TokenSignature[] = []
  let steps = 0
  for (const file of inOrder(each.files, order)) {
    const history: TextChange[] = []
    for (const { after, signature, isAsked } of stepsIn(file)) {
      const change: Edited = { path: file.path, before: contents.get(file.path) ?? '', after, history: [...history] }
      contents.set(file.path, after)
      indexer.changed([file.path], true)
      await indexer.settled()
      if (signature !== null) made.push(signature)
      history.push({ path: file.path, before: change.before, after })
      if (!isAsked) continue
      const answer = await indexer.elsewhere(change)
      score(each, contents, change, made, answer, counting)
      steps += 1
      if (steps >= MOST_STEPS) return
    }
  }
}

interface FileStep {
  readonly after: string
  /** null: of several hunks at once. */
  readonly signature: TokenSignature | null
  readonly isAsked: boolean
}

function stepsIn({ before, after }: ChangedFile): readonly FileStep[] {
  const lines = before.split('\n')
  const cuts = cutsBetween(lines, after.split('\n'))
  const steps = cuts.slice(0, STEPS_A_FILE).map((cut, index): FileStep => {
    const signature = signatureOf(lines.slice(cut.oldStart, cut.oldEnd), cut.fresh)
    return { after: withCuts(lines, cuts.slice(0, index + 1)), signature, isAsked: true }
  })
  return cuts.length > STEPS_A_FILE ? [...steps, { after, signature: null, isAsked: false }] : steps
}

function withCuts(lines: readonly string[], cuts: readonly Cut[]): string {
  const made: string[] = []
  let at = 0
  for (const cut of cuts) {
    made.push(...lines.slice(at, cut.oldStart), ...cut.fresh)
    at = cut.oldEnd
  }
  return [...made, ...lines.slice(at)].join('\n')
}

/** `shuffled`: the later half first. */
function inOrder(files: readonly ChangedFile[], order: Order): readonly ChangedFile[] {
  if (order === 'up') return files.toReversed()
  const half = order === 'shuffled' ? files.length >> 1 : 0
  return [...files.slice(half), ...files.slice(0, half)]
}

function score(
  each: AcrossCase,
  contents: ReadonlyMap<string, string>,
  change: Edited,
  made: readonly TokenSignature[],
  { files, rename }: Elsewhere,
  { all, renames, wrong }: Counting,
): void {
  const sums = rename === null ? [all] : [all, renames]
  const total = { good: 0, wrong: 0, otherwise: 0, found: 0, repeated: 0 }
  const proposals = new Map(files.map((file) => [file.path, file]))
  for (const path of new Set([...each.files.map((file) => file.path), ...proposals.keys()])) {
    if (path === change.path) continue
    const step = stepIn(each, contents.get(path) ?? '', path, change, made)
    const edits = proposals.get(path)?.edits ?? []
    const scored = scoreOf(step, edits)
    total.good += scored.good
    total.wrong += scored.wrong
    total.otherwise += scored.otherwise
    total.found += scored.found
    total.repeated += scored.repeated
    if (scored.wrong > 0) for (const edit of edits) tell(each, change, step, edit, wrong)
  }
  for (const each of sums) {
    each.steps += 1
    each.proposed += total.good + total.wrong
    each.good += total.good
    each.otherwise += total.otherwise
    each.found += total.found
    each.repeated += total.repeated
    each.spoke += Number(total.good + total.wrong > 0)
    each.spokeWrongly += Number(total.wrong > 0)
  }
}

function tell(
  { repo, commit }: AcrossCase,
  change: Edited,
  step: Step,
  edit: FileEdits['edits'][number],
  wrong: Counting['wrong'],
): void {
  if (scoreOf(step, [edit]).wrong === 0) return
  const old = change.before.split('\n')
  const [cut] = cutsBetween(old, change.after.split('\n'))
  if (cut === undefined) return
  wrong({
    commit: `${repo} ${commit.slice(0, 8)} ${change.path}`,
    from: old.slice(cut.oldStart, cut.oldEnd).join('\n'),
    to: cut.fresh.join('\n'),
    path: `${edit.path}:${edit.start}`,
    old: step.lines.slice(edit.start - 1, edit.end - 1),
    lines: edit.lines,
  })
}

/** What the commit still makes of another file, as a step of the replay within one file. */
function stepIn(
  { repo, commit, files }: AcrossCase,
  text: string,
  path: string,
  request: Edited,
  made: readonly TokenSignature[],
): Step {
  const after = files.find((file) => file.path === path)?.after ?? text
  const lines = text.split('\n')
  const rest = text === after ? [] : cutsBetween(lines, after.split('\n'))
  const repeated = rest.map((cut) => {
    const { old, fresh } = signatureOf(lines.slice(cut.oldStart, cut.oldEnd), cut.fresh)
    return WORD.test(old) && made.some((one) => one.old === old && one.fresh === fresh)
  })
  const of = { repo, commit, path, kind: 'repeat', before: text, after } as const
  return { of, order: 'down', request, lines, rest, repeated, examples: made.length }
}
