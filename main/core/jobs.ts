// The pure functions that may take long, by name, so that a worker can run them off the streaming thread.
import { examinationOf, firstSightOf, type ChangeReport } from './change-report.ts'
import { brokenChecks, type Check } from './conventions/check.ts'
import { observe, type Observation } from './conventions/observe.ts'
import { diff, type LineDiff } from './diff.ts'
import { proposeWithLesson, type Echo } from './echo/echo.ts'
import type { ParsedHunk } from './edits/hunk.ts'
import { createLocator, type LocateHints, type Locator } from './locate/locate.ts'
import { sameButFormatting } from './formatting.ts'
import { mergeChange, unifiedDiff, type MergeOutcome } from './merge.ts'
import type { LineEdit } from './patch.ts'
import type { Edited, TextChange } from './ports.ts'
import { overwritten, rebaseEdits, type RebaseOutcome } from './rebase.ts'
import { regionAround, regionsOf, type Analysis, type Region } from './region.ts'
import { placeHunk, type PlaceOutcome } from './reply.ts'
import { judgeScope, type Parted, type ScopeInput } from './scope/scope.ts'
import { linesOf } from './text.ts'

/** Inputs and outputs are plain data: they cross threads by structured clone. */
export interface Jobs {
  readonly diff: { readonly input: { readonly before: string; readonly after: string }; readonly output: LineDiff }
  readonly regions: { readonly input: TextChange; readonly output: Analysis }
  /** See change-report.ts. */
  readonly examine: {
    readonly input: TextChange & { readonly follows: boolean }
    readonly output: ChangeReport | null
  }
  readonly firstSight: {
    readonly input: Parameters<typeof firstSightOf>[0]
    readonly output: ReturnType<typeof firstSightOf>
  }
  /** See formatting.ts. */
  readonly formatted: { readonly input: { readonly before: string; readonly after: string }; readonly output: boolean }
  /** `line` is 1-based. */
  readonly enclose: { readonly input: { readonly text: string; readonly line: number }; readonly output: Region }
  readonly rebase: {
    readonly input: { readonly base: string; readonly current: string; readonly edits: readonly LineEdit[] }
    readonly output: readonly RebaseOutcome[]
  }
  /** See merge.ts. */
  readonly merge: {
    readonly input: { readonly base: string; readonly changed: string; readonly current: string }
    readonly output: MergeOutcome
  }
  /** See merge.ts: what people read. */
  readonly unified: { readonly input: { readonly before: string; readonly after: string }; readonly output: string }
  readonly overwritten: {
    readonly input: {
      readonly before: string
      readonly after: string
      readonly now: string
      readonly edits: readonly LineEdit[]
    }
    readonly output: readonly boolean[]
  }
  /** What one file shows of its team's habits. */
  readonly observe: {
    readonly input: { readonly path: string; readonly text: string }
    readonly output: readonly Observation[]
  }
  /** Indices of the checks that the lines that come break. */
  readonly broken: {
    readonly input: {
      readonly path: string
      readonly oldLines: readonly string[]
      readonly newLines: readonly string[]
      readonly checks: readonly Check[]
    }
    readonly output: readonly number[]
  }
  readonly echo: { readonly input: Edited; readonly output: Echo }
  readonly place: {
    readonly input: { readonly text: string; readonly hunk: ParsedHunk; readonly hints: LocateHints }
    readonly output: PlaceOutcome
  }
  /** See scope/scope.ts. */
  readonly scope: { readonly input: ScopeInput; readonly output: readonly Parted[] }
}

const implementations: { readonly [Name in keyof Jobs]: (input: Jobs[Name]['input']) => Jobs[Name]['output'] } = {
  diff: ({ before, after }) => diff(linesOf(before), linesOf(after)),
  regions: regionsOf,
  examine: examinationOf,
  firstSight: firstSightOf,
  formatted: ({ before, after }) => sameButFormatting(before, after),
  enclose: ({ text, line }) => regionAround(text, line),
  rebase: ({ base, current, edits }) => rebaseEdits(base, current, edits),
  merge: ({ base, changed, current }) => mergeChange(base, changed, current),
  unified: ({ before, after }) => unifiedDiff(before, after),
  overwritten: ({ before, after, now, edits }) => overwritten(before, after, now, edits),
  observe: ({ path, text }) => observe(path, text),
  broken: ({ path, oldLines, newLines, checks }) => brokenChecks(checks, path, oldLines, newLines),
  echo: (change) => proposeWithLesson(change),
  place: ({ text, hunk, hints }) => placeHunk(locatorOf(text), hunk, hints),
  scope: judgeScope,
}

/** The hunks of one reply are about few texts, one after the other: the indices of the last ones are built once. */
const located: { readonly text: string; readonly locator: Locator }[] = []
const MOST_LOCATED = 3

function locatorOf(text: string): Locator {
  const known = located.find((candidate) => candidate.text === text)
  if (known !== undefined) return known.locator
  const made = { text, locator: createLocator(linesOf(text)) }
  located.unshift(made)
  located.length = Math.min(located.length, MOST_LOCATED)
  return made.locator
}

export function runJob<Name extends keyof Jobs>(name: Name, input: Jobs[Name]['input']): Jobs[Name]['output'] {
  return implementations[name](input)
}
