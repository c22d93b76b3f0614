// What a file declares and imports, from its parsed text.
import type { Grammar } from './grammar.ts'
import {
  childIn,
  childrenOf,
  endOf,
  fieldOf,
  isLeaf,
  kindOf,
  lineIndex,
  nextOf,
  parentOf,
  sizeOf,
  startOf,
  textOf,
  type SyntaxTree,
} from './tree.ts'

export type DefinitionKind =
  'function' | 'method' | 'class' | 'interface' | 'type' | 'enum' | 'module' | 'constant' | 'field' | 'macro'

/** Lines are 1-based, the end exclusive. */
export interface Definition {
  readonly name: string
  readonly kind: DefinitionKind
  readonly start: number
  readonly end: number
  /** Its head without its body, in one line, at most 300 characters. */
  readonly signature: string
}

export interface Import {
  /** As they are written there; names and the names they get. */
  readonly names: readonly string[]
  /** What it imports from: `./x`, `a.b`, `vector`. */
  readonly module: string
  readonly start: number
  readonly end: number
}

export interface Outline {
  readonly definitions: readonly Definition[]
  readonly imports: readonly Import[]
}

/** By kind of node; the name stands in its field `name`, else behind its declarators. */
const DEFINITIONS: ReadonlyMap<string, DefinitionKind> = new Map<string, DefinitionKind>(
  table({
    function:
      'function_declaration generator_function_declaration function_signature function_definition function_item function_statement local_function_statement delegate_declaration',
    method:
      'method_definition abstract_method_signature method_signature method_declaration constructor_declaration compact_constructor_declaration function_signature_item method singleton_method method_elem',
    class:
      'class_declaration abstract_class_declaration class_definition class class_specifier struct_specifier union_specifier struct_item union_item struct_declaration record_declaration class_statement',
    interface: 'interface_declaration trait_item trait_declaration annotation_type_declaration',
    type: 'type_alias_declaration type_spec type_alias type_item alias_declaration type_definition',
    enum: 'enum_declaration enum_item enum_specifier',
    module: 'internal_module mod_item module namespace_definition namespace_declaration',
    constant: 'const_spec var_spec const_item static_item const_element variable_declarator assignment declaration',
    field:
      'public_field_definition property_signature field_declaration field_definition property_declaration property_element enum_constant enum_member_declaration enum_variant enum_case enumerator',
    macro: 'macro_definition preproc_def preproc_function_def',
  }),
)

function table(kinds: Readonly<Record<DefinitionKind, string>>): (readonly [string, DefinitionKind])[] {
  const all: readonly DefinitionKind[] = [
    ...(['function', 'method', 'class', 'interface', 'type'] as const),
    ...(['enum', 'module', 'constant', 'field', 'macro'] as const),
  ]
  return all.flatMap((kind) => kinds[kind].split(' ').map((word) => [word, kind] as const))
}

/** Nodes in which nothing is declared that others could use. */
const INSIDE =
  /^(?:statement_block|compound_statement|block|body_statement|arrow_function|function_expression|lambda|lambda_expression|closure_expression|func_literal|arguments|argument_list|parameters|formal_parameters|parameter_list|method_parameters|script_block|do_block|anonymous_function|constructor_body)$/
/** Nodes whose body is one of those, and is looked into all the same. */
const HOLDS =
  /^(?:internal_module|module|class_definition|class|namespace_definition|namespace_declaration|class_specifier|program)$/
const FUNCTION_VALUE =
  /^(?:arrow_function|function_expression|generator_function|lambda|lambda_expression|func_literal)$/
const LONGEST_SIGNATURE = 300
const MOST_DEFINITIONS = 5_000

const IMPORTS =
  /^(?:import_statement|import_from_statement|future_import_statement|import_spec|import_declaration|using_directive|use_declaration|namespace_use_declaration|preproc_include)$/

