// Whether an edit is meant for another file as well: what was made in two files, or everywhere in one, goes on in the next.
import { diff } from '../diff.ts'
import { needleOf, templateOf, type Template } from '../echo/template.ts'
import { isTextual } from '../echo/surroundings.ts'
import { contextOf, isWholeTokens, tokenEdit, tokensOf, type TokenEdit } from '../echo/tokens.ts'
import type { PlacedEdit } from '../patch.ts'
import type { TextChange } from '../ports.ts'
import { linesIn } from '../line-index.ts'
import { linesOf, sameLines } from '../text.ts'
import { hashOfName, wordsIn } from './names.ts'
import type { ProjectIndex } from './project-index.ts'

/** Lines that became others, so that two of them can be compared. */
interface Edit {
  readonly old: readonly string[]
  readonly new: readonly string[]
  /** Of one line that became one. */
  readonly tokens: TokenEdit | null
  /** Its templates, worked out when they are asked for. */
  templates: readonly Template[] | null
}

export interface Example extends Edit {
  readonly path: string
  /** Of the step that was just made. */
  readonly isNew: boolean
}

/** A step with more hunks is a rewrite. */
const MOST_HUNKS = 60

/** What the steps replaced: line by line where as many lines came as went. Oldest first; the last step is the one that was just made. */
export function examplesOf(steps: readonly TextChange[]): readonly Example[] {
  return steps.flatMap(({ path, before, after }, index) => {
    const isNew = index === steps.length - 1
    const old = linesOf(before)
    const fresh = linesOf(after)
    const { changes } = diff(old, fresh)
    if (changes.length > MOST_HUNKS) return []
    return changes.flatMap(({ oldStart, oldEnd, newStart, newEnd }): Example[] => {
      const from = old.slice(oldStart - 1, oldEnd - 1)
      const to = fresh.slice(newStart - 1, newEnd - 1)
      if (from.length !== to.length) return [{ path, isNew, ...editOf(from, to) }]
      return from.map((line, at) => ({ path, isNew, ...editOf([line], [to[at] ?? '']) }))
    })
  })
}

function editOf(old: readonly string[], fresh: readonly string[]): Edit {
  const [from, to] = [old[0], fresh[0]]
  const isLine = old.length === 1 && fresh.length === 1 && from !== undefined && to !== undefined
  return { old: trimmed(old), new: trimmed(fresh), tokens: isLine ? tokenEdit(from, to) : null, templates: null }
}

/** Whether the newest step did what an earlier one did in another file, or often in its own: only then there is anything to say. */
export function isRepeatedAcross(examples: readonly Example[]): boolean {
  const newest = examples.filter(({ isNew }) => isNew)
  return newest.some((one) => {
    const same = examples.filter((other) => isSame(one, other))
    return same.length >= LEAST_ALONE || same.some(({ path }) => path !== one.path)
  })
}

/** The same tokens in a line, or the same lines at any indentation, or the same but for their operands. */
function isSame(a: Edit, b: Edit): boolean {
  if (a.tokens === null || b.tokens === null) return sameLines(a.old, b.old) && sameLines(a.new, b.new)
  // A member is something else than a variable of its name.
  if (isMember(a.tokens) !== isMember(b.tokens)) return false
  if (a.tokens.old === b.tokens.old && a.tokens.new === b.tokens.new) {
    // Signs and numbers alone say nothing: they need what stands before them.
    return WORD.test(a.tokens.old) || sameLines(a.old, b.old) || isSameBefore(a.tokens, b.tokens)
  }
  const others = templatesOf(b).map(keyOf)
  return templatesOf(a).some((template) => others.includes(keyOf(template)))
}

/** Letters enough to be recognised. */
const WORD = /\p{L}{2}/u

const TOKENS_BEFORE = 4

/** `total v1.2.` before both: some tokens, and a word among them. */
function isSameBefore(a: TokenEdit, b: TokenEdit): boolean {
  const [left, right] = [contextOf(a.left, 'left', TOKENS_BEFORE), contextOf(b.left, 'left', TOKENS_BEFORE)]
  return left.length === TOKENS_BEFORE && sameLines(left, right) && left.some((token) => /\p{L}/u.test(token))
}

function isMember({ left, old }: TokenEdit): boolean {
  return /(?:\.|->|::)$/.test(left) || /^(?:\.|->|::)/.test(old)
}

function templatesOf(edit: Edit): readonly Template[] {
  const { tokens } = edit
  edit.templates ??=
    tokens === null ? [] : [templateOf(tokens, true), templateOf(tokens, false)].filter((template) => template !== null)
  return edit.templates
}

function keyOf({ old, new: fresh }: Template): string {
  return JSON.stringify([old, fresh])
}

/** What speaks for a place in another file. */
export interface AcrossSigns {
  /** Examples of this very edit, and in how many files they are. */
  readonly examples: number
  readonly files: number
  /** One of them was just made. Where none was, it has been said before. */
  readonly isNew: boolean
  /** Share of what was edited so among that and what still stands, in the files that were edited. */
  readonly done: number
  /** Something goes. Where lines are only added, who knows where they belong. */
  readonly isTelling: boolean
  /** A word is among what goes, or in one of several lines. */
  readonly isWorded: boolean
  /** More than a word goes: what is said with a name, not the name alone. */
  readonly isPhrase: boolean
  /** The file tells what was, and is not made to tell something else. */
  readonly isHistory: boolean
  /** Names that come, of which the file knows nothing, and which it would have to import: the project or a package declares them. */
  readonly strange: number
}

