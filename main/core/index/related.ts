// What else of the project helps with a place: declarations of what it uses, and places that use what it declares.
import type { Excerpt } from '../context.ts'
import { linesOf } from '../text.ts'
import { declaredIn, hashOfName, wordsIn } from './names.ts'
import type { DeclaredAt, ProjectIndex } from './project-index.ts'

/** Lines are 1-based, the end exclusive. */
export interface Focus {
  readonly path: string
  readonly text: string
  readonly start: number
  readonly end: number
}

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
 * then places in other files that use what the focus declares; then declarations further away in its own file. Nothing twice.
 * Every excerpt is read from the file as it stands now. What there is no time for is left out.
 */
export async function relatedTo(focus: Focus, sources: Sources): Promise<readonly Excerpt[]> {
  const lines = linesOf(focus.text)
  const part = (from: number, to: number): string => lines.slice(Math.max(0, from - 1), Math.max(0, to - 1)).join('\n')
  const used = [
    ...new Set([
      ...wordsIn(part(focus.start, Math.max(focus.end, focus.start + 1)), MOST_WORDS),
      ...wordsIn(part(focus.start - NEAR, focus.end + NEAR), MOST_WORDS),
    ]),
  ]
  const own = declaredIn(focus.text)
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

  for (const { name, at } of chosen(elsewhere, focus, importedBy(lines), sources.index)) {
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
    if (!isShown && used.includes(name)) add(declarationIn(focus.path, focus.text, name, line))
    if (result.length >= 2 * MOST_DECLARATIONS) break
  }
  return result
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
    if (places.length > COMMON_NAME && fits(best) < 4 && !imported.names.has(name)) return []
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

/** The head of the declaration of `name` at or near `line`; a type's whole shape when it is short. null: it is not there any more. */
export function declarationIn(path: string, text: string, name: string, line: number): Excerpt | null {
  const lines = linesOf(text)
  const holds = (at: number): boolean => hasWord(lines[at - 1] ?? '', name)
  let start = line
  for (let off = 0; !holds(start);) {
    off = off > 0 ? -off : 1 - off
    if (off > 20) return null
    start = line + off
  }
  const most = SHAPE.test(lines[start - 1] ?? '') ? SHAPE_LINES : HEAD_LINES
  const depth = indentOf(lines[start - 1] ?? '')
  let end = start
  for (let at = start; at < start + most && at <= lines.length; at += 1) {
    const present = lines[at - 1] ?? ''
    const isInside = at === start || present.trim() === '' || indentOf(present) > depth || /^\s*[)\]}]/.test(present)
    if (!isInside) break
    end = at + 1
    if (most === HEAD_LINES ? /(?:[{;]|=>|:)\s*$|=>/.test(present) : at > start && /^\s*[)\]}]/.test(present)) break
  }
  // A shape that goes on is cut to its head.
  if (most === SHAPE_LINES && end - start >= SHAPE_LINES) end = start + HEAD_LINES
  return { path, start, lines: lines.slice(start - 1, end - 1) }
}

/** The first line that uses one of the names, with one line on either side. */
function useIn(path: string, text: string, names: ReadonlySet<string>): Excerpt | null {
  const lines = linesOf(text)
  const uses = (line: string): boolean =>
    !/^\s*(?:import|from|use|using|#include|require)\b/.test(line) && [...names].some((name) => hasWord(line, name))
  const at = lines.findIndex(uses)
  if (at < 0) return null
  const start = Math.max(1, at)
  return { path, start, lines: lines.slice(start - 1, at + 2) }
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
