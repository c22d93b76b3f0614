// Whether a run of changed lines outside the region is made necessary by the edit: some name ties the two together.
import { isBlank } from '../indent.ts'
import {
  definitionOf,
  isComment,
  isGrammar,
  isProsePath,
  isTestPath,
  memberOf,
  stemOf,
  variableOf,
} from './language.ts'
import { changedWords, enclosingNames, isImportRun, replacements, wordsOf, type Names, type Run } from './names.ts'
import { namesFile, speaksOf, type Wish } from './wish.ts'

/** What a run is held against. */
export interface Tie {
  readonly names: Names
  readonly wish: Wish
  /** Somebody asked in words: the names they said count. */
  readonly asked: boolean
  /** The file of the region. */
  readonly path: string
}

/** A test or a comment is looked at with so many lines around it. */
const NEAR = 12
const CALL_LINES = 8

/** `words`: all words of the run's file. */
export function isTied(run: Run, words: ReadonlySet<string>, tie: Tie): boolean {
  const { names, wish } = tie
  if (wish.everywhere) return true
  if (tie.asked && isAskedFor(run, wish)) return true
  const changed = changedWords(run)
  const both = new Set([...changed.gone, ...changed.come])
  if (isImportRun(run)) return importIsTied(run, changed, tie)
  for (const word of both) {
    if (isGrammar(word)) continue
    if (names.brought.has(word) && changed.come.has(word)) return true
    if (names.gone.has(word) && changed.gone.has(word)) return true
  }
  for (const [old, fresh] of replacements(run)) {
    if (names.replaced.get(old)?.has(fresh) === true && isTelling(old)) return true
  }
  for (const word of wordsOf(callLines(run))) if (names.reshaped.has(word)) return true
  if (brings(run, words, names)) return true
  return mentions(run, names)
}

/** A whole file that comes: its name, or what it defines, is used by the edit; or it tests what was edited. */
export function isTiedFile(path: string, lines: readonly string[], tie: Tie): boolean {
  const { names, wish } = tie
  if (tie.asked) {
    if (namesFile(wish, path) || (wish.tests && isTestPath(path)) || (wish.prose && isProsePath(path))) return true
    if (wish.newFile) return true
  }
  const words = wordsOf(lines)
  const touched = [...names.brought, ...names.reshaped, ...names.around]
  if (isTestPath(path)) return touched.some((name) => !isGrammar(name) && words.has(name))
  const stem = stemOf(path)
  if (names.used.has(stem) && !isGrammar(stem)) return true
  return lines.some((line) => {
    const defined = definitionOf(line)
    return defined !== null && names.brought.has(defined)
  })
}

function isAskedFor(run: Run, wish: Wish): boolean {
  const { path } = run
  if (wish.files.length > 0 && namesFile(wish, path)) return true
  if (wish.tests && isTestPath(path)) return true
  if (wish.prose && isProsePath(path)) return true
  const lines = [...run.old, ...run.fresh].filter((line) => !isBlank(line))
  if (wish.comments && lines.every((line) => isComment(path, line))) return true
  if (isImportRun(run)) return [...wordsOf(lines)].some((word) => wish.names.has(word))
  for (const word of wordsOf(lines)) if (wish.names.has(word)) return true
  const defined = lines.flatMap((line) => definitionOf(line) ?? [])
  const around = enclosingNames(run.lines, run.start)
    .slice(0, 1)
    .map(({ name }) => name)
  const fresh = run.old.every(isBlank)
  // What is to be written anew goes by the names that it brings; what is changed, by what it stands in.
  return (fresh && !wish.adds ? around : [...defined, ...around]).some(
    (name) => !isGrammar(name) && speaksOf(wish, name),
  )
}

/** An import that the edit needs, or that its last user has left. */
function importIsTied(run: Run, changed: ReturnType<typeof changedWords>, { names, path }: Tie): boolean {
  const modules = new Set(
    [...run.old, ...run.fresh]
      .flatMap((line) => [...(line.match(/(["'])[^"']*\1/g) ?? [])])
      .flatMap((text) => [...wordsOf([text])]),
  )
  const named = [...changed.come].filter((word) => !isGrammar(word) || names.used.has(word))
  if (named.some((word) => names.used.has(word) && (!modules.has(word) || isModuleName(run, word)))) return true
  if ([...changed.gone].some((word) => names.unused.has(word) && !changed.come.has(word))) return true
  if (replacements(run).some(([old, fresh]) => names.replaced.get(old)?.has(fresh) === true)) return true
  // In the file that the region imports from, or the other way round, what was renamed or went shows in the imports.
  if (
    run.path !== path &&
    [...changed.come, ...changed.gone].some((word) => names.brought.has(word) || names.gone.has(word))
  )
    return true
  // `#include <algorithm>` and `import "strings"` name a module, not what is used of it.
  return false
}

/** `import "strings"`, `import os.path`: the module's own name is what the code says. */
function isModuleName(run: Run, word: string): boolean {
  return run.fresh.some(
    (line) => new RegExp(`[/"'.]${word.replaceAll('$', '\\$')}["']`).test(line) && !/\bfrom\b|\bas\b/.test(line),
  )
}

/** Digits and short words stand for anything: their replacement ties nothing together. */
function isTelling(text: string): boolean {
  if (/^["'`]/.test(text)) return text.length > 4
  return text.length > 2 && !/^\p{N}/u.test(text) && !isGrammar(text)
}

/** The run's lines, and the head of the call or list in which they stand. */
function callLines({ old, fresh, lines, start }: Run): readonly string[] {
  const head: string[] = []
  for (let at = start - 1; at >= 1 && start - at <= CALL_LINES; at -= 1) {
    const text = lines[at - 1] ?? ''
    if (!/[([{,]\s*$/.test(text)) break
    head.push(text)
    if (/[([{]\s*$/.test(text)) break
  }
  return [...old, ...fresh, ...head]
}

/** It defines what the edit uses and the file did not have. */
function brings(run: Run, words: ReadonlySet<string>, names: Names): boolean {
  return run.fresh.some((line) => {
    const defined = definitionOf(line) ?? variableOf(line.trimStart()) ?? memberOf(line)
    return (
      defined !== null &&
      !isGrammar(defined) &&
      names.used.has(defined) &&
      (!words.has(defined) || names.brought.has(defined))
    )
  })
}

/** Tests, comments and prose that speak of what was edited. */
function mentions(run: Run, names: Names): boolean {
  const { path, old, fresh, lines, start } = run
  const changed = [...old, ...fresh].filter((line) => !isBlank(line))
  const isRemark = changed.length > 0 && changed.every((line) => isComment(path, line))
  if (!isRemark && !isTestPath(path) && !isProsePath(path)) return false
  const words = wordsOf(changed)
  if (!isRemark) {
    const near = lines.slice(Math.max(0, start - 1 - NEAR), start - 1 + fresh.length)
    for (const word of wordsOf(isProsePath(path) ? near.slice(-3) : near)) words.add(word)
  } else
    for (const word of wordsOf(lines.slice(start - 1, start + 3).filter((line) => isComment(path, line))))
      words.add(word)
  return [...names.around, ...names.brought, ...names.gone, ...names.reshaped].some(
    (name) => !isGrammar(name) && words.has(name),
  )
}
