// The replay across files: a commit's hunks made one after the other, and what is proposed in other files after each of them.
import type { AcrossSigns } from '../../../main/core/index/across.ts'
import { Indexer, type Elsewhere, type FileEdits, type JudgeAcross } from '../../../main/core/index/indexer.ts'
import { ProjectIndex } from '../../../main/core/index/project-index.ts'
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

export interface Proposal {
  readonly commit: string
  readonly from: string
  readonly to: string
  readonly path: string
  readonly old: readonly string[]
  readonly lines: readonly string[]
}

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
 * repeated if its token edit equals one already made.
 */
export async function replayAcross(
  cases: Iterable<AcrossCase>,
  scopes: AskScopes,
  hearing: Hearing = {},
): Promise<readonly AcrossFigures[]> {
  const all = noSums()
  const renames = noSums()
  const project: Project = { contents: new Map(), index: new ProjectIndex() }
  for (const each of cases) {
    all.cases += 1
    for (const order of ORDERS) await replayCase(project, each, order, scopes, { all, renames, hearing })
  }
  return [
    { kind: 'all', ...all },
    { kind: 'rename', ...renames },
  ]
}

/** One case's project differs little from the last one's: only what differs is read again. */
interface Project {
  readonly contents: Map<string, string>
  readonly index: ProjectIndex
}

function become({ contents }: Project, wanted: ReadonlyMap<string, string>): readonly string[] {
  const changed = [...contents.keys()].filter((path) => !wanted.has(path))
  for (const path of changed) contents.delete(path)
  for (const [path, text] of wanted) {
    if (contents.get(path) === text) continue
    contents.set(path, text)
    changed.push(path)
  }
  return changed
}

interface Counting {
  readonly all: Sums
  readonly renames: Sums
  readonly hearing: Hearing
}

async function replayCase(
  project: Project,
  each: AcrossCase,
  order: Order,
  scopes: AskScopes,
  counting: Counting,
): Promise<void> {
  const { contents, index } = project
  const signs = new Map<FileEdits['edits'][number], AcrossSigns>()
  const all: JudgeAcross = (found, edit) => signs.set(edit, found).size > 0
  const ports = {
    read: async (path: string) => contents.get(path) ?? null,
    occurrences: scopes,
    // As much time as it needs: what is found must not depend on the machine.
    now: () => 0,
    pause: async () => undefined,
  }
  const { judged } = counting.hearing
  const indexer = judged === undefined ? new Indexer(ports, index) : new Indexer(ports, index, all)
  indexer.changed(become(project, each.project), false)
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
      signs.clear()
      const answer = await indexer.elsewhere(change)
      score(each, contents, change, made, answer, counting, (edit, isGood, proposal) => {
        const known = signs.get(edit)
        if (known !== undefined)
          judged?.({ commit: `${each.repo} ${each.commit} ${order}`, step: steps, signs: known, isGood, proposal })
      })
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
  { all, renames, hearing }: Counting,
  outcome: (edit: FileEdits['edits'][number], isGood: boolean, proposal: Proposal) => void,
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
    for (const edit of edits) {
      const isGood = scoreOf(step, [edit]).wrong === 0
      const proposal = proposalOf(each, change, step, edit)
      outcome(edit, isGood, proposal)
      if (!isGood) hearing.wrong?.(proposal)
    }
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

function proposalOf(
  { repo, commit }: AcrossCase,
  change: Edited,
  step: Step,
  edit: FileEdits['edits'][number],
): Proposal {
  const old = change.before.split('\n')
  const [cut] = cutsBetween(old, change.after.split('\n'))
  return {
    commit: `${repo} ${commit.slice(0, 8)} ${change.path}`,
    from: old.slice(cut?.oldStart, cut?.oldEnd).join('\n'),
    to: cut?.fresh.join('\n') ?? '',
    path: `${edit.path}:${edit.start}`,
    old: step.lines.slice(edit.start - 1, edit.end - 1),
    lines: edit.lines,
  }
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
