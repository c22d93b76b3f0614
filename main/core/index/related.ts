// What else of the project helps with a place: declarations of what it uses, and places that use what it declares.
import type { Excerpt } from '../context.ts'
import { linesOf } from '../text.ts'
import type { Focus } from './focus.ts'
import { declaredIn, hashOfName, wordsIn } from './names.ts'
import type { DeclaredAt, ProjectIndex } from './project-index.ts'

export interface Sources {
  readonly index: Pick<ProjectIndex, 'sharing' | 'declarations'>
  /** null: there is no text of this path any more. */
  read(path: string): Promise<string | null>
  /** Whether there is time to read one more file. */
  hasTime(): boolean
}

/** Lines around the focus that are shown with it anyhow. */
const SHOWN = 40
const NEAR = 8
const MOST_WORDS = 60
const MOST_DECLARATIONS = 12
const MOST_CALLERS = 4
/** Names that so many files declare are nobody's in particular. */
const COMMON_NAME = 4
/** Lines of a head that is looked at, and of a type that is shown whole. */
const HEAD_LINES = 4
const SHAPE_LINES = 14

/**
 * The most helpful first: declarations in other files of the names that the focus uses, in the order in which it uses them;
 * then places in other files that use what the focus declares; then declarations out of sight in the part of its own file that is known. Nothing twice.
 * Every excerpt is read from the file as it stands now. What there is no time for is left out.
 */
export async function relatedTo(focus: Focus, sources: Sources): Promise<readonly Excerpt[]> {
  const lines = linesOf(focus.part)
  const part = (from: number, to: number): string =>
    lines.slice(Math.max(0, from - focus.first), Math.max(0, to - focus.first)).join('\n')
  const used = [
    ...new Set([
      ...wordsIn(part(focus.start, Math.max(focus.end, focus.start + 1)), MOST_WORDS),
      ...wordsIn(part(focus.start - NEAR, focus.end + NEAR), MOST_WORDS),
    ]),
  ]
  const own = declaredIn(focus.part).map(({ name, line }) => ({ name, line: line + focus.first - 1 }))
  const ownNames = new Set(own.map(({ name }) => name))
  const elsewhere = used.filter((name) => !ownNames.has(name))
  const result: Excerpt[] = []
  const seen = new Set<string>()
  const add = (excerpt: Excerpt | null): void => {
    const key = excerpt === null ? '' : `${excerpt.path}:${excerpt.start}`
    if (excerpt === null || seen.has(key)) return
    seen.add(key)
    result.push(excerpt)
  }

  for (const { name, at } of chosen(elsewhere, focus, importedBy(linesOf(focus.head)), sources.index)) {
    if (!sources.hasTime() || result.length >= MOST_DECLARATIONS) break
    const text = await sources.read(at.path)
    if (text !== null) add(declarationIn(at.path, text, name, at.line))
  }
  const changed = own.filter(({ line }) => line >= focus.start && line < Math.max(focus.end, focus.start + 1))
  const declared = new Set(changed.map(({ name }) => name))
  if (declared.size > 0) {
    const names = [...declared].map(hashOfName)
    const holders = sources.index.sharing(names, MOST_CALLERS + 1).toSorted((a, b) => b.edited - a.edited)
    for (const { path } of holders) {
      if (path === focus.path || !sources.hasTime()) continue
      const text = await sources.read(path)
      if (text !== null) add(useIn(path, text, declared))
    }
  }
  for (const { name, line } of own) {
    const isShown = line >= focus.start - SHOWN && line < focus.end + SHOWN
    if (!isShown && used.includes(name)) add(ownDeclaration(focus, name, line))
    if (result.length >= 2 * MOST_DECLARATIONS) break
  }
  return result
}

function ownDeclaration({ path, part, first }: Focus, name: string, line: number): Excerpt | null {
  const found = declarationIn(path, part, name, line - first + 1)
  return found === null ? null : { ...found, start: found.start + first - 1 }
}

interface Choice {
  readonly name: string
  readonly at: DeclaredAt
}

/** For each name its most likely declaration: in a file that is imported, else nearby, else lately edited, else the only one. */
function chosen(
  names: readonly string[],
  focus: Focus,
  imported: Imported,
  index: Sources['index'],
): readonly Choice[] {
  const hashes = new Map(names.map((name) => [hashOfName(name), name]))
  const found = index.declarations([...hashes.keys()], 4 * COMMON_NAME).filter(({ path }) => path !== focus.path)
  const byName = new Map<string, DeclaredAt[]>()
  for (const at of found) {
    const name = hashes.get(at.hash) ?? ''
    byName.set(name, [...(byName.get(name) ?? []), at])
  }
  const folder = folderOf(focus.path)
  return names.flatMap((name): Choice[] => {
    const places = byName.get(name) ?? []
    const fits = ({ path }: DeclaredAt): number =>
      (imported.modules.has(stemOf(path)) ? 4 : 0) +
      (folderOf(path) === folder ? 2 : 0) +
      (sameLanguage(path, focus.path) ? 1 : 0)
    const [best] = places.toSorted((a, b) => fits(b) - fits(a) || b.edited - a.edited)
    if (best === undefined || !sameLanguage(best.path, focus.path)) return []
    // Of several that nothing speaks for, any one would be a guess.
    const isKnown = fits(best) > 1 || imported.names.has(name) || best.edited > 0
    if (places.length > (isKnown ? COMMON_NAME : 1) && fits(best) < 4) return []
    if (!isKnown && !isTelling(name)) return []
    return [{ name, at: best }]
  })
}

