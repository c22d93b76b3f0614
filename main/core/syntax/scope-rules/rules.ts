// How a language binds names: which nodes open scopes, and what a name means at which place of the tree.
import type { SyntaxTree } from '../tree.ts'

/**
 * What a name does where it stands. `here` declares it in the scope around it, `outer` in the one around the declaration that
 * opens a scope itself, `function` in the nearest function, `after` like `here` but anew and only for what follows the
 * declaration, `assign` in the scope around it unless one further out has it already. `capture` binds the name to what it
 * means around this scope, `global` to what it means at the top. `member` declares or names a member (all members of a name
 * are one: types are not known), `import` declares a name for another file's, `foreign` names something of another file,
 * `label` a label. `pass`: as its parent.
 */
export type Role =
  | ('use' | 'here' | 'outer' | 'function' | 'after' | 'assign')
  | ('capture' | 'global' | 'member' | 'import' | 'foreign' | 'label' | 'pass')

export interface ScopeRules {
  /** Kinds of the leaves that are names. */
  readonly names: ReadonlySet<string>
  /** Kinds of nodes that open a scope. */
  readonly scopes: ReadonlySet<string>
  /** Those of them that are functions: where `function` declares. The root is one. */
  readonly functions: ReadonlySet<string>
  /** Those of them whose declarations are members. */
  readonly classes: ReadonlySet<string>
  /** Those of them from which names can be seen outside: namespaces, classes. */
  readonly visible: ReadonlySet<string>
  /** Those of them that hold one declaration alone, whose name is meant for the scope around them. */
  readonly wrappers?: ReadonlySet<string>
  /** By `=KIND` of the name, `PARENT.FIELD`, or `PARENT.*`, tried in this order; else `use`. */
  readonly roles: ReadonlyMap<string, Role>
  /** Whether a local declaration counts only for what follows it. */
  readonly ordered: boolean
  /** A scope of these kinds hides from what is in it the names around it for which `walled` is true. */
  readonly walls: ReadonlySet<string>
  readonly walled: (tree: SyntaxTree, name: number) => boolean
  /** Functions in a class do not see its names without a qualifier. */
  readonly classesHide: boolean
  /** What the table cannot say: the role that `definer` gives to `node` with everything that passes it on. */
  readonly refine?: (tree: SyntaxTree, definer: number, node: number, role: Role) => Role
  /** Whether this node, whose kind is among `scopes`, opens one. */
  readonly opens?: (tree: SyntaxTree, node: number) => boolean
  /** Kinds of names that are a member's when nothing declares them. */
  readonly undeclaredMembers?: ReadonlySet<string>
  /** Kinds of names that stand for a key and a variable at once: `{ a }`. */
  readonly shorthand: ReadonlySet<string>
}

export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''))
}

/** `{ here: 'a.b c.*', member: '=d' }` as a map from place to role. */
export function rolesOf(table: Readonly<Partial<Record<Role, string>>>): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>()
  const all: readonly Role[] = [
    ...(['use', 'here', 'outer', 'function', 'after', 'assign'] as const),
    ...(['capture', 'global', 'member', 'import', 'foreign', 'label', 'pass'] as const),
  ]
  for (const role of all) for (const place of words(table[role] ?? '')) roles.set(place, role)
  return roles
}

export const NONE: ReadonlySet<string> = new Set()