export interface AcrossFacts {
  readonly examples: readonly Example[]
  /** The present texts of the files that were edited lately. */
  readonly edited: readonly string[]
  /** All that is proposed in this file: what its imports bring is known to the rest. */
  readonly beside: readonly PlacedEdit[]
  readonly index: Pick<ProjectIndex, 'declarations'>
}

/** `text`: that of the edit's file. */
export function signsAcross(edit: PlacedEdit, text: string, facts: AcrossFacts): AcrossSigns {
  const { examples, edited } = facts
  const here = editOf(linesIn(text).slice(edit.start - 1, edit.end - 1), edit.lines)
  const alike = examples.filter((example) => isSame(example, here))
  const goes = needleIn(here, alike)
  const standing = edited.reduce((sum, other) => sum + occurrencesIn(other, goes), 0)
  return {
    examples: alike.length,
    files: new Set(alike.map(({ path }) => path)).size,
    isNew: alike.some(({ isNew }) => isNew),
    done: alike.length / Math.max(1, alike.length + standing),
    isTelling: goes !== '',
    isWorded: WORD.test(goes),
    isPhrase: tokensOf(goes).filter((token) => token.trim() !== '').length > 1,
    isHistory: HISTORY.test(edit.path) && !alike.some(({ path }) => HISTORY.test(path)),
    strange: strangeIn(here, edit, text, facts),
  }
}

/** A changelog, by any of its names. */
const HISTORY =
  /(?:^|\/)(?:change(?:log|s)|history|news|releases?(?:[-_]notes)?|upgrading|migrat\w*)(?:\.(?:md|markdown|txt|rst|adoc))?$/i
const IMPORTS =
  /^\s*(?:import\b|from\s|use\s|using\s|require\b|#include|package\s|export\b.*\bfrom\b|(?:const|let|var)\b.*=\s*require\b|\}\s*from\b)/
const MOST_NAMES = 40

/** A name behind a dot belongs to what stands before it; words in strings and comments, and in imports, need not be known. */
function strangeIn(
  { tokens }: Edit,
  { lines }: PlacedEdit,
  text: string,
  { beside, edited, index }: AcrossFacts,
): number {
  const isText = (left: string): boolean => isTextual(left) || IMPORTS.test(left)
  if (tokens !== null && isText(tokens.left === '' ? (lines[0] ?? '') : tokens.left)) return 0
  const [come, before] = tokens === null ? [lines.join('\n'), ''] : [tokens.new, tokens.left]
  const imports = beside.flatMap((edit) => edit.lines.filter((line) => IMPORTS.test(line)))
  const known = new Set(tokensOf([text, ...imports].join('\n')))
  const free = `${before.slice(-1)}${come}`.replaceAll(/\.\s*[\p{L}_$][\p{L}\p{N}_$]*/gu, '')
  const unknown = wordsIn(free, MOST_NAMES).filter((word) => !known.has(word))
  if (unknown.length === 0) return 0
  const imported = new Set(
    edited.flatMap((other) => linesOf(other).filter((line) => IMPORTS.test(line))).flatMap(tokensOf),
  )
  return unknown.filter((word) => imported.has(word) || index.declarations([hashOfName(word)], 1).length > 0).length
}

/** What goes, as it stands wherever it was not done: where operands differ, what is left without them. */
function needleIn(here: Edit, alike: readonly Example[]): string {
  const { tokens } = here
  if (tokens === null) return here.old.join('\n')
  if (alike.some((example) => example.tokens?.old === tokens.old)) return tokens.old.trim()
  const [template] = templatesOf(here)
  return template === undefined ? tokens.old.trim() : needleOf(template).trim()
}

/** Of what was done, so much: more of it left alone in files that were looked at says that the edit depends on something. */
const LEAST_DONE = 0.25
const LEAST_FILES = 2
/** Numbers are the same by chance more often than words are. */
const LEAST_FILES_FOR_NUMBERS = 3

/** A phrase that was replaced so often in one file, and stands there no more, is the project's affair. */
const LEAST_ALONE = 3

/**
 * Set by replay of real commits (`npm run bench -- replay --across`). One file alone does not tell what is the file's own and
 * what is the project's: there guesses were right two times in five, so nothing of it may be left undone.
 */
export function isWorthSaying(signs: AcrossSigns): boolean {
  const { examples, files, isNew, done, isTelling, isWorded, isPhrase, isHistory, strange } = signs
  const isAll = examples >= LEAST_ALONE && done === 1 && isWorded && isPhrase
  const isOften = isAll || files >= (isWorded ? LEAST_FILES : LEAST_FILES_FOR_NUMBERS)
  return isOften && isNew && isTelling && !isHistory && strange === 0 && done >= LEAST_DONE
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim())
}

/** Counting ends here. */
const MOST_COUNTED = 100

/** Where it stands as whole tokens; 0 for nothing. */
function occurrencesIn(text: string, part: string): number {
  if (part === '') return 0
  let count = 0
  for (let at = text.indexOf(part); at >= 0 && count < MOST_COUNTED; at = text.indexOf(part, at + part.length)) {
    if (isWholeTokens(text, at, at + part.length)) count += 1
  }
  return count
}
