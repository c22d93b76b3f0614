// Which names an edit brings, takes away, replaces, or gives another shape: what ties one place of a project to another.
import { diffLines } from '../diff.ts'
import { indentOf, isBlank } from '../indent.ts'
import { columnOf, definitionOf, isData, isGrammar, isImport, memberOf, variableOf } from './language.ts'
import { likenessOf } from './plain.ts'
import { alignment, tokenLines, type Token } from './tokens.ts'

/** One run of changed lines of one file. */
export interface Run {
  readonly path: string
  readonly old: readonly string[]
  readonly fresh: readonly string[]
  /** The file's lines before, and the first changed one (1-based). */
  readonly lines: readonly string[]
  readonly start: number
}

export interface Names {
  /** On the lines that come, and nowhere before. */
  readonly brought: Set<string>
  /** On the lines that go, and nowhere afterwards. */
  readonly gone: Set<string>
  /** Words and texts that were put in the place of others: old and new. */
  readonly replaced: Map<string, Set<string>>
  /** Functions, methods, types and constants whose users may have to follow. */
  readonly reshaped: Set<string>
  /** Those of them that stand by themselves: `total(…)` may be meant, `cart.total(…)` in the same file is another one. */
  readonly free: Set<string>
  /** Those that belong to something, with its name. */
  readonly methods: Map<string, string>
  /** Names of what the changed lines stand in. */
  readonly around: Set<string>
  /** All words on the lines that come. */
  readonly used: Set<string>
  /** Words on the lines that go which do not come again. */
  readonly unused: Set<string>
}

export function noNames(): Names {
  return {
    brought: new Set(),
    gone: new Set(),
    replaced: new Map(),
    reshaped: new Set(),
    free: new Set(),
    methods: new Map(),
    around: new Set(),
    used: new Set(),
    unused: new Set(),
  }
}

const WORDS = /[\p{L}_$][\p{L}\p{N}\p{M}_$]*/gu
/** Names with dashes, as in style sheets and in YAML. */
const DASHED = /[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)+/gu
const LONGEST = 4_000

/** Every word of a line; what a sign begins (`$total`) or dashes join counts as a whole and by its parts. */
function wordsIn(line: string): readonly string[] {
  const text = line.length > LONGEST ? line.slice(0, LONGEST) : line
  const words: string[] = text.match(WORDS) ?? []
  const bare = words.flatMap((word) => (word.startsWith('$') ? [word.slice(1)] : []))
  return [...words, ...bare, ...(text.includes('-') ? (text.match(DASHED) ?? []) : [])]
}

export function wordsOf(lines: readonly string[]): Set<string> {
  const words = new Set<string>()
  for (const line of lines) for (const word of wordsIn(line)) words.add(word)
  return words
}

const remembered: { readonly text: string; readonly counts: ReadonlyMap<string, number> }[] = []
const MOST_REMEMBERED = 8

/** How often each word stands in a text. The last texts are remembered: each hunk of a reply asks for the same ones. */
export function countsOf(text: string): ReadonlyMap<string, number> {
  const known = remembered.find((one) => one.text === text)
  if (known !== undefined) return known.counts
  const counts = new Map<string, number>()
  for (const line of text.split('\n')) for (const word of wordsIn(line)) counts.set(word, (counts.get(word) ?? 0) + 1)
  remembered.unshift({ text, counts })
  remembered.length = Math.min(remembered.length, MOST_REMEMBERED)
  return counts
}

/** Whether a word stands in the text once the run has been made. */
export function staysAfter(counts: ReadonlyMap<string, number>, { old, fresh }: Run): (word: string) => boolean {
  const come = wordsOf(fresh)
  const goes = new Map<string, number>()
  for (const line of old) for (const word of wordsIn(line)) goes.set(word, (goes.get(word) ?? 0) + 1)
  return (word) => come.has(word) || (counts.get(word) ?? 0) > (goes.get(word) ?? 0)
}

/** The words that a run takes away and brings, each as often as it does. */
export function changedWords({ old, fresh }: Pick<Run, 'old' | 'fresh'>): {
  readonly gone: Set<string>
  readonly come: Set<string>
} {
  const counts = new Map<string, number>()
  const count = (lines: readonly string[], by: number): void => {
    for (const line of lines) for (const word of wordsIn(line)) counts.set(word, (counts.get(word) ?? 0) + by)
  }
  count(old, -1)
  count(fresh, 1)
  const of = (sign: number): Set<string> =>
    new Set([...counts].filter(([, balance]) => Math.sign(balance) === sign).map(([word]) => word))
  return { gone: of(-1), come: of(1) }
}