/** In the order of the text. Local variables and what stands within functions is left out. */
export function outlineOf(tree: SyntaxTree, grammar: Grammar): Outline {
  const definitions: Definition[] = []
  const imports: Import[] = []
  const lineAt = lineIndex(tree.text)
  for (let node = 1; node < sizeOf(tree) && definitions.length < MOST_DEFINITIONS;) {
    const kind = kindOf(tree, node)
    if (grammar !== 'java' || kind !== 'module') {
      const isImport = IMPORTS.test(kind) && !(kind === 'import_declaration' && grammar === 'go')
      if (isImport || isRequire(tree, node, grammar)) {
        imports.push(importAt(tree, node, lineAt))
        node = nextOf(tree, node)
        continue
      }
      const definition = definitionAt(tree, node, grammar, lineAt)
      if (definition !== null) definitions.push(definition)
    }
    node = INSIDE.test(kind) && !HOLDS.test(kindOf(tree, parentOf(tree, node))) ? nextOf(tree, node) : node + 1
  }
  return { definitions, imports }
}

function definitionAt(
  tree: SyntaxTree,
  node: number,
  grammar: Grammar,
  lineAt: (offset: number) => number,
): Definition | null {
  const known = DEFINITIONS.get(kindOf(tree, node))
  if (known === undefined || isLeaf(tree, node)) return null
  const name = nameOf(tree, node, grammar)
  if (name === null) return null
  const value = childIn(tree, node, 'value')
  const isFunction = value !== null && FUNCTION_VALUE.test(kindOf(tree, value))
  const whole = statementOf(tree, node)
  return {
    name,
    kind: known === 'constant' && isFunction ? 'function' : kindWithin(tree, node, known),
    start: lineAt(startOf(tree, whole)),
    end: lineAt(Math.max(startOf(tree, whole), endOf(tree, whole) - 1)) + 1,
    signature: signatureOf(tree, node, whole),
  }
}

function kindWithin(tree: SyntaxTree, node: number, kind: DefinitionKind): DefinitionKind {
  if (kind !== 'function' && kind !== 'constant') return kind
  for (let at = parentOf(tree, node); at > 0; at = parentOf(tree, at)) {
    if (/^(?:class_definition|impl_item|trait_item|field_declaration_list|class_body)$/.test(kindOf(tree, at))) {
      return kind === 'function' ? 'method' : 'field'
    }
    if (/^(?:event_)?field_declaration$/.test(kindOf(tree, at))) return 'field'
  }
  return kind
}

function nameOf(tree: SyntaxTree, node: number, grammar: Grammar): string | null {
  const kind = kindOf(tree, node)
  if (kind === 'assignment') {
    const left = childIn(tree, node, 'left')
    const declares = grammar === 'ruby' ? 'constant' : 'identifier'
    return left !== null && kindOf(tree, left) === declares ? textOf(tree, left) : null
  }
  if (kind === 'variable_declarator') {
    const name = childIn(tree, node, 'name')
    return name !== null && isLeaf(tree, name) ? textOf(tree, name) : null
  }
  if (kind.endsWith('_specifier') && childIn(tree, node, 'body') === null) return null
  // In Java the declarators of a field are found by themselves.
  if (kind === 'field_declaration' && grammar === 'java') return null
  const direct = childIn(tree, node, 'name')
  if (direct !== null) return lastName(tree, direct)
  const declarator = childIn(tree, node, 'declarator')
  if (declarator !== null) return lastName(tree, declarator)
  if (kind === 'declaration' || kind === 'namespace_definition') return null
  const [first] = childrenOf(tree, node)
  for (const child of childrenOf(tree, node)) {
    if (/^(?:name|variable_name|function_name|simple_name)$/.test(kindOf(tree, child))) return textOf(tree, child)
  }
  return first !== undefined && kindOf(tree, first) === 'identifier' ? textOf(tree, first) : null
}

/** Behind pointers, parameters and qualifiers. */
function lastName(tree: SyntaxTree, node: number): string | null {
  let at = node
  for (;;) {
    if (isLeaf(tree, at)) return textOf(tree, at)
    const inner = childIn(tree, at, 'declarator') ?? childIn(tree, at, 'name') ?? firstName(tree, at)
    if (inner === null) return null
    at = inner
  }
}

