// A parsed text as its smallest signs, and whether two texts differ in nothing but how they are written.
import type { Grammar } from './grammar.ts'
import { problemsOf } from './problems.ts'
import { endOf, isLeaf, isNamed, kindOf, nextOf, parentOf, sizeOf, startOf, textOf, type SyntaxTree } from './tree.ts'

export type TokenKind = 'name' | 'word' | 'sign' | 'string' | 'comment' | 'number' | 'other'

/** UTF-16 offsets. A string is one token with its quotes, unless something is computed within it. */
export interface SyntaxToken {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

/** In the order of the text, without white space. */
export function tokensOf(tree: SyntaxTree): readonly SyntaxToken[] {
  const tokens: SyntaxToken[] = []
  for (let node = 0; node < sizeOf(tree);) {
    const whole = isLeaf(tree, node) || isPlainString(tree, node)
    if (whole && endOf(tree, node) > startOf(tree, node)) {
      tokens.push({ kind: tokenKind(tree, node), start: startOf(tree, node), end: endOf(tree, node) })
    }
    node = whole ? nextOf(tree, node) : node + 1
  }
  return tokens
}

function tokenKind(tree: SyntaxTree, node: number): TokenKind {
  const kind = kindOf(tree, node)
  if (/comment/.test(kind)) return 'comment'
  if (STRING.test(kind) || PART_OF_STRING.test(kind) || PART_OF_STRING.test(kindOf(tree, parentOf(tree, node)))) {
    return 'string'
  }
  if (isNamed(tree, node)) {
    if (/(?:identifier|constant|variable|^name$|_name$|^word$)/.test(kind)) return 'name'
    return /(?:number|integer|float|decimal|literal)/.test(kind) ? 'number' : 'other'
  }
  return /^[\p{L}_]/u.test(kind) ? 'word' : 'sign'
}

const STRING =
  /^(?:string|raw_string|string_literal|string_value|interpreted_string_literal|raw_string_literal|encapsed_string|char_literal|character_literal|rune_literal|verbatim_string_literal|system_lib_string|string_literal_single|expandable_string_literal|verbatim_string_characters)$/
const PART_OF_STRING = /^(?:template_string|string_(?:start|end|content|fragment)|heredoc_\w+|escape_sequence)$/

/** A string in which nothing is computed: all that is in it are its quotes, its text and its escapes. */
export function isPlainString(tree: SyntaxTree, node: number): boolean {
  if (!STRING.test(kindOf(tree, node))) return false
  for (let part = node + 1; part < nextOf(tree, node); part += 1) {
    if (isNamed(tree, part) && !/string|escape|content|fragment|character/.test(kindOf(tree, part))) return false
  }
  return true
}

/** What may differ besides white space. */
export type Ignorable = 'quotes' | 'semicolons' | 'trailing commas'

/** Where both kinds of quotes make the same string; `plain`: only when nothing in it could be read otherwise. */
const QUOTES: Readonly<Partial<Record<Grammar, 'always' | 'plain'>>> = {
  javascript: 'always',
  typescript: 'always',
  tsx: 'always',
  python: 'always',
  css: 'always',
  ruby: 'plain',
  php: 'plain',
}
const FREE_SEMICOLONS: ReadonlySet<Grammar> = new Set<Grammar>(['javascript', 'typescript', 'tsx'])
/** Nodes in which a comma before the closing bracket means something, or may. */
const COMMA_COUNTS = /^(?:token_tree|subscript|index_expression|macro_invocation|preproc_\w+|array_pattern|ERROR)$/
const NO_TRAILING: ReadonlySet<Grammar> = new Set<Grammar>(['bash', 'css', 'powershell'])

/**
 * Whether two texts parse to the same tree with the same words, but for white space and what is ignored. Then they mean the
 * same: it is a proof, not a guess. False when one of them does not parse. Comments count. Linear.
 *
 * That trees and not lists of tokens are compared matters: without its semicolon `a;\n(b)` is a call. Limits: white space in
 * the text of JSX, in template strings and comments counts as a difference.
 */
export function sameTokens(
  grammar: Grammar,
  before: SyntaxTree,
  after: SyntaxTree,
  ignore: readonly Ignorable[],
): boolean {
  if (problemsOf(before).count > 0 || problemsOf(after).count > 0) return false
  const left = significant(grammar, before, ignore)
  const right = significant(grammar, after, ignore)
  for (;;) {
    const one = left.next()
    const other = right.next()
    if (one.done || other.done) return one.done === other.done
    if (one.value !== other.value) return false
  }
}

/** Each node as a text that tells all that counts of it; where a node with children ends, an empty one. */
function* significant(grammar: Grammar, tree: SyntaxTree, ignore: readonly Ignorable[]): Generator<string> {
  const semicolons = ignore.includes('semicolons') && FREE_SEMICOLONS.has(grammar)
  const commas = ignore.includes('trailing commas') && !NO_TRAILING.has(grammar)
  const quotes = ignore.includes('quotes') ? QUOTES[grammar] : undefined
  const ends: number[] = []
  for (let node = 0; node < sizeOf(tree);) {
    while (ends.length > 0 && (ends.at(-1) ?? 0) <= node) {
      ends.pop()
      yield ''
    }
    const kind = kindOf(tree, node)
    if ((semicolons && kind === ';') || (commas && kind === ',' && isTrailing(tree, node))) {
      node = nextOf(tree, node)
      continue
    }
    if (isPlainString(tree, node)) {
      yield `${kind} ${quotes === undefined ? textOf(tree, node) : unquoted(textOf(tree, node), quotes)}`
      node = nextOf(tree, node)
      continue
    }
    if (isLeaf(tree, node)) yield `${kind} ${tree.text.slice(startOf(tree, node), endOf(tree, node)).trim()}`
    else {
      yield kind
      ends.push(nextOf(tree, node))
    }
    node += 1
  }
  while (ends.pop() !== undefined) yield ''
}

function isTrailing(tree: SyntaxTree, comma: number): boolean {
  const parent = parentOf(tree, comma)
  const closing = nextOf(tree, comma)
  if (closing >= nextOf(tree, parent) || COMMA_COUNTS.test(kindOf(tree, parent))) return false
  if (!/^[)\]}]$/.test(kindOf(tree, closing))) return false
  // `[,]` is a hole, not the end of a list.
  return comma > parent + 1 && !/^[,([{]$/.test(kindOf(tree, comma - 1))
}

const QUOTED = /^(\w*)('''|"""|'|")([\s\S]*)\2$/

/** The same text for strings that differ in their quotes alone, and in the escapes that these need. */
function unquoted(text: string, rule: 'always' | 'plain'): string {
  const [, prefix, quote, content] = QUOTED.exec(text) ?? []
  if (prefix === undefined || quote === undefined || content === undefined) return text
  if (rule === 'plain' && /[\\#$]/.test(content)) return text
  if (/r/i.test(prefix)) return `${prefix} ${content}`
  return `${prefix} ${content.replaceAll(/\\([\s\S])/g, (whole: string, sign: string) => (/['"]/.test(sign) ? sign : whole))}`
}