/** Adds what a run says to `names`. `knew`: whether a word stood in the file before; `stays`: whether it does afterwards. */
export function addNames(
  names: Names,
  run: Run,
  knew: (word: string) => boolean,
  stays: (word: string) => boolean,
): void {
  const enclosing = enclosingNames(run.lines, run.start)
  const [nearest] = enclosing
  for (const line of run.fresh) {
    const words = wordsOf([line])
    for (const word of words) names.used.add(word)
    // What a statement only uses is not brought by it.
    const whole = isData(run.path) || definitionOf(line) !== null || nearest?.open === true || nearest?.isType === true
    const declared = whole ? words : [variableOf(line.trimStart()), memberOf(line)]
    for (const word of declared) if (word !== null && !knew(word) && !isGrammar(word)) names.brought.add(word)
  }
  const { gone, come } = changedWords(run)
  for (const word of gone) if (!isGrammar(word)) names.unused.add(word)
  for (const word of wordsOf(run.old)) if (!stays(word) && !isGrammar(word)) names.gone.add(word)
  // What is declared no longer is gone, however many uses of it are left.
  for (const line of run.old) {
    for (const name of [definitionOf(line), variableOf(line), memberOf(line), columnOf(line)])
      if (name !== null && gone.has(name) && !isGrammar(name)) names.gone.add(name)
  }
  for (const [old, fresh] of replacements(run)) {
    names.replaced.set(old, (names.replaced.get(old) ?? new Set<string>()).add(fresh))
  }
  // A class is around everything in it: only where there is nothing nearer its name tells something.
  const inner = enclosing.filter(({ line }) => !isContainer(run.lines[line - 1] ?? ''))
  const own = [...run.old, ...run.fresh].some((line) => definitionOf(line) !== null)
  for (const { name } of inner.length > 0 || own ? inner : enclosing) names.around.add(name)
  for (const line of [...run.old, ...run.fresh]) {
    const defined = definitionOf(line)
    if (defined !== null) {
      names.reshaped.add(defined)
      if (indentOf(line) === 0) names.free.add(defined)
      else if (nearest !== undefined) names.methods.set(defined, nearest.name)
      names.around.add(defined)
    }
    const constant = variableOf(line)
    if (constant !== null && (indentOf(line) === 0 || /^[A-Z][A-Z0-9_]+$/.test(constant)) && !isGrammar(constant))
      names.reshaped.add(constant)
  }
  if (nearest === undefined) return
  const holds = isContainer(run.lines[nearest.line - 1] ?? '')
  // Who adds a member to a type makes those necessary that deal with the member, not all that name the type.
  if (!nearest.isType && (nearest.open || (!holds && changesContract(gone, come)))) {
    names.reshaped.add(nearest.name)
    if (indentOf(run.lines[nearest.line - 1] ?? '') === 0) names.free.add(nearest.name)
  }
  if (nearest.isType || (nearest.open && holds))
    for (const line of [...run.old, ...run.fresh]) {
      const member = memberOf(line) ?? columnOf(line)
      if (member !== null && !isGrammar(member)) names.reshaped.add(member)
    }
}

/** What a caller has to reckon with: nothing instead of something, an error, a promise. */
const CONTRACT = new Set(
  'null undefined None nil throw throws raise raises async await Promise Result Option Optional Some Err error errors Error Either nullptr std::optional panic'.split(
    ' ',
  ),
)

function changesContract(gone: ReadonlySet<string>, come: ReadonlySet<string>): boolean {
  return [...gone, ...come].some((word) => CONTRACT.has(word) || /(?:Error|Exception)$/.test(word))
}

export interface Enclosing {
  readonly name: string
  /** Where it begins; 1-based. */
  readonly line: number
  /** The line stands within its head: its list of parameters. */
  readonly open: boolean
  readonly isType: boolean
}

const FARTHEST = 400

/** Whether a definition of this head holds other definitions rather than statements. */
export function isContainer(head: string): boolean {
  return /\b(?:class|impl|module|namespace|object|protocol|extension|trait|defmodule|package|describe)\b/.test(head)
}

