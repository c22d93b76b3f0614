// Writes the lines that a hunk brings in the project's style, where parsing proves that this changes nothing but their looks.
import { diffLines, type LineChange } from '../diff.ts'
import { applyEdits, type LineEdit } from '../patch.ts'
import { linesOf } from '../text.ts'
import type { Grammar } from '../syntax/grammar.ts'
import { isPlainString, sameTokens, tokensOf } from '../syntax/tokens.ts'
import {
  childrenOf,
  endOf,
  kindOf,
  nextOf,
  parentOf,
  sizeOf,
  startOf,
  textOf,
  type SyntaxTree,
} from '../syntax/tree.ts'
import { indentationChanges, type Change, type LineSpan } from './indentation.ts'
import { languageOf, type Family } from './language.ts'
import { endsStatement, observe } from './observe.ts'
import { isFree, type Style, type StyleSubject } from './style.ts'

export interface RestyleInput {
  readonly path: string
  /** The content that the hunk is made from; '' for a new file. */
  readonly text: string
  readonly edit: LineEdit
  readonly styles: readonly Style[]
}

export interface Restyled {
  readonly lines: readonly string[]
  /** What was changed. */
  readonly subjects: readonly StyleSubject[]
}

/** More lines at once are nobody's hunk, and cost the thread too much. */
const MOST_LINES = 2_000

type Parse = (grammar: Grammar, text: string) => SyntaxTree | null

/**
 * The lines of the edit in these styles; null when nothing is changed, or nothing can be proved. Only what comes is looked at: a
 * line in whose place a line stood that made the other choice keeps that choice, and so does a string that stood there. Each
 * style is proved by itself: both whole texts must parse to the same tree but for it.
 */
export function restyle({ path, text, edit, styles }: RestyleInput, grammar: Grammar, parse: Parse): Restyled | null {
  const language = languageOf(path)
  if (language === null || edit.lines.length > MOST_LINES) return null
  const replaced = linesOf(text).slice(edit.start - 1, edit.end - 1)
  const runs = diffLines(replaced, edit.lines)
  const removed = runs.flatMap(({ oldStart, oldEnd }) => replaced.slice(oldStart - 1, oldEnd - 1))
  const subjects: StyleSubject[] = []
  let { lines } = edit
  let after = applyEdits(text, [edit])
  for (const style of styles) {
    if (!isFree(language.family, style.subject) || isOtherwise(path, text, style) || opposes(removed, style)) continue
    const tree = parse(grammar, after)
    if (tree === null) return null
    const added = addedIn(after, edit.start, runs)
    const changes = changesFor({ path, before: text, tree, added, removed, family: language.family }, style)
    if (changes.length === 0) continue
    const written = applied(after, changes)
    const proof = parse(grammar, written)
    if (proof === null || !sameTokens(grammar, tree, proof, style.subject === 'indentation' ? [] : [style.subject]))
      continue
    after = written
    lines = linesOf(written).slice(edit.start - 1, edit.start - 1 + lines.length)
    subjects.push(style.subject)
  }
  return subjects.length === 0 ? null : { lines, subjects }
}

/** Whether the file itself mostly does otherwise: what was counted in all files does not hold for it. */
function isOtherwise(path: string, text: string, { subject, choice, counted }: Style): boolean {
  if (!counted) return false
  let own = 0
  let others = 0
  for (const seen of observe(path, text)) {
    if (seen.subject !== subject) continue
    if (seen.choice === choice) own += seen.count
    else others += seen.count
  }
  return others > own
}

