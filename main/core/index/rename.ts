// Whether a change renames something, and where else in the project the same thing is named.
import { changedWindow } from '../changed-window.ts'
import { tokensOf, isWord } from '../echo/tokens.ts'
import type { PlacedEdit } from '../patch.ts'
import type { TextChange } from '../ports.ts'
import { grammarOf, type Grammar } from '../syntax/grammar.ts'
import type { BindingKind, Occurrence, Occurrences, Target } from '../syntax/occurrences.ts'
import { linesOf } from '../text.ts'
import { namedInText } from './named-in-text.ts'

export type Ask = (path: string, text: string, target: Target) => Promise<Occurrences | null>

export interface Rename {
  readonly path: string
  readonly from: string
  readonly to: string
  readonly kind: BindingKind
  /** About the changed text. */
  readonly edits: readonly PlacedEdit[]
  /** Where strings and comments of the changed text name it, never in a line of `edits`. */
  readonly texts: readonly PlacedEdit[]
  /** Whether other files may name it. */
  readonly isVisible: boolean
}

/** Lines between the first and the last that differ; more is no renaming by hand. */
const MOST_LINES = 2_000

/** Places that follow a use of a name which the whole file or others know. */
const MOST_FROM_USE = 3

interface NameChange {
  readonly from: string
  readonly to: string
  /** UTF-16 offsets in the text before, of the names that were changed. */
  readonly offsets: readonly number[]
}

/**
 * A renaming: all that the change did was to put one name for another, at the declaration or at some of the places that mean
 * the same, and the new name stands for nothing else. null for everything else, and where there are no rules of scopes.
 * Proposed are the other places of the same binding in code, never in a line that was just edited.
 */
export async function renameOf(change: TextChange, ask: Ask): Promise<Rename | null> {
  const changed = nameChangeOf(change.before, change.after)
  const [first] = changed?.offsets ?? []
  if (changed === null || first === undefined || !mayDeclare(change.before, changed.from)) return null
  const { from, to, offsets } = changed
  const old = await ask(change.path, change.before, { offset: first })
  const binding = old?.target ?? null
  if (old === null || binding === null) return null
  const { kind, declarations } = old.bindings[binding] ?? { kind: 'free', declarations: 0 }
  const places = old.places.filter((place) => place.binding === binding)
  const touched = new Set(offsets)
  // Of two members of a name, who knows which one a place means.
  if (kind === 'member' && declarations > 1) return null
  if (
    declarations === 0 ||
    kind === 'foreign' ||
    places.filter(({ start }) => touched.has(start)).length < offsets.length
  ) {
    return null
  }
  const declares = places.some((place) => place.declares && touched.has(place.start))
  // Where an import is called otherwise at one place, another name was meant.
  if (!declares && kind === 'import') return null
  const delta = to.length - from.length
  const shifted = (offset: number): number => offset + delta * offsets.filter((each) => each < offset).length
  const fresh = await ask(change.path, change.after, { offset: shifted(first) })
  const same = fresh?.places.filter((place) => place.binding === fresh.target) ?? []
  if (same.length !== offsets.length) return null

  const edited = new Set(places.filter(({ start }) => touched.has(start)).map(({ line }) => line))
  const left = places.filter(({ start, line }) => !touched.has(start) && !edited.has(line))
  // Who calls another function at one of many places, or another member of whatever stands there, means that place alone.
  if (!declares && (kind === 'member' || (kind !== 'local' && left.length > MOST_FROM_USE))) return null
  const taken = new Set([...edited, ...left.map(({ line }) => line)])
  const moved = (all: readonly Occurrence[]): readonly Occurrence[] =>
    all.map((place) => ({ ...place, start: shifted(place.start), end: shifted(place.end) }))
  const lines = linesOf(change.after)
  return {
    path: change.path,
    from,
    to,
    kind,
    edits: editsOf(change.path, change.after, moved(left), to),
    texts: editsOf(change.path, change.after, moved(namedInText(change.before, old.places, from, taken)), to),
    isVisible: declares && isVisible(change, kind, places, lines),
  }
}

/** Whether `renameOf` may answer something but null; cheap, as nothing is parsed. */
export function mayRename(change: TextChange): boolean {
  if (grammarOf(change.path) === null) return false
  const { before, after } = changedWindow(change.before, change.after, 0)
  const changed = nameChangeOf(before, after)
  return changed !== null && mayDeclare(change.before, changed.from)
}

/** A name that stands behind dots alone is somebody's member: whatever declares it, this text does not. */
function mayDeclare(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (!/[\p{L}\p{N}\p{M}_.]/u.test(text[at - 1] ?? '')) return true
  }
  return false
}

