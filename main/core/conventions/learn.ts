// Rules that a person's decisions show: what was edited before accepting, rejected or nudged about again and again, with its cases.
import { isWord, solidTokensOf, tokenEdit } from '../echo/tokens.ts'
import { beginsComment } from '../comment-syntax.ts'
import { checkOf, holdsComment, type Check } from './check.ts'
import { wilson } from './mined.ts'

/** What a person did with one hunk or said to one suggestion. */
export type Decision =
  | {
      readonly kind: 'accepted' | 'rejected'
      readonly suggestion: string
      readonly path: string
      /** First line of the hunk, 1-based. */
      readonly line: number
      readonly oldLines: readonly string[]
      readonly newLines: readonly string[]
    }
  | {
      readonly kind: 'edited'
      readonly suggestion: string
      readonly path: string
      readonly line: number
      readonly proposed: readonly string[]
      /** What was accepted in its place. */
      readonly kept: readonly string[]
    }
  | {
      readonly kind: 'nudged'
      readonly suggestion: string
      readonly path: string
      readonly line: number
      readonly words: string
    }

/** One decision that speaks for a rule. */
export interface Case {
  readonly suggestion: string
  readonly path: string
  readonly line: number
  /** One line for people: what was done. */
  readonly what: string
}

export interface LearntRule {
  /** Equal for equal rules, also after a restart: what was dropped is not proposed again. */
  readonly key: string
  readonly text: string
  readonly cases: readonly Case[]
  readonly check: Check | null
}

/** Fewer cases are a whim. */
const FEWEST_CASES = 3
/** Longer pieces of code are no habit. */
const LONGEST_PIECE = 60
/** Words of two nudges that are the same, of all of both. */
const SAME_WORDS = 0.6
const COMMENT = 'a comment'

/**
 * The rules that have cases enough, most cases first. Cases of one suggestion count once: its hunks share one reason.
 * Quadratic in the number of nudges, linear in the rest: give it the last few hundred decisions.
 */
export function learn(decisions: readonly Decision[]): readonly LearntRule[] {
  const rules = [...fromEdits(decisions), ...fromRejections(decisions), ...fromNudges(decisions)]
  return rules.sort((a, b) => b.cases.length - a.cases.length)
}

// ── Edited before accepting ──────────────────────────────────────────────────────────────────────────────────────────

function fromEdits(decisions: readonly Decision[]): readonly LearntRule[] {
  const groups = new Groups()
  const texts = new Map<string, { readonly old: string; readonly fresh: string }>()
  for (const decision of decisions) {
    if (decision.kind !== 'edited') continue
    // Lines that were added or dropped cannot be paired: they are the person's own thought, not a correction.
    if (decision.proposed.length !== decision.kept.length) continue
    for (const [at, proposed] of decision.proposed.entries()) {
      const kept = decision.kept[at] ?? ''
      const edit = tokenEdit(proposed.trim(), kept.trim())
      const [old, fresh] = [edit.old.trim(), edit.new.trim()]
      if (old === fresh || old.length > LONGEST_PIECE || fresh.length > LONGEST_PIECE) continue
      const key = `edit\n${old}\n${fresh}`
      texts.set(key, { old, fresh })
      groups.add(key, { ...placeOf(decision), what: `${quoted(proposed.trim())} became ${quoted(kept.trim())}` })
    }
  }
  return groups.proven().map(([key, cases]) => {
    const { old, fresh } = texts.get(key) ?? { old: '', fresh: '' }
    return rule(key, textOf(old, fresh), cases)
  })
}

function textOf(old: string, fresh: string): string {
  if (old === '') return `Write ${quoted(fresh)}, which was left out.`
  return fresh === '' ? `Leave out ${quoted(old)}.` : `Write ${quoted(fresh)}, not ${quoted(old)}.`
}

// ── Rejected ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What rejected hunks brought in, and accepted ones did not: the share of rejections among the hunks with it must be above
 * that among all hunks even at worst. Who rejects everything teaches nothing by it.
 */