/** Whether a line that goes made the other choice: then the change is no place to make another one. */
function opposes(removed: readonly string[], { choice }: Style): boolean {
  switch (choice) {
    case 'semicolons':
      return removed.some((line) => endsStatement(line) && !line.trimEnd().endsWith(';'))
    case 'no semicolons':
      return removed.some((line) => line.trimEnd().endsWith(';'))
    case 'trailing commas':
    case 'trailing commas in arrays and objects':
      return removed.some((line) => /[^\s,;{}([]$/.test(line.trimEnd()))
    case 'no trailing commas':
      return removed.some((line) => line.trimEnd().endsWith(','))
    default:
      return false
  }
}

/** The lines that come in these runs of changed lines, from line `start` of the text after the edit. */
function addedIn(after: string, start: number, runs: readonly LineChange[]): readonly LineSpan[] {
  const come = new Set<number>()
  for (const run of runs) for (let line = run.newStart; line < run.newEnd; line += 1) come.add(start + line - 1)
  const last = start + (runs.at(-1)?.newEnd ?? 1)
  const added: LineSpan[] = []
  let at = 0
  for (let line = 1; at < after.length && line < last; line += 1) {
    const newline = after.indexOf('\n', at)
    const end = newline < 0 ? after.length : newline
    if (come.has(line)) added.push({ start: at, end })
    at = end + 1
  }
  return added
}

interface About {
  readonly path: string
  readonly before: string
  readonly tree: SyntaxTree
  readonly added: readonly LineSpan[]
  /** Lines that go. */
  readonly removed: readonly string[]
  readonly family: Family
}

function changesFor(about: About, { subject, choice }: Style): readonly Change[] {
  const nodes = (kinds: ReadonlySet<string>): readonly number[] => nodesOf(about, kinds)
  switch (subject) {
    case 'indentation':
      return indentationChanges(about.path, about.before, about.tree.text, outsideText(about))
    case 'quotes':
      return quotesIn(about, choice === 'single quotes' ? "'" : '"')
    case 'semicolons':
      return semicolonsIn(about, nodes(STATEMENTS), choice === 'semicolons')
    case 'trailing commas':
      return commasIn(about, nodes(LISTS), choice)
  }
}

/** Those that end in a line that comes or right behind one, in the order of their ends. */
function nodesOf({ tree, added }: About, kinds: ReadonlySet<string>): readonly number[] {
  const [first] = added
  const found: number[] = []
  if (first === undefined) return found
  for (let node = 0; node < sizeOf(tree);) {
    const isBefore = endOf(tree, node) < first.start
    if (!isBefore && kinds.has(kindOf(tree, node))) found.push(node)
    node = isBefore ? nextOf(tree, node) : node + 1
  }
  return found.sort((a, b) => endOf(tree, a) - endOf(tree, b))
}

function isWithin(added: readonly LineSpan[], start: number, end: number): boolean {
  return added.some((line) => start >= line.start && end <= line.end)
}

/** Lines that do not begin within a string or a comment: there white space is somebody's words. */
function outsideText({ tree, added }: About): readonly LineSpan[] {
  const texts = tokensOf(tree).filter(({ kind }) => kind === 'string' || kind === 'comment')
  return added.filter(({ start }) => !texts.some((token) => token.start < start && token.end > start))
}

/** Strings in the other quotes, with nothing in them that reads otherwise in these. */
function quotesIn({ tree, added, removed }: About, wanted: string): readonly Change[] {
  const other = wanted === '"' ? "'" : '"'
  const changes: Change[] = []
  for (let node = 0; node < sizeOf(tree);) {
    if (!isPlainString(tree, node)) {
      node += 1
      continue
    }
    const [start, end, literal] = [startOf(tree, node), endOf(tree, node), textOf(tree, node)]
    const inner = literal.slice(1, -1)
    const isQuoted = literal.length >= 2 && literal.startsWith(other) && literal.endsWith(other)
    // What holds a quote, an escape or a substitution is not the same in other quotes, or not as easy to read.
    const isPlain = isQuoted && !/['"\\]|#\{|\$/.test(inner) && !removed.some((line) => line.includes(literal))
    // Attributes of JSX are not written as strings are.
    if (isPlain && kindOf(tree, parentOf(tree, node)) !== 'jsx_attribute' && isWithin(added, start, end))
      changes.push({ start, end, text: wanted + inner + wanted })
    node = nextOf(tree, node)
  }
  return changes
}

/** Statements of JavaScript and TypeScript that a semicolon may end, as their grammars call them. */
const STATEMENTS: ReadonlySet<string> = new Set(
  'expression_statement lexical_declaration variable_declaration return_statement throw_statement break_statement continue_statement debugger_statement import_statement export_statement type_alias_declaration'.split(
    ' ',
  ),
)
/** What may go on with the statement before it, when no semicolon stands between them. */
const GOES_ON = /^\s*[([`+\-*/%,.?:&|=<>]/

/** Only where a statement ends with its line. */
function semicolonsIn({ tree, added }: About, statements: readonly number[], wanted: boolean): readonly Change[] {
  const { text } = tree
  const changes: Change[] = []
  const former = { end: -1 }
  for (const node of statements) {
    const end = endOf(tree, node)
    // An exported declaration ends with the declaration in it.
    if (end === former.end || !isWithin(added, end, end)) continue
    former.end = end
    if (kindOf(tree, parentOf(tree, node)).startsWith('for_') || holdsBlock(tree, node)) continue
    const rest = text.slice(end)
    // Which statement a comment on the same line belongs to is different with a semicolon: that would prove nothing.
    if (!/^[ \t]*(?:\r?\n|$)/.test(rest) || isComment(tree, nextOf(tree, node) - 1)) continue
    const next = rest.replace(/^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*/, '')
    const has = text.charAt(end - 1) === ';'
    if (has === wanted || (!wanted && GOES_ON.test(next))) continue
    changes.push(wanted ? { start: end, end, text: ';' } : { start: end - 1, end, text: '' })
  }
  return changes
}

/** Whether it is an exported function, class or the like, which no semicolon ends. */
function holdsBlock(tree: SyntaxTree, node: number): boolean {
  if (kindOf(tree, node) !== 'export_statement') return false
  return [...childrenOf(tree, node)].some((child) =>
    /(?:function|class|interface|enum|module|namespace)\w*_declaration|^(?:internal_module|function_expression|generator_function|class)$/.test(
      kindOf(tree, child),
    ),
  )
}

/** Lists whose last member may be followed by a comma, as the grammars call them. */
const LISTS: ReadonlySet<string> = new Set(
  'array object arguments formal_parameters named_imports export_clause object_pattern enum_body list dictionary set argument_list parameters array_expression field_initializer_list field_declaration_list enum_variant_list hash array_creation_expression'.split(
    ' ',
  ),
)

/** After the last member of a list whose closing bracket stands on a line of its own. */
function commasIn(
  { tree, added, family }: About,
  lists: readonly number[],
  choice: Style['choice'],
): readonly Change[] {
  const { text } = tree
  // Parameters and arguments: not everywhere, and not in all versions of a language.
  const isNarrow = choice === 'trailing commas in arrays and objects' || family === 'ruby' || family === 'php'
  const changes: Change[] = []
  for (const list of lists) {
    const children = [...childrenOf(tree, list)]
    const [closing, last] = [children.at(-1), children.at(-2)]
    if (closing === undefined || last === undefined || children.length < 3 || isComment(tree, last)) continue
    const end = endOf(tree, last)
    const hasOwnLine = text.slice(end, startOf(tree, closing)).includes('\n')
    if (!hasOwnLine || !isWithin(added, end, end)) continue
    if (isNarrow && kindOf(tree, closing) === ')') continue
    const has = kindOf(tree, last) === ','
    if (choice === 'no trailing commas') {
      if (has) changes.push({ start: startOf(tree, last), end, text: '' })
      // After a rest element none may stand.
    } else if (!has && !isRest(tree, list, last)) changes.push({ start: end, end, text: ',' })
  }
  return changes.sort((a, b) => a.start - b.start)
}

function isComment(tree: SyntaxTree, node: number): boolean {
  return kindOf(tree, node).includes('comment')
}

function isRest(tree: SyntaxTree, list: number, last: number): boolean {
  const isTarget = /pattern|parameters/.test(kindOf(tree, list))
  return isTarget && /^(?:\.\.\.|\*)/.test(textOf(tree, last))
}

/** Changes that do not overlap, in the order of the text. */
function applied(text: string, changes: readonly Change[]): string {
  const parts: string[] = []
  let at = 0
  for (const { start, end, text: fresh } of changes) {
    parts.push(text.slice(at, start), fresh)
    at = end
  }
  return parts.join('') + text.slice(at)
}