/** The one name for which the change put one other name, wherever it did. */
function nameChangeOf(before: string, after: string): NameChange | null {
  const old = linesOf(before)
  const fresh = linesOf(after)
  if (old.length !== fresh.length || before === after) return null
  let head = 0
  while (head < old.length && old[head] === fresh[head]) head += 1
  let last = old.length - 1
  while (last >= head && old[last] === fresh[last]) last -= 1
  if (last < head || last - head > MOST_LINES) return null
  let from: string | null = null
  let to: string | null = null
  const offsets: number[] = []
  let offset = offsetOfLine(before, head)
  for (let line = head; line <= last; line += 1) {
    if (old[line] !== fresh[line]) {
      const left = tokensOf(old[line] ?? '')
      const right = tokensOf(fresh[line] ?? '')
      if (left.length !== right.length) return null
      let at = offset
      for (const [index, token] of left.entries()) {
        const other = right[index] ?? ''
        if (token !== other) {
          if (!isName(token) || !isName(other) || (from ?? token) !== token || (to ?? other) !== other) return null
          from = token
          to = other
          offsets.push(at)
        }
        at += token.length
      }
    }
    offset = offsetOfLine(before, line + 1, offset)
  }
  return from === null || to === null ? null : { from, to, offsets }
}

/** Words that no declaration can bring about, in the languages that have rules of scopes. */
const RESERVED =
  /^(?:this|self|super|arguments|null|nil|None|undefined|true|false|True|False|new|await|yield|return|if|else|for|while|in|of|is|not|and|or|var|let|const|void|typeof|delete|static|public|private|async)$/

function isName(token: string): boolean {
  return isWord(token) && !/^\p{N}/u.test(token) && !RESERVED.test(token)
}

/** Where the 0-based line begins; `known`: where the line before it does. */
function offsetOfLine(text: string, line: number, known?: number): number {
  if (known !== undefined) {
    const newline = text.indexOf('\n', known)
    return newline < 0 ? text.length : newline + 1
  }
  let at = text.startsWith('\uFEFF') ? 1 : 0
  for (let index = 0; index < line; index += 1) at = text.indexOf('\n', at) + 1
  return at
}

const EXPORTS: ReadonlySet<Grammar> = new Set<Grammar>(['javascript', 'typescript', 'tsx'])

