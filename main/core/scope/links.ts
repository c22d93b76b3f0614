// Whether a run of changed lines outside the region is made necessary by the edit: some name ties the two together.
import { indentOf, isBlank } from '../indent.ts'
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
  /** They named a definition of the file: then not every comment of it is meant. */
  readonly named: boolean
  /** The file of the region. */
  readonly path: string
}

/** A test is looked at with so many lines above the run, at most. */
const NEAR = 30
const CALL_LINES = 8

export function isTied(run: Run, tie: Tie): boolean {
  const { names, wish } = tie
  if (wish.everywhere) return true
  if (tie.asked && isAskedFor(run, tie)) return true
  const changed = changedWords(run)
  const both = new Set([...changed.gone, ...changed.come])
  if (isImportRun(run)) return importIsTied(run, changed, tie)
  for (const word of both) {
    if (isGrammar(word)) continue
    if (names.brought.has(word) && changed.come.has(word)) return true
    if (names.gone.has(word) && changed.gone.has(word)) return true
  }
  for (const [old, fresh] of replacements(run)) {
    if (names.replaced.get(old)?.has(fresh) === true && (isTelling(old) || sharesName(run, names))) return true
  }
  const lines = callLines(run)
  for (const word of wordsOf(lines)) if (names.reshaped.has(word) && isMeant(run, lines, word, tie)) return true
  if (brings(run, names)) return true
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

function isAskedFor(run: Run, { wish, named }: Tie): boolean {
  const { path } = run
  if (wish.files.length > 0 && namesFile(wish, path)) return true
  if (wish.tests && isTestPath(path)) return true
  if (wish.prose && isProsePath(path)) return true
  const lines = [...run.old, ...run.fresh].filter((line) => !isBlank(line))
  if (wish.comments && !named && lines.every((line) => isComment(path, line))) return true
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
  // What stands in quotes names a file; what is used of it stands outside, unless the module's own name is what the code says.
  const named = changedWords({ old: run.old.map(withoutTexts), fresh: run.fresh.map(withoutTexts) })
  if ([...named.come].some((word) => names.used.has(word) && !isGrammar(word))) return true
  const modules = run.fresh.filter((line) => !/\bfrom\b|\bas\b/.test(line)).map(lastOfModule)
  if (modules.some((word) => word !== null && names.used.has(word))) return true
  if ([...named.gone].some((word) => names.unused.has(word) && !named.come.has(word))) return true
  if (replacements(run).some(([old, fresh]) => names.replaced.get(old)?.has(fresh) === true)) return true
  // In another file, what came or went by the edit shows in the imports.
  return (
    run.path !== path &&
    [...changed.come, ...changed.gone].some((word) => names.brought.has(word) || names.gone.has(word))
  )
}

function withoutTexts(line: string): string {
  return line.replaceAll(/"[^"]*"|'[^']*'/g, '')
}

/** `strings` of `import "strings"`, `path` of `import os.path`. */
function lastOfModule(line: string): string | null {
  return /([\p{L}_][\p{L}\p{N}_]*)["'>;\s]*$/u.exec(line)?.[1] ?? null
}

/** Something on the run's lines is spoken of by the edit, too. */
function sharesName({ old }: Run, names: Names): boolean {
  return [...wordsOf(old)].some((word) => !isGrammar(word) && names.used.has(word))
}

/**
 * In its own file a function that stands by itself is not meant by the method of something else that has its name, and a method not by
 * that of another thing (`this.entries.get` by `get` of a cache).
 */
function isMeant({ path }: Run, lines: readonly string[], name: string, tie: Tie): boolean {
  const { free, methods } = tie.names
  const owner = methods.get(name)
  if (path !== tie.path || (!free.has(name) && owner === undefined)) return true
  const word = name.replaceAll('$', '\\$')
  const use = new RegExp(
    `(?:([\\p{L}\\p{N}_$]+|[)\\]])\\s*(?:\\?\\.|\\.|->|::))?(?<![\\p{L}\\p{N}_$])${word}(?![\\p{L}\\p{N}_$])`,
    'gu',
  )
  return lines.some((line) =>
    [...line.matchAll(use)].some(([, receiver]) => {
      if (receiver === undefined) return true
      if (owner === undefined) return false
      return /^(?:this|self|super|cls|Self)$/.test(receiver) || owner.toLowerCase().includes(receiver.toLowerCase())
    }),
  )
}

/** Digits and short words stand for anything: their replacement ties nothing together. */
function isTelling(text: string): boolean {
  if (/^["'`]/.test(text)) return text.length > 4
  return text.length > 2 && !/^\p{N}/u.test(text) && !isGrammar(text)
}

/** The run's lines, and the head of the call or list in which they stand; not that of a block. */
function callLines({ old, fresh, lines, start }: Run): readonly string[] {
  const head: string[] = []
  for (let at = start - 1; at >= 1 && start - at <= CALL_LINES; at -= 1) {
    const text = lines[at - 1] ?? ''
    const isBlock = definitionOf(text) !== null || /(?:\)|=>|\belse|\btry|\bdo)\s*(?:[\w:<>?,\s[\]]*)\{\s*$/.test(text)
    if (isBlock || !/[([{,]\s*$/.test(text)) break
    head.push(text)
    if (/[([{]\s*$/.test(text)) break
  }
  return [...old, ...fresh, ...head]
}

/** The lines from the head of the block that the run stands in. */
function blockLines({ fresh, lines, start }: Run): readonly string[] {
  const depth = indentOf(fresh.find((line) => !isBlank(line)) ?? lines[start - 1] ?? '')
  let at = start
  while (at > 1 && start - at < NEAR) {
    at -= 1
    const text = lines[at - 1]
    if (!isBlank(text) && indentOf(text ?? '') < depth) break
    if (depth === 0) break
  }
  return depth === 0 ? [] : lines.slice(at - 1, start - 1)
}

/** It defines what the edit uses and the file does not define yet. */
function brings(run: Run, names: Names): boolean {
  return run.fresh.some((line) => {
    const defined = definitionOf(line) ?? (indentOf(line) === 0 ? variableOf(line) : memberOf(line))
    if (defined === null || isGrammar(defined) || !names.used.has(defined)) return false
    return !run.lines.some(
      (other) => definitionOf(other) === defined || variableOf(other) === defined || memberOf(other) === defined,
    )
  })
}

/** Tests, comments and prose that speak of what was edited. */
function mentions(run: Run, names: Names): boolean {
  const { path, old, fresh, lines, start } = run
  const changed = [...old, ...fresh].filter((line) => !isBlank(line))
  const isRemark = changed.length > 0 && changed.every((line) => isComment(path, line))
  if (!isRemark && !isTestPath(path) && !isProsePath(path)) return false
  // In prose only what is set as code is a name: words of a language are names of code as well.
  const words = isProsePath(path)
    ? wordsOf(changed.flatMap((line) => line.match(/`[^`]+`|[\p{L}_][\p{L}\p{N}_]*(?=\()/gu) ?? []))
    : wordsOf(changed)
  if (isTestPath(path)) {
    for (const word of wordsOf(blockLines(run))) words.add(word)
  } else if (isRemark)
    for (const word of wordsOf(lines.slice(start - 1, start + 3).filter((line) => isComment(path, line))))
      words.add(word)
  return [...names.around, ...names.brought, ...names.gone, ...names.reshaped].some(
    (name) => !isGrammar(name) && words.has(name),
  )
}
