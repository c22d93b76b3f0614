// Where a name stands in a text, and which of these places mean the same thing: scope analysis on a parsed text.
import type { Role, ScopeRules } from './scope-rules/rules.ts'
import {
  endOf,
  fieldOf,
  isLeaf,
  isNamed,
  kindOf,
  lineIndex,
  nextOf,
  parentOf,
  sizeOf,
  startOf,
  textOf,
  type SyntaxTree,
} from './tree.ts'

/** By name, or by a place (UTF-16 offset) in or right behind one. */
export type Target = { readonly name: string } | { readonly offset: number }

/**
 * `local`: declared in an inner scope. `top`: declared at the top of the file, so that others may see it. `import`: declared
 * here for something of another file. `free`: declared nowhere in this file. `member`: whatever bears this name behind a dot,
 * and the fields and methods that declare it; types are not known, so all of them are one binding. `foreign`: the other
 * file's name in an import or export that renames it. `label`: a label.
 */
export type BindingKind = 'local' | 'top' | 'import' | 'free' | 'member' | 'foreign' | 'label'

export interface Binding {
  readonly kind: BindingKind
  /** How many of its places declare it. */
  readonly declarations: number
}

export interface Occurrence {
  readonly kind: 'code' | 'string' | 'comment'
  /** UTF-16 offsets. */
  readonly start: number
  readonly end: number
  /** 1-based. */
  readonly line: number
  /** Index into `bindings`; null in strings and comments. */
  readonly binding: number | null
  readonly declares: boolean
  /** It stands for a key and a variable at once (`{ a }`): whoever renames the variable alone writes `a: b`. */
  readonly shorthand: boolean
}

export interface Occurrences {
  readonly name: string
  readonly places: readonly Occurrence[]
  readonly bindings: readonly Binding[]
  /** The binding that `Target.offset` points at; null for a target by name, or when it points into a string or comment. */
  readonly target: number | null
}

/** A name is at least this; anything longer is none. */
const LONGEST_NAME = 200
/** More places than this are not a name but a letter. */
const MOST_PLACES = 20_000

/**
 * Every occurrence of a name as a whole word, in the order of the text. null when the target is no name.
 *
 * How it works: one pass over the tree keeps the scopes and, for the leaves that bear the name, what their place makes of
 * them (scope-rules/); a second looks up the chain of scopes for each use. O(nodes + places × depth of scopes). Limits: no
 * types, so members are told apart by name alone; no `with`, `eval` or reflection; macros and preprocessors are not expanded.
 */
export function occurrencesOf(tree: SyntaxTree, rules: ScopeRules, target: Target): Occurrences | null {
  const name = 'name' in target ? target.name : nameAt(tree, rules, target.offset)
  if (name === null || name === '' || name.length > LONGEST_NAME) return null
  const { names, inTexts } = leavesOf(tree, rules, name)
  const scopes = scopesOf(tree, rules, names)
  const lineAt = lineIndex(tree.text)
  const places: Occurrence[] = scopes.names.map(({ node, binding, declares }) => ({
    kind: 'code',
    start: startOf(tree, node),
    end: endOf(tree, node),
    line: lineAt(startOf(tree, node)),
    binding,
    declares,
    shorthand: rules.shorthand.has(kindOf(tree, node)) || isShorthandInit(tree, node),
  }))
  for (const { kind, start } of inTexts) {
    const end = start + name.length
    places.push({ kind, start, end, line: lineAt(start), binding: null, declares: false, shorthand: false })
  }
  places.sort((a, b) => a.start - b.start)
  const pointed =
    'offset' in target ? places.find(({ start, end }) => start <= target.offset && target.offset <= end) : null
  return { name, places, bindings: scopes.bindings, target: pointed?.binding ?? null }
}

/** The name of the leaf in which the offset is, or behind which it stands. */
function nameAt(tree: SyntaxTree, rules: ScopeRules, offset: number): string | null {
  for (let node = 0; node < sizeOf(tree);) {
    if (endOf(tree, node) < offset) node = nextOf(tree, node)
    else if (startOf(tree, node) > offset) return null
    else if (isLeaf(tree, node) && rules.names.has(kindOf(tree, node))) return textOf(tree, node)
    else node += 1
  }
  return null
}

interface InText {
  readonly kind: 'string' | 'comment'
  readonly start: number
}

