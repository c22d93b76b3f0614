// The replay across files: a commit's hunks made one after the other, and what is proposed in other files after each of them.
import type { AcrossSigns } from '../../../main/core/index/across.ts'
import type { FileEdits } from '../../../main/core/index/indexer.ts'
import type { PlacedEdit } from '../../../main/core/patch.ts'
import type { Edited, TextChange } from '../../../main/core/ports.ts'
import { cutsBetween, type Cut } from '../replay/cuts.ts'
import {
  ORDERS,
  scoreOf,
  signatureOf,
  WORD,
  type Order,
  type Score,
  type Step,
  type TokenSignature,
} from '../replay/protocol.ts'
import type { AcrossCase, ChangedFile } from './cases.ts'
import { ReplayedProject, type AskScopes } from './project.ts'
import { replayRenamings } from './renames.ts'
import { NO_SUMS, proposalOf, sumOf, sumsOfStep, type AcrossFigures, type Proposal, type Sums } from './sums.ts'

/** Steps of one file at which the engine is asked, and of one case. */
const STEPS_A_FILE = 6
const MOST_STEPS = 18

/** A place that the engine found, and whether the commit makes the same of it. */
export interface JudgedPlace {
  readonly commit: string
  /** Number of the step. */
  readonly step: number
  readonly signs: AcrossSigns
  readonly isGood: boolean
  readonly proposal: Proposal
}

export interface Hearing {
  /** Each wrong proposal. */
  wrong?(proposal: Proposal): void
  /** Each place that the engine found, whatever the judge says: then all of them are proposed. */
  judged?(place: JudgedPlace): void
}

/**
 * Replays the cases in three orders of their files, and gives the sums. In each file the first six hunks are made one by one,
 * and the engine is asked after each; what is left of the file is made at once, without a question. A proposal in another file
 * is correct if the commit makes the same lines there; a file that the commit leaves alone has none. A hunk of another file is
 * repeated if its token edit equals one already made.
 */
export async function replayAcross(
  cases: Iterable<AcrossCase>,
  scopes: AskScopes,
  hearing: Hearing = {},
): Promise<readonly AcrossFigures[]> {
  const signs = new Map<PlacedEdit, AcrossSigns>()
  const { judged } = hearing
  const project =
    judged === undefined
      ? new ReplayedProject(scopes)
      : new ReplayedProject(scopes, (found, edit) => signs.set(edit, found).size > 0)
  let edits: Sums = NO_SUMS
  let renames: Sums = NO_SUMS
  for (const each of cases) {
    edits = sumOf([edits, { ...NO_SUMS, cases: 1 }])
    for (const order of ORDERS) edits = sumOf([edits, await replayCase(project, each, order, signs, hearing)])
    renames = sumOf([renames, await replayRenamings(project, each, hearing.wrong)])
  }
  return [
    { kind: 'edits', ...edits },
    { kind: 'renames', ...renames },
  ]
}

async function replayCase(
  project: ReplayedProject,
  each: AcrossCase,
  order: Order,
  signs: Map<PlacedEdit, AcrossSigns>,
  hearing: Hearing,
): Promise<Sums> {
  const { contents } = project
  const indexer = await project.become(each.project)
  const made: TokenSignature[] = []
  const steps: Sums[] = []
  for (const file of inOrder(each.files, order)) {
    const history: TextChange[] = []
    for (const { after, signature, isAsked } of stepsIn(file)) {
      const change: Edited = { path: file.path, before: contents.get(file.path) ?? '', after, history: [...history] }
      await project.save(indexer, file.path, after)
      if (signature !== null) made.push(signature)
      history.push({ path: file.path, before: change.before, after })
      if (!isAsked) continue
      signs.clear()
      const { files } = await indexer.elsewhere(change)
      const scored = score(each, contents, change, made, files, (edit, isGood, proposal) => {
        const known = signs.get(edit)
        const commit = `${each.repo} ${each.commit} ${order}`
        if (known !== undefined) hearing.judged?.({ commit, step: steps.length, signs: known, isGood, proposal })
        if (!isGood) hearing.wrong?.(proposal)
      })
      steps.push(scored)
      if (steps.length >= MOST_STEPS) return sumOf(steps)
    }
  }
  return sumOf(steps)
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
  files: readonly FileEdits[],
  outcome: (edit: PlacedEdit, isGood: boolean, proposal: Proposal) => void,
): Sums {
  const proposals = new Map(files.map((file) => [file.path, file.edits]))
  const scores: Score[] = []
  for (const path of new Set([...each.files.map((file) => file.path), ...proposals.keys()])) {
    if (path === change.path) continue
    const step = stepIn(each, contents.get(path) ?? '', path, change, made)
    const edits = proposals.get(path) ?? []
    scores.push(scoreOf(step, edits))
    for (const edit of edits) {
      outcome(edit, scoreOf(step, [edit]).wrong === 0, proposalOf(each, change, step.lines, edit))
    }
  }
  const sum = (name: keyof Score): number => scores.reduce((total, one) => total + one[name], 0)
  return sumsOfStep({
    good: sum('good'),
    wrong: sum('wrong'),
    otherwise: sum('otherwise'),
    found: sum('found'),
    repeated: sum('repeated'),
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
