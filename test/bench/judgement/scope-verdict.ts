// What the scope guard makes of the golden set: how minimal, what was shown that nobody asked for, what was folded that was needed.
import { diffLines } from '../../../main/core/diff.ts'
import { changedLines } from '../../../main/core/minimal.ts'
import { applyEdits, type LineEdit } from '../../../main/core/patch.ts'
import { judgeScope, type Parted, type Piece } from '../../../main/core/scope/scope.ts'
import { linesOf } from '../../../main/core/text.ts'
import type { GoldenCase, GoldenHunk } from './golden.ts'

export interface ScopeVerdict {
  readonly cases: number
  /** J1: of each case with something needed, changed lines shown by lines needed. */
  readonly ratios: readonly number[]
  /** The same as the model wrote it, without the guard. */
  readonly rawRatios: readonly number[]
  /** J2: hunks with something that nobody asked for, and those of them of which some was shown unfolded. */
  readonly unasked: number
  readonly shown: readonly string[]
  /** Folded as another kind than it is: told, but no fault of J2. */
  readonly mislabelled: readonly string[]
  /** J3: hunks with something needed, and those of them of which some was folded or left out. */
  readonly needed: number
  readonly folded: readonly string[]
}

export function judgeGolden(cases: readonly GoldenCase[]): ScopeVerdict {
  const verdict = {
    cases: cases.length,
    ratios: [] as number[],
    rawRatios: [] as number[],
    unasked: 0,
    shown: [] as string[],
    mislabelled: [] as string[],
    needed: 0,
    folded: [] as string[],
  }
  for (const one of cases) {
    const parted = judgeScope(one.input)
    let [lines, needed, raw] = [0, 0, 0]
    for (const [index, golden] of one.hunks.entries()) {
      const name = `${one.name} [${index + 1} ${golden.label}]`
      const pieces = golden.hunks.map(({ id }) => parted.find((candidate) => candidate.id === id))
      const outcome = compare(one, golden, pieces)
      lines += outcome.shown
      needed += outcome.needed
      raw += outcome.raw
      if (golden.label !== 'needed') verdict.unasked += 1
      if (golden.label !== 'needed' && outcome.tooMuch) verdict.shown.push(name)
      if (golden.needed.length > 0) verdict.needed += 1
      if (outcome.tooLittle) verdict.folded.push(name)
      const kinds = pieces.flatMap((part) => part?.pieces ?? []).flatMap(({ beyond }) => beyond?.kind ?? [])
      if (
        golden.label !== 'needed' &&
        golden.label !== 'mixed' &&
        !outcome.tooMuch &&
        kinds.every((kind) => kind !== golden.label)
      )
        verdict.mislabelled.push(`${name}: ${kinds.join(', ')}`)
    }
    if (needed > 0) {
      verdict.ratios.push(lines / needed)
      verdict.rawRatios.push(raw / needed)
    }
  }
  return verdict
}

interface Outcome {
  /** Changed lines. */
  readonly shown: number
  readonly needed: number
  readonly raw: number
  readonly tooMuch: boolean
  readonly tooLittle: boolean
}

function compare({ input }: GoldenCase, golden: GoldenHunk, parted: readonly (Parted | undefined)[]): Outcome {
  const path = golden.hunks[0]?.path ?? ''
  const text = input.texts[path] ?? ''
  const whole = golden.hunks.map(({ edit }) => edit)
  const unfolded = parted
    .flatMap((part) => part?.pieces ?? [])
    .filter(({ beyond }) => beyond === null)
    .map(editOf)
  const [before, shown, needed] = [
    linesOf(text),
    linesOf(applyEdits(text, unfolded)),
    linesOf(applyEdits(text, golden.needed)),
  ]
  return {
    shown: changedLines(before, shown),
    needed: changedLines(before, needed),
    raw: changedLines(before, linesOf(applyEdits(text, whole))),
    ...difference(before, shown, needed),
  }
}

function editOf({ edit }: Piece): LineEdit {
  return edit
}

/** Whether lines are shown that were not needed, and the other way round. */
function difference(
  before: readonly string[],
  shown: readonly string[],
  needed: readonly string[],
): { tooMuch: boolean; tooLittle: boolean } {
  if (shown.join('\n') === needed.join('\n')) return { tooMuch: false, tooLittle: false }
  const changes = (after: readonly string[]): readonly string[] =>
    diffLines(before, after).flatMap((run) => [
      ...before.slice(run.oldStart - 1, run.oldEnd - 1).map((line, index) => `-${run.oldStart + index} ${line}`),
      ...after.slice(run.newStart - 1, run.newEnd - 1).map((line) => `+ ${line}`),
    ])
  const [ours, theirs] = [changes(shown), changes(needed)]
  return {
    tooMuch: ours.some((line) => !theirs.includes(line)),
    tooLittle: theirs.some((line) => !ours.includes(line)),
  }
}