interface Imported {
  /** Words of the statements that import. */
  readonly names: ReadonlySet<string>
  /** Last parts of what looks like the name of a module in them. */
  readonly modules: ReadonlySet<string>
}

/** Imports are looked for in so many lines. */
const HEAD = 150
const IMPORTS =
  /^\s*(?:import|from|use|using|require(?:_once|_relative)?|include(?:_once)?|#\s*include|package|@import|export\s.*\bfrom)\b|\bfrom\s*['"]|\brequire\(/

function importedBy(lines: readonly string[]): Imported {
  const names = new Set<string>()
  const modules = new Set<string>()
  let open = false
  for (const line of lines.slice(0, HEAD)) {
    const text = line.slice(0, 500)
    const isImport = IMPORTS.test(text)
    if (isImport) open = /[({,]\s*$/.test(text)
    else if (!open) continue
    if (open && /^\s*[)}]/.test(text)) open = false
    for (const word of wordsIn(text, MOST_WORDS)) names.add(word)
    for (const [module] of text.matchAll(/[\w@./:\\-]{2,}/g)) modules.add(stemOf(module))
  }
  return { names, modules }
}

/** A name of several words, or that of a type: others hardly mean something else by it. */
function isTelling(name: string): boolean {
  return /^\p{Lu}|.[\p{Lu}_]/u.test(name)
}

/** The file's name without folders and endings; of a module's name its last part. */
function stemOf(path: string): string {
  const last = path.split(/[/\\]|::/).findLast((part) => part !== '' && part !== 'index' && part !== 'mod') ?? path
  const stem = last.replace(/\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|cs|php|c|h|cc|cpp|hpp|hh|kt|swift|scala)$/i, '')
  return (stem.split('.').at(-1) ?? stem).toLowerCase()
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

const FAMILIES = [
  ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'vue', 'svelte'],
  ['c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'hh', 'm', 'mm'],
  ['java', 'kt', 'kts', 'scala', 'groovy'],
  ['py', 'pyi', 'pyx'],
  ['css', 'scss', 'less', 'sass'],
]

function sameLanguage(a: string, b: string): boolean {
  const family = (path: string): string => {
    const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
    return FAMILIES.find((each) => each.includes(ending))?.[0] ?? ending
  }
  return family(a) === family(b)
}

const SHAPE = /\b(?:interface|type|struct|enum|record|union|TypedDict|NamedTuple|dataclass)\b/

/** Lines on either side of where a declaration was within which it is looked for. */
const MOVED = 20

/** The head of the declaration of `name` at or near `line`; a type's whole shape when it is short. null: it is not there any more. */
export function declarationIn(path: string, text: string, name: string, line: number): Excerpt | null {
  const from = Math.max(1, line - MOVED)
  const lines = linesFrom(text, from, 2 * MOVED + SHAPE_LINES)
  const at = nearest(lines, line - from, (each) => hasWord(each, name))
  if (at === null) return null
  const head = lines[at] ?? ''
  const isShape = SHAPE.test(head)
  const depth = indentOf(head)
  let end = at + 1
  while (end < at + (isShape ? SHAPE_LINES : HEAD_LINES) && end < lines.length) {
    const last = lines[end - 1] ?? ''
    const present = lines[end] ?? ''
    if (isShape ? end > at + 1 && /^\s*[)\]}]/.test(last) : /(?:[{;:]|=>)\s*$|=>/.test(last)) break
    if (present.trim() !== '' && indentOf(present) <= depth && !/^\s*[)\]}]/.test(present)) break
    end += 1
  }
  // A shape that goes on is cut to its head.
  if (isShape && end - at >= SHAPE_LINES) end = at + HEAD_LINES
  return { path, start: from + at, lines: lines.slice(at, end) }
}

/** The first index from `middle` outwards, up to MOVED away, at which it holds. */
function nearest(lines: readonly string[], middle: number, holds: (line: string) => boolean): number | null {
  for (let away = 0; away <= MOVED; away += 1) {
    for (const at of [middle + away, middle - away]) {
      const line = lines[at]
      if (line !== undefined && holds(line)) return at
    }
  }
  return null
}

/** Lines [from, from + count), without splitting the whole text. */
function linesFrom(text: string, from: number, count: number): readonly string[] {
  let start = 0
  for (let line = 1; line < from; line += 1) {
    const newline = text.indexOf('\n', start)
    if (newline < 0) return []
    start = newline + 1
  }
  let end = start
  for (let line = 0; line < count && end < text.length; line += 1) {
    const newline = text.indexOf('\n', end)
    end = newline < 0 ? text.length : newline + 1
  }
  return linesOf(text.slice(start, end))
}

/** The first line that uses one of the names, with one line on either side. */
function useIn(path: string, text: string, names: ReadonlySet<string>): Excerpt | null {
  let first = text.length
  for (const name of names) {
    for (let at = text.indexOf(name); at >= 0 && at < first; at = text.indexOf(name, at + name.length)) {
      if (isWordPart(text[at - 1]) || isWordPart(text[at + name.length])) continue
      const begin = text.lastIndexOf('\n', at) + 1
      if (!/^\s*(?:import|from|use|using|#include|require|\}\s*from)\b/.test(text.slice(begin, begin + 40))) first = at
    }
  }
  if (first === text.length) return null
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < first; at = text.indexOf('\n', at + 1)) line += 1
  const start = Math.max(1, line - 1)
  return { path, start, lines: linesFrom(text, start, line - start + 2) }
}

function hasWord(line: string, name: string): boolean {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
    if (!isWordPart(line[at - 1]) && !isWordPart(line[at + name.length])) return true
  }
  return false
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_$]/u.test(character)
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
