// The embedded engine: learns the edits just made and proposes the same edit wherever else it fits.
import type { PlacedEdit } from '../patch.ts'
import type { Edited, Rejected } from '../ports.ts'
import { assertNever } from '../review.ts'
import { blockPlaces } from './block-places.ts'
import { compatible, editsOf } from './choice.ts'
import { confidenceOf, worthSaying, WORTH_SAYING, type Judge } from './judge.ts'
import { countingPlaces } from './counting.ts'
import { isGenerated } from './generated.ts'
import { learn, type Lesson } from './lesson.ts'
import { pageOf, type Fit, type Page, type Place } from './page.ts'
import { withoutRejected } from './rejection.ts'
import { framePlaces, templatePlaces } from './template-places.ts'
import { tokenPlaces } from './token-places.ts'
import { trailOf, type Trail } from './trail.ts'
import { wordingOf } from './wording.ts'

export interface Echo {
  /** As `proposeEchoes`. */
  readonly edits: readonly PlacedEdit[]
  /** What was learnt, in one line: "`old(A, B)` → `new(B, A)`, 14 more places"; null when there is nothing to propose. */
  readonly lesson: string | null
}

/** More places than this for each example are not an echo of an edit but a property of the file. */
const MAX_PLACES = 50
/** Beyond so many places no older lesson is looked at. */
const MAX_JUDGED = 1_000

/**
 * Edits about `change.after` (lines as in text.ts), sorted, that never overlap each other nor a line that the change or the
 * history wrote. Deterministic. Empty when nothing was changed, when the change is a rewrite, in generated files, and when no
 * place is likely enough to be worth saying.
 *
 * How it works. The change and up to eight earlier steps are diffed by line (trail.ts). Each run of changed lines teaches
 * lessons (lesson.ts): the tokens in which an old and a new line differ, words renamed within it, also in other case styles,
 * the templates with holes for operands behind them, of one line (template.ts) or of several (block-template.ts), numbers that
 * count on (counting.ts), and the lines as a block. Where a lesson's old text stands elsewhere (a plain search for its most
 * telling part, then a comparison of tokens) there is a place. Each place is described by some forty signs (signs.ts) and
 * judged by logistic regression, where there are enough cases for one, else by a set confidence; how likely is likely enough
 * depends on the lesson (judge.ts). The likeliest of those that collide is taken (choice.ts).
 *
 * Sources: learning edits from examples by the least general generalisation is anti-unification (Plotkin, "A note on
 * inductive generalization", Machine Intelligence 5, 1970), as in Blue-Pencil (Miltner et al., "On the fly synthesis of edit
 * suggestions", OOPSLA 2019), Getafix (Bader et al., OOPSLA 2019) and Revisar (Rolim et al., 2018); those work on syntax
 * trees, this on the tokens of any language. That every proposal is judged by its likelihood to be taken follows the usual
 * practice of code completion.
 *
 * Cost: O(characters) for each of the diffs and of at most 100 searches, plus O(examples) for each of some 1,500 places at
 * most, plus O(tokens³), with at most 80 of them, for each template. Limits: no grammar is read, so scopes are guessed from
 * blocks and keywords; what one example does not tell apart from its operands is found again only word for word; an operand
 * that is spread over several lines fits no template.
 */
export function proposeEchoes(change: Edited): readonly PlacedEdit[] {
  return proposeWithLesson(change).edits
}

/** What the evaluation tries others of. */
export interface Judging {
  /** The confidence below which nothing is said. */
  readonly bound: number
  readonly judge: Judge
}

const JUDGING: Judging = { bound: WORTH_SAYING, judge: confidenceOf }

export function proposeWithLesson(change: Edited, judging = JUDGING): Echo {
  const trail = isGenerated(change.path, change.after) ? null : trailOf(change, change)
  return trail === null ? NOTHING : echoIn(change.path, trail, change.rejected ?? [], judging)
}

/**
 * What the change taught, applied to another file's text: edits about `other.text`. Steps of the history in that file count
 * as done there. Bounds and promises as of `proposeEchoes`.
 */
export function proposeInFile(change: Edited, other: { readonly path: string; readonly text: string }): Echo {
  const isByProgram = isGenerated(change.path, change.after) || isGenerated(other.path, other.text)
  const trail = isByProgram ? null : trailOf(change, { path: other.path, after: other.text })
  return trail === null ? NOTHING : echoIn(other.path, trail, change.rejected ?? [], JUDGING)
}

/** Every place where something that was taught fits; for the evaluation of the judge. */
export function fitsOf(change: Edited): readonly Fit[] {
  const trail = trailOf(change, change)
  return trail === null ? [] : fitsIn(pageOf(trail), confidenceOf)
}

const NOTHING: Echo = { edits: [], lesson: null }

function echoIn(path: string, trail: Trail, rejected: readonly Rejected[], { bound, judge }: Judging): Echo {
  const page = pageOf(trail)
  const likely = fitsIn(page, judge).map((fit) => ({
    ...fit,
    places: worthSaying(fit, bound),
  }))
  const fits = withoutRejected(page, path, likely, rejected).filter(
    ({ lesson, places }) => places.length <= MAX_PLACES * lesson.samples.length,
  )
  const chosen = compatible(fits.flatMap(({ places }) => places))
  const edits = editsOf(page, chosen).map((edit) => ({ path, ...edit }))
  if (edits.length === 0) return NOTHING
  const count = ({ places }: Fit): number => places.filter((place) => chosen.includes(place)).length
  const [main] = fits.toSorted((a, b) => count(b) - count(a))
  return { edits, lesson: main === undefined ? null : wordingOf(main.lesson, edits.length) }
}

function fitsIn(page: Page, judge: Judge): readonly Fit[] {
  const lessons = learn(page.trail.runs)
  const fits: Fit[] = []
  let judged = 0
  for (const lesson of lessons) {
    if (judged > MAX_JUDGED) break
    const places = placesOf(page, lesson, lessons)
    judged += places.length
    fits.push({ lesson, places: places.map((place) => ({ ...place, confidence: judge(place.evidence) })) })
  }
  return fits
}

function placesOf(page: Page, lesson: Lesson, lessons: readonly Lesson[]): readonly Place[] {
  switch (lesson.kind) {
    case 'tokens':
      return tokenPlaces(page, lesson, lessons)
    case 'template':
      return templatePlaces(page, lesson)
    case 'counting':
      return countingPlaces(page, lesson)
    case 'frame':
      return framePlaces(page, lesson)
    case 'block':
      return blockPlaces(page, lesson)
    default:
      return assertNever(lesson)
  }
}