function fromRejections(decisions: readonly Decision[]): readonly LearntRule[] {
  const groups = new Groups()
  const accepted = new Map<string, number>()
  let rejections = 0
  let all = 0
  for (const decision of decisions) {
    if (decision.kind !== 'accepted' && decision.kind !== 'rejected') continue
    all += 1
    if (decision.kind === 'rejected') rejections += 1
    for (const feature of broughtIn(decision)) {
      if (decision.kind === 'accepted') accepted.set(feature, (accepted.get(feature) ?? 0) + 1)
      else groups.add(feature, { ...placeOf(decision), what: `rejected ${quoted(lineWith(feature, decision))}` })
    }
  }
  return groups.proven().flatMap(([feature, cases]): LearntRule[] => {
    const share = wilson(cases.length, cases.length + (accepted.get(feature) ?? 0))
    const files = new Set(cases.map(({ path }) => path))
    if (share <= rejections / all || files.size < 2) return []
    const text = feature === COMMENT ? 'Add no comments.' : `Do not use ${quoted(feature)}.`
    return [rule(`reject\n${feature}`, text, cases)]
  })
}

/** Words that the added lines have and the removed ones have not, and whether they bring a comment. */
function broughtIn({ path, oldLines, newLines }: Extract<Decision, { oldLines: unknown }>): ReadonlySet<string> {
  const before = new Set(oldLines.flatMap((line) => solidTokensOf(line)))
  const features = new Set(
    newLines
      .filter((line) => !beginsComment(path, line))
      .flatMap((line) => solidTokensOf(line))
      .filter((token) => token.length > 2 && isWord(token) && !/^\d/.test(token) && !before.has(token)),
  )
  if (holdsComment(path, newLines) && !holdsComment(path, oldLines)) features.add(COMMENT)
  return features
}

function lineWith(feature: string, { path, newLines }: Extract<Decision, { newLines: unknown }>): string {
  const found = newLines.find((line) =>
    feature === COMMENT ? beginsComment(path, line) : solidTokensOf(line).includes(feature),
  )
  return (found ?? newLines[0] ?? '').trim()
}

// ── Nudged ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Words that say nothing about what is wanted. */
const EMPTY_WORDS = new Set(
  'a an the it this that these those please to of in on for with and or you should would could do does be is are here there just now again instead rather'.split(
    ' ',
  ),
)

function fromNudges(decisions: readonly Decision[]): readonly LearntRule[] {
  const groups: { readonly words: ReadonlySet<string>; readonly said: string[]; readonly cases: Case[] }[] = []
  for (const decision of decisions) {
    if (decision.kind !== 'nudged') continue
    const words = new Set(contentWords(decision.words))
    if (words.size === 0) continue
    const made: Case = { ...placeOf(decision), what: `you said ${quoted(decision.words)}` }
    const group = groups.find((other) => likeness(other.words, words) >= SAME_WORDS)
    if (group === undefined) groups.push({ words, said: [decision.words], cases: [made] })
    else {
      group.said.push(decision.words)
      if (!group.cases.some(({ suggestion }) => suggestion === made.suggestion)) group.cases.push(made)
    }
  }
  return groups
    .filter(({ cases }) => cases.length >= FEWEST_CASES)
    .map(({ words, said, cases }) => {
      const shortest = said.reduce((best, text) => (text.length < best.length ? text : best))
      return rule(`nudge\n${[...words].sort().join(' ')}`, sentence(shortest), cases)
    })
}

function contentWords(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? []).filter((word) => !EMPTY_WORDS.has(word))
}

/** Jaccard's index. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0
  for (const word of a) if (b.has(word)) shared += 1
  return shared / (a.size + b.size - shared)
}

function sentence(text: string): string {
  const plain = text.trim().replaceAll(/\s+/g, ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (/[.!?…]$/.test(plain) ? '' : '.')
}

// ── Shared ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What can be checked of it is read from its words: so it is once more when it stands in the file. */
function rule(key: string, text: string, cases: readonly Case[]): LearntRule {
  return { key, text, cases, check: checkOf(text) }
}

/** Cases by what they have in common; one suggestion gives at most one case to each. */
class Groups {
  private readonly groups = new Map<string, Map<string, Case>>()

  add(key: string, made: Case): void {
    const cases = this.groups.get(key) ?? new Map<string, Case>()
    this.groups.set(key, cases)
    if (!cases.has(made.suggestion)) cases.set(made.suggestion, made)
  }

  proven(): readonly (readonly [key: string, cases: readonly Case[]])[] {
    return [...this.groups]
      .filter(([, cases]) => cases.size >= FEWEST_CASES)
      .map(([key, cases]) => [key, [...cases.values()]] as const)
  }
}

function placeOf({ suggestion, path, line }: Decision): Omit<Case, 'what'> {
  return { suggestion, path, line }
}

function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return `\`${line.length > LONGEST_PIECE ? `${line.slice(0, LONGEST_PIECE - 1)}…` : line}\``
}