function isVisible(
  { path }: TextChange,
  kind: BindingKind,
  places: readonly Occurrence[],
  lines: readonly string[],
): boolean {
  if (kind !== 'top' && kind !== 'member') return false
  const declaring = places.filter(({ declares }) => declares).map(({ line }) => lines[line - 1] ?? '')
  if (declaring.some((line) => /^\s*(?:private|static\s+private|#)/.test(line))) return false
  const grammar = grammarOf(path)
  if (kind === 'member' || grammar === null || !EXPORTS.has(grammar)) return true
  return places.some(({ line }) => /\bexport\b|\bmodule\.exports\b/.test(lines[line - 1] ?? ''))
}

/** Where names that nothing declares in a file may mean what another file declares: everywhere, or within one folder. */
const SHARED: Readonly<Partial<Record<Grammar, 'folder' | 'project'>>> = {
  go: 'folder',
  java: 'folder',
  'c-sharp': 'project',
  ruby: 'project',
  php: 'project',
  cpp: 'project',
}
/** A member's name of one word is anybody's. */
const TELLING = /.[\p{Lu}_]\p{L}/u

const NONE: Pick<Rename, 'edits' | 'texts'> = { edits: [], texts: [] }

/**
 * Edits of another file that name what was renamed; none when it means something else there, or cannot be told. Its strings and
 * comments count only where its code names it. `declaredBy`: other files that seem to declare the name; where no import says
 * which of them a place means, nobody knows.
 */
export async function renameIn(
  rename: Rename,
  path: string,
  text: string,
  ask: Ask,
  declaredBy: readonly string[] = [],
): Promise<Pick<Rename, 'edits' | 'texts'>> {
  const grammar = grammarOf(path)
  if (grammar === null || familyOf(grammar) !== familyOf(grammarOf(rename.path))) return NONE
  const found = await ask(path, text, { name: rename.from })
  if (found === null || found.bindings.some(({ kind }) => kind === 'top')) return NONE
  // A member that this file declares itself is another one.
  const members = found.bindings.find(({ kind }) => kind === 'member')
  const imported = new Set<number>()
  for (const place of found.places) {
    const { binding } = place
    if (binding === null || found.bindings[binding]?.kind !== 'import' || !place.declares) continue
    if (isFromModule(text, place.start, rename.path)) imported.add(binding)
  }
  const places = found.places.filter((place) => {
    const kind = place.binding === null ? null : found.bindings[place.binding]?.kind
    switch (kind) {
      case 'import':
        return rename.kind === 'top' && place.binding !== null && imported.has(place.binding)
      case 'foreign':
        return rename.kind === 'top' && isFromModule(text, place.start, rename.path)
      case 'free': {
        const reach = rename.kind === 'top' ? SHARED[grammar] : undefined
        if (reach === 'project') return declaredBy.length === 0
        const folder = folderOf(rename.path)
        return (
          reach === 'folder' && folderOf(path) === folder && !declaredBy.some((other) => folderOf(other) === folder)
        )
      }
      case 'member':
        if (rename.kind === 'top') return isQualified(text, place.start, rename.path)
        return (
          rename.kind === 'member' &&
          declaredBy.length === 0 &&
          TELLING.test(rename.from) &&
          members?.declarations === 0
        )
      default:
        return false
    }
  })
  if (places.length === 0) return NONE
  const texts = namedInText(text, found.places, rename.from, new Set(places.map(({ line }) => line)))
  return { edits: editsOf(path, text, places, rename.to), texts: editsOf(path, text, texts, rename.to) }
}

/** One edit a line; a place that is a key and a variable at once keeps its key. */
function editsOf(path: string, text: string, places: readonly Occurrence[], to: string): readonly PlacedEdit[] {
  const lines = linesOf(text)
  const byLine = new Map<number, Occurrence[]>()
  for (const place of places) byLine.set(place.line, [...(byLine.get(place.line) ?? []), place])
  return [...byLine]
    .toSorted(([a], [b]) => a - b)
    .map(([line, within]) => {
      const [first] = within
      const begin = first === undefined ? 0 : text.lastIndexOf('\n', first.start - 1) + 1
      const bom = begin === 0 && text.startsWith('\uFEFF') ? 1 : 0
      let content = lines[line - 1] ?? ''
      for (const { start, end, shorthand } of within.toSorted((a, b) => b.start - a.start)) {
        const at = start - begin - bom
        const name = content.slice(at, at + end - start)
        content = content.slice(0, at) + (shorthand ? `${name}: ${to}` : to) + content.slice(at + end - start)
      }
      return { path, start: line, end: line + 1, lines: [content] }
    })
}

function familyOf(grammar: Grammar | null): string | null {
  return grammar !== null && EXPORTS.has(grammar) ? 'javascript' : grammar
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** What other files call this one: its name, or that of its folder where the file stands for it. */
function modulesOf(path: string): readonly string[] {
  const parts = path.split('/')
  const file = (parts.at(-1) ?? '').replace(/\.[^.]*$/, '').toLowerCase()
  const folder = (parts.at(-2) ?? '').toLowerCase()
  const isFolders = /^(?:index|mod|lib|main|__init__)$/.test(file) || path.endsWith('.go')
  return [file, ...(isFolders && folder !== '' ? [folder] : [])]
}

const STATEMENT_UNITS = 600

/** Whether the import statement that holds the offset names the module. */
function isFromModule(text: string, offset: number, path: string): boolean {
  const before = text.slice(Math.max(0, offset - STATEMENT_UNITS), offset)
  const begin = Math.max(
    ...['import', 'from', 'use', 'using', 'export', 'require'].map((word) => lastWordAtLine(before, word)),
  )
  const after = text.slice(offset, offset + STATEMENT_UNITS)
  const end = /from\s*(['"]).*?\1|require\(.*?\)|;|\n\s*\n|\n(?=\S)(?![)}])/.exec(after)
  const statement =
    before.slice(Math.max(0, begin)) + after.slice(0, end === null ? after.length : end.index + end[0].length)
  const words = new Set(statement.toLowerCase().split(/[^\p{L}\p{N}_-]+/u))
  return modulesOf(path).some((module) => words.has(module))
}

function lastWordAtLine(text: string, word: string): number {
  const found = [...text.matchAll(new RegExp(`^[ \\t]*(?:pub\\s+)?${word}\\b`, 'gm'))].at(-1)
  return found?.index ?? -1
}

/** `cart.total` where `cart` is the module. */
function isQualified(text: string, offset: number, path: string): boolean {
  const qualifier = /([\p{L}_][\p{L}\p{N}_]*)(?:\.|::)$/u.exec(text.slice(Math.max(0, offset - 120), offset))?.[1]
  return qualifier !== undefined && modulesOf(path).includes(qualifier.toLowerCase())
}
