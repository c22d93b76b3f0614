// What the replay across files adds up to.
import type { PlacedEdit } from '../../../main/core/patch.ts'
import type { TextChange } from '../../../main/core/ports.ts'
import { cutsBetween } from '../replay/cuts.ts'
import type { AcrossCase } from './cases.ts'

export interface AcrossFigures {
  /** `edits`: hunks made one by one, and what is proposed in other files. `renames`: a name changed at one place, and where it is proposed at all. */
  readonly kind: 'edits' | 'renames'
  /** Commits, or names. */
  readonly cases: number
  readonly steps: number
  /** Minimal hunks that were proposed, and how many of them the commit makes too. */
  readonly proposed: number
  readonly good: number
  /** Of the wrong ones: the commit changes those lines otherwise. */
  readonly otherwise: number
  /** What could have been proposed, summed over the steps: found, all. */
  readonly found: number
  readonly repeated: number
  readonly spoke: number
  readonly spokeWrongly: number
}

export type Sums = Omit<AcrossFigures, 'kind'>

export const NO_SUMS: Sums = {
  cases: 0,
  steps: 0,
  proposed: 0,
  good: 0,
  otherwise: 0,
  found: 0,
  repeated: 0,
  spoke: 0,
  spokeWrongly: 0,
}

export function sumOf(all: readonly Sums[]): Sums {
  const sum = (name: keyof Sums): number => all.reduce((total, each) => total + each[name], 0)
  return {
    cases: sum('cases'),
    steps: sum('steps'),
    proposed: sum('proposed'),
    good: sum('good'),
    otherwise: sum('otherwise'),
    found: sum('found'),
    repeated: sum('repeated'),
    spoke: sum('spoke'),
    spokeWrongly: sum('spokeWrongly'),
  }
}

/** One step. */
export function sumsOfStep(
  step: Pick<Sums, 'good' | 'otherwise' | 'found' | 'repeated'> & { readonly wrong: number },
): Sums {
  const { good, wrong, otherwise, found, repeated } = step
  const spoke = Number(good + wrong > 0)
  return {
    cases: 0,
    steps: 1,
    proposed: good + wrong,
    good,
    otherwise,
    found,
    repeated,
    spoke,
    spokeWrongly: Number(wrong > 0),
  }
}

/** A proposal, for people. */
export interface Proposal {
  readonly commit: string
  /** What was done. */
  readonly from: string
  readonly to: string
  /** Where what is proposed. */
  readonly path: string
  readonly old: readonly string[]
  readonly lines: readonly string[]
}

/** `lines`: of the text that the edit is about. */
export function proposalOf(
  { repo, commit }: Pick<AcrossCase, 'repo' | 'commit'>,
  change: TextChange,
  lines: readonly string[],
  edit: PlacedEdit,
): Proposal {
  const old = change.before.split('\n')
  const [cut] = cutsBetween(old, change.after.split('\n'))
  return {
    commit: `${repo} ${commit.slice(0, 8)} ${change.path}`,
    from: old.slice(cut?.oldStart, cut?.oldEnd).join('\n'),
    to: cut?.fresh.join('\n') ?? '',
    path: `${edit.path}:${edit.start}`,
    old: lines.slice(edit.start - 1, edit.end - 1),
    lines: edit.lines,
  }
}