/** The definitions around a line (1-based), nearest first. */
export function enclosingNames(lines: readonly string[], line: number): readonly Enclosing[] {
  const found: Enclosing[] = []
  const own = lines[line - 1]
  const beside = isBlank(own)
    ? Math.max(indentOf(lines[line] ?? ''), indentOf(lines[line - 2] ?? ''))
    : indentOf(own ?? '')
  let depth = beside
  for (let at = line - 1; at >= 1 && line - at < FARTHEST && depth > 0 && found.length < 3; at -= 1) {
    const text = lines[at - 1] ?? ''
    if (isBlank(text) || indentOf(text) >= depth) continue
    // `) {` and a brace of its own belong to a head that begins further up.
    const goesOn = /^\s*(?:[)\]}]|\{\s*$)/.test(text)
    depth = indentOf(text) + (goesOn ? 1 : 0)
    const name = goesOn ? null : definitionOf(text)
    if (name === null) continue
    const head = lines.slice(at - 1, line - 1).join('\n')
    const opened = (head.match(/\(/g)?.length ?? 0) > (head.match(/\)/g)?.length ?? 0)
    const isType = TYPE_WORD.test(text)
    found.push({ name, line: at, open: opened && !isType, isType })
  }
  return found
}

/** A class holds code, not only its shape: who changes a method's body does not change the class. */
const TYPE_WORD = /\b(?:interface|type|enum|struct|trait|record|union|typedef|message|schema|model|TABLE|table)\s/

/** Tokens of a run that stand one for one in the place of others. */
export function replacements({
  path,
  old,
  fresh,
}: Pick<Run, 'path' | 'old' | 'fresh'>): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = []
  const olds = tokenLines(path, old, null)
  const news = tokenLines(path, fresh, null)
  const used = new Set<number>()
  for (const [index, line] of news.entries()) {
    const partner =
      old.length === fresh.length ? index : olds.findIndex((other, at) => !used.has(at) && likenessOf(other, line) > 0)
    const former = olds[partner]
    if (former === undefined) continue
    used.add(partner)
    pairs.push(...tokenReplacements(former.tokens, line.tokens))
  }
  return pairs
}

/** Between two shared tokens as many go as come, of the same kinds: each stands for its counterpart. */
export function tokenReplacements(
  old: readonly Token[],
  fresh: readonly Token[],
): readonly (readonly [string, string])[] {
  const partners = alignment(old, fresh)
  const pairs: (readonly [string, string])[] = []
  let oldAt = 0
  let newAt = 0
  for (let at = 0; at <= fresh.length; at += 1) {
    const partner = at === fresh.length ? old.length : (partners[at] ?? -1)
    if (partner < 0) continue
    const goes = old.slice(oldAt, partner)
    const comes = fresh.slice(newAt, at)
    if (goes.length === comes.length) {
      for (const [index, token] of goes.entries()) {
        const other = comes[index]
        if (other === undefined || other.kind !== token.kind || token.kind === 'sign') continue
        if (token.kind === 'comment') pairs.push(...wordReplacements(token.text, other.text))
        else if (token.meaning !== other.meaning) pairs.push([token.meaning, other.meaning])
      }
    }
    oldAt = partner + 1
    newAt = at + 1
  }
  return pairs
}

function wordReplacements(old: string, fresh: string): readonly (readonly [string, string])[] {
  const goes = old.match(WORDS) ?? []
  const comes = fresh.match(WORDS) ?? []
  if (goes.length !== comes.length) return []
  return goes.flatMap((word, index): (readonly [string, string])[] => {
    const other = comes[index]
    return other === undefined || other === word ? [] : [[word, other]]
  })
}

/** The runs of lines in which two texts differ. Empty where they are too different to be compared soon. */
export function runsBetween(path: string, before: readonly string[], after: readonly string[]): readonly Run[] {
  return diffLines(before, after, { maxEdits: 400 }).map((change) => ({
    path,
    old: before.slice(change.oldStart - 1, change.oldEnd - 1),
    fresh: after.slice(change.newStart - 1, change.newEnd - 1),
    lines: after,
    start: change.newStart,
  }))
}

/** Whether the run, or the import that it stands in, brings names from elsewhere. */
export function isImportRun({ old, fresh, lines, start }: Run): boolean {
  const changed = [...old, ...fresh].filter((line) => !isBlank(line))
  if (changed.length === 0) return false
  if (changed.every(isImport)) return true
  // `import {` and `import (` go on until the bracket that closes them.
  if (!changed.every((line) => isImport(line) || /^\s*[\p{L}\p{N}_$*"'.,/{}\s:-]*[,;)"'}]*\s*$/u.test(line)))
    return false
  for (let at = start - 1; at >= 1 && start - at < 60; at -= 1) {
    const text = lines[at - 1] ?? ''
    if (/[({]\s*$/.test(text)) return isImport(text) || /^\s*(?:import|use|from)\b/.test(text)
    if (/[)}]\s*;?\s*$|^\s*$/.test(text) && !/^\s*[\w"']/.test(text)) return false
  }
  return false
}