/** The leaves that are this name, and the places where strings and comments hold it as a whole word. */
function leavesOf(
  tree: SyntaxTree,
  rules: ScopeRules,
  name: string,
): { readonly names: ReadonlySet<number>; readonly inTexts: readonly InText[] } {
  const names = new Set<number>()
  const inTexts: InText[] = []
  const { text } = tree
  // The text is searched, and the tree asked about the few places that are found.
  let node = 0
  /** The innermost node known to hold the place: some comments are no leaf, and what they say is none of their children. */
  let around = 0
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (names.size + inTexts.length >= MOST_PLACES) break
    while (node < sizeOf(tree) && (endOf(tree, node) <= at || !isLeaf(tree, node))) {
      if (endOf(tree, node) > at && startOf(tree, node) <= at) around = node
      node = endOf(tree, node) <= at ? nextOf(tree, node) : node + 1
    }
    while (around > 0 && endOf(tree, around) <= at) around = parentOf(tree, around)
    const isBetween = node >= sizeOf(tree) || startOf(tree, node) > at
    const kind = kindOf(tree, isBetween ? around : node)
    if (isBetween && !kind.includes('comment')) continue
    if (!isBetween && rules.names.has(kind)) {
      if (textOf(tree, node) === name) names.add(node)
    } else if (isWordPart(text, at - 1) || isWordPart(text, at + name.length)) continue
    else if (kind.includes('comment')) inTexts.push({ kind: 'comment', start: at })
    else if (/string|char|heredoc|content|text|symbol/.test(kind)) inTexts.push({ kind: 'string', start: at })
  }
  return { names, inTexts }
}

function isWordPart(text: string, at: number): boolean {
  return /[\p{L}\p{N}\p{M}_$]/u.test(text[at] ?? '')
}

/** `Cart { count }` in Rust. */
function isShorthandInit(tree: SyntaxTree, node: number): boolean {
  return kindOf(tree, parentOf(tree, node)) === 'shorthand_field_initializer'
}

interface Declared {
  readonly binding: number
  /** UTF-16 offset from which on it counts. */
  readonly from: number
}

interface Scope {
  readonly node: number
  readonly parent: Scope | null
  readonly isFunction: boolean
  readonly isClass: boolean
  readonly isWall: boolean
  /** Its declarations can be seen from outside the file. */
  readonly isVisible: boolean
  readonly isWrapper: boolean
  /** By name space: variables of PHP are apart from all else. */
  readonly declared: Map<boolean, Declared[]>
}

interface Resolved {
  readonly node: number
  readonly binding: number
  readonly declares: boolean
}

interface Use {
  readonly node: number
  readonly scope: Scope
}

/** Bindings of the given leaves, which all bear one name. */
function scopesOf(
  tree: SyntaxTree,
  rules: ScopeRules,
  wanted: ReadonlySet<number>,
): { readonly names: readonly Resolved[]; readonly bindings: readonly Binding[] } {
  const bindings: { kind: BindingKind; declarations: number }[] = []
  const single = new Map<string, number>()
  const resolved: Resolved[] = []
  const uses: Use[] = []
  const roles = new Roles(tree, rules)
  const root: Scope = open(tree, rules, 0, null)
  let scope = root

  const add = (kind: BindingKind): number => bindings.push({ kind, declarations: 0 }) - 1
  const only = (kind: BindingKind): number => {
    const known = single.get(kind) ?? add(kind)
    single.set(kind, known)
    return known
  }
  const settle = (node: number, binding: number, declares: boolean): void => {
    const known = bindings[binding]
    if (declares && known !== undefined) known.declarations += 1
    resolved.push({ node, binding, declares })
  }
  const listIn = (where: Scope, node: number): Declared[] => {
    const space = isVariable(tree, node)
    const list = where.declared.get(space) ?? []
    where.declared.set(space, list)
    return list
  }
  /** One name is one binding within a scope, however often it is declared there. */
  const declare = (where: Scope, node: number, kind: BindingKind, from: number): void => {
    const list = listIn(where, node)
    const known = list[0]?.binding ?? add(kind)
    if (list.length === 0) list.push({ binding: known, from })
    settle(node, known, true)
  }
  const find = (use: Use): number | null => {
    const { node } = use
    const isWalled = rules.walled(tree, node)
    for (let at: Scope | null = use.scope; at !== null; at = at.parent) {
      const seen = !rules.classesHide || !at.isClass || at === use.scope
      const found = seen
        ? at.declared.get(isVariable(tree, node))?.findLast(({ from }) => from <= startOf(tree, node))
        : undefined
      if (found !== undefined) return found.binding
      if (isWalled && at.isWall) return null
    }
    return null
  }

  for (let node = 0; node < sizeOf(tree); node += 1) {
    while (scope.parent !== null && nextOf(tree, scope.node) <= node) scope = scope.parent
    if (
      node > 0 &&
      rules.scopes.has(kindOf(tree, node)) &&
      isNamed(tree, node) &&
      (rules.opens?.(tree, node) ?? true)
    ) {
      scope = open(tree, rules, node, scope)
    }
    if (!wanted.has(node)) continue
    const { role, definer } = roles.of(node)
    // A name in a declarator that opens a scope for its parameters is not of that scope.
    let place = scope
    while (place.node > definer && place.parent !== null) place = place.parent
    const start = rules.ordered ? startOf(tree, node) : 0
    switch (role) {
      case 'here':
        declare(
          place,
          node,
          isTypeParameter(tree, definer) ? 'local' : kindIn(place),
          place === root || place.isClass ? 0 : start,
        )
        break
      case 'outer': {
        let around = place.node === definer && place.parent !== null ? place.parent : place
        while (around.isWrapper && around.parent !== null) around = around.parent
        const kind = around.isClass && rules.classesHide ? 'member' : kindIn(around)
        if (kind === 'member') memberIn(around, node)
        else declare(around, node, kind, 0)
        break
      }
      case 'function': {
        let around = scope
        while (!around.isFunction && around.parent !== null) around = around.parent
        if (around.isClass) memberIn(around, node)
        else declare(around, node, kindIn(around), 0)
        break
      }
      case 'after': {
        // In Go what the scope has already is assigned to.
        const list = listIn(scope, node)
        const known = list.at(-1)
        if (known !== undefined && rules.names.has('package_identifier')) settle(node, known.binding, false)
        else {
          const binding = add(kindIn(scope))
          list.push({ binding, from: endOf(tree, definer) })
          settle(node, binding, true)
        }
        break
      }
      case 'assign': {
        const known = find({ node, scope })
        if (known === null) declare(scope, node, kindIn(scope), 0)
        else settle(node, known, false)
        break
      }
      case 'capture':
      case 'global': {
        const from = role === 'global' ? root : (scope.parent ?? root)
        const known = find({ node, scope: from })
        const binding = known ?? add(from === root ? 'top' : 'local')
        if (known === null) listIn(from, node).push({ binding, from: 0 })
        if (from !== scope) listIn(scope, node).push({ binding, from: 0 })
        settle(node, binding, false)
        break
      }
      case 'import':
        declare(scope, node, 'import', 0)
        break
      case 'member':
        if (definesMember(tree, definer)) memberIn(scope, node)
        else settle(node, only('member'), false)
        break
      case 'foreign':
      case 'label':
        settle(node, only(role), false)
        break
      default:
        uses.push({ node, scope })
    }
  }
  for (const use of uses) settle(use.node, find(use) ?? only(undeclared(use.node)), false)
  return { names: resolved, bindings }

  function undeclared(node: number): BindingKind {
    return rules.undeclaredMembers?.has(kindOf(tree, node)) ? 'member' : 'free'
  }

  /** Declared as a member of the nearest class, where it may be used without a qualifier. */
  function memberIn(at: Scope, node: number): void {
    let around: Scope | null = at
    while (around !== null && !around.isClass) around = around.parent
    const binding = only('member')
    if (around !== null && !rules.classesHide && listIn(around, node).length === 0) {
      listIn(around, node).push({ binding, from: 0 })
    } else if (around === at && listIn(around, node).length === 0) listIn(around, node).push({ binding, from: 0 })
    settle(node, binding, true)
  }
}