function firstName(tree: SyntaxTree, node: number): number | null {
  for (const child of childrenOf(tree, node)) {
    if (/(?:identifier|name|declarator|constant|operator)$/.test(kindOf(tree, child))) return child
  }
  return null
}

/** The node with what belongs before it: `export`, decorators, `const`, `template`. */
function statementOf(tree: SyntaxTree, node: number): number {
  let at = node
  for (;;) {
    const parent = parentOf(tree, at)
    const belongs =
      /^(?:export_statement|decorated_definition|lexical_declaration|variable_declaration|template_declaration|type_declaration|const_declaration|var_declaration|field_declaration|expression_statement|ambient_declaration|property_declaration)$/
    if (parent === 0 || !belongs.test(kindOf(tree, parent))) return at
    at = parent
  }
}

function signatureOf(tree: SyntaxTree, node: number, whole: number): string {
  const value = childIn(tree, node, 'value')
  const holder = value !== null && FUNCTION_VALUE.test(kindOf(tree, value)) ? value : node
  const body = childIn(tree, holder, 'body') ?? bodyOf(tree, holder)
  const isShape =
    body !== null && /^(?:interface_body|object_type|field_declaration_list|enum_body)$/.test(kindOf(tree, body))
  const end =
    body === null || (isShape && endOf(tree, body) - startOf(tree, whole) < LONGEST_SIGNATURE)
      ? endOf(tree, whole)
      : startOf(tree, body)
  const text = tree.text.slice(startOf(tree, whole), Math.min(end, startOf(tree, whole) + 2 * LONGEST_SIGNATURE))
  const line = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\s*(?:=>|:|\{)$/, '')
  return line.length > LONGEST_SIGNATURE ? `${line.slice(0, LONGEST_SIGNATURE - 1)}…` : line
}

function bodyOf(tree: SyntaxTree, node: number): number | null {
  for (const child of childrenOf(tree, node)) {
    if (/(?:_body|block|declaration_list|compound_statement|body_statement)$/.test(kindOf(tree, child))) return child
  }
  return null
}

function isRequire(tree: SyntaxTree, node: number, grammar: Grammar): boolean {
  if (kindOf(tree, node) !== 'call' && kindOf(tree, node) !== 'variable_declarator') return false
  const text = tree.text.slice(
    startOf(tree, node),
    Math.min(endOf(tree, node), startOf(tree, node) + LONGEST_SIGNATURE),
  )
  if (grammar === 'ruby') return /^(?:require|require_relative|load)\b/.test(text)
  return /=\s*require\(\s*['"]/.test(text)
}

function importAt(tree: SyntaxTree, node: number, lineAt: (offset: number) => number): Import {
  const source =
    childIn(tree, node, 'source') ??
    childIn(tree, node, 'module_name') ??
    childIn(tree, node, 'path') ??
    quotedIn(tree, node)
  const names = new Set<string>()
  for (let at = node + 1; at < nextOf(tree, node);) {
    const skipped = at === source
    const isName = /(?:identifier|^name$)$/.test(kindOf(tree, at)) && isLeaf(tree, at)
    if (!skipped && isName) names.add(textOf(tree, at))
    at = skipped ? nextOf(tree, at) : at + 1
  }
  const whole = textOf(tree, node)
  const module =
    source === null
      ? whole.replace(/^(?:import|use|using|from)\s+(?:static\s+)?/, '').replace(/\s*;\s*$/, '')
      : textOf(tree, source).replaceAll(/^["'<`]|["'>`]$/g, '')
  return {
    names: [...names],
    module: module.length > LONGEST_SIGNATURE ? module.slice(0, LONGEST_SIGNATURE) : module,
    start: lineAt(startOf(tree, node)),
    end: lineAt(Math.max(startOf(tree, node), endOf(tree, node) - 1)) + 1,
  }
}

function quotedIn(tree: SyntaxTree, node: number): number | null {
  for (let at = node + 1; at < nextOf(tree, node); at += 1) {
    if (/string/.test(kindOf(tree, at)) && fieldOf(tree, at) !== 'alias') return at
  }
  return null
}