function open(tree: SyntaxTree, rules: ScopeRules, node: number, parent: Scope | null): Scope {
  const kind = kindOf(tree, node)
  return {
    node,
    parent,
    isFunction: node === 0 || rules.functions.has(kind),
    isClass: rules.classes.has(kind),
    isWall: rules.walls.has(kind),
    isVisible: (parent === null || parent.isVisible) && (node === 0 || rules.visible.has(kind)),
    isWrapper: rules.wrappers?.has(kind) ?? false,
    declared: new Map(),
  }
}

function isTypeParameter(tree: SyntaxTree, definer: number): boolean {
  return kindOf(tree, definer).includes('type_parameter')
}

function kindIn(scope: Scope): BindingKind {
  return scope.isVisible ? 'top' : 'local'
}

/** A variable of PHP; its `$` stands apart from the name. */
function isVariable(tree: SyntaxTree, name: number): boolean {
  return kindOf(tree, parentOf(tree, name)) === 'variable_name'
}

/** Kinds of nodes that declare members; all others only name them. */
const DECLARES_MEMBER =
  /declarat|definition|_item$|_signature$|^(?:method|singleton_method|variable_declarator|property_signature|enum_variant|enum_case|enum_assignment|enum_body|enum_constant|property_element|const_element|formal_parameter|parameter|method_elem|assignment)$/

function definesMember(tree: SyntaxTree, definer: number): boolean {
  return DECLARES_MEMBER.test(kindOf(tree, definer))
}

/** What the places of a tree make of the names in them. */
class Roles {
  private readonly tree: SyntaxTree
  private readonly rules: ScopeRules

  constructor(tree: SyntaxTree, rules: ScopeRules) {
    this.tree = tree
    this.rules = rules
  }

  /** The role of a leaf, and the node that gives it. */
  of(name: number): { readonly role: Role; readonly definer: number } {
    const { tree, rules } = this
    for (let node = name; node > 0; node = parentOf(tree, node)) {
      const definer = parentOf(tree, node)
      const role = this.at(node, definer)
      if (role !== 'pass') {
        const refined = rules.refine?.(tree, definer, name, role) ?? role
        return { role: refined, definer }
      }
    }
    return { role: 'use', definer: 0 }
  }

  private at(node: number, parent: number): Role {
    const { tree } = this
    const { roles } = this.rules
    const kind = kindOf(tree, parent)
    return (
      roles.get(`=${kindOf(tree, node)}`) ??
      roles.get(`${kind}.${fieldOf(tree, node) ?? '*'}`) ??
      roles.get(`${kind}.*`) ??
      'use'
    )
  }
}
