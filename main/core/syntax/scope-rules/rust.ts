// How Rust binds names.
import { kindOf, parentOf, textOf, type SyntaxTree } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const FUNCTIONS = words('source_file function_item function_signature_item closure_expression mod_item')
const CLASSES = words('impl_item trait_item struct_item enum_item union_item')

export const RUST: ScopeRules = {
  names: words('identifier type_identifier field_identifier shorthand_field_identifier'),
  scopes: new Set([
    ...FUNCTIONS,
    ...CLASSES,
    ...words('type_item block match_arm for_expression if_expression while_expression'),
  ]),
  functions: FUNCTIONS,
  classes: CLASSES,
  visible: words('mod_item'),
  roles: rolesOf({
    here: 'parameter.pattern closure_parameters.* let_condition.pattern for_expression.pattern match_arm.pattern type_parameter.name const_parameter.name',
    after: 'let_declaration.pattern',
    outer:
      'function_item.name function_signature_item.name struct_item.name enum_item.name union_item.name trait_item.name type_item.name mod_item.name const_item.name static_item.name macro_definition.name associated_type.name',
    member: '=field_identifier enum_variant.name scoped_identifier.name scoped_type_identifier.name',
    import: 'use_declaration.argument use_as_clause.alias use_list.* extern_crate_declaration.name',
    foreign: 'use_as_clause.path use_wildcard.* scoped_use_list.path',
    label: 'lifetime.* label.*',
    pass: 'tuple_pattern.* struct_pattern.* field_pattern.name field_pattern.pattern tuple_struct_pattern.* captured_pattern.* ref_pattern.* mut_pattern.* reference_pattern.* slice_pattern.* or_pattern.* match_pattern.* scoped_use_list.list parenthesized_pattern.*',
    use: 'struct_pattern.type tuple_struct_pattern.type match_pattern.condition',
  }),
  ordered: true,
  walls: NONE,
  walled: () => false,
  classesHide: true,
  shorthand: words('shorthand_field_identifier'),
  refine(tree, definer, node, role) {
    const kind = kindOf(tree, definer)
    if (role === 'outer' && /^(?:function_item|function_signature_item|const_item|associated_type)$/.test(kind)) {
      const owner = kindOf(tree, parentOf(tree, parentOf(tree, definer)))
      return owner === 'impl_item' || owner === 'trait_item' ? 'member' : role
    }
    // In a pattern a name in upper case is a constant or a variant.
    if ((role === 'here' || role === 'after') && kindOf(tree, node) === 'identifier' && !kind.endsWith('_parameter')) {
      return /^\p{Lu}/u.test(textOf(tree, node)) ? 'use' : role
    }
    if (kind.startsWith('scoped_') && isInUse(tree, definer)) {
      return role === 'member' && /^(?:use_declaration|use_list)$/.test(kindOf(tree, parentOf(tree, definer)))
        ? 'import'
        : 'foreign'
    }
    // Within a macro's arguments there is no syntax: what follows a dot is a member.
    if (kind === 'token_tree' && kindOf(tree, node - 1) === '.') return 'member'
    return role
  },
}

function isInUse(tree: SyntaxTree, node: number): boolean {
  for (let at = node; at > 0; at = parentOf(tree, at)) {
    const kind = kindOf(tree, at)
    if (kind === 'use_declaration') return true
    if (!/^(?:scoped_|use_)/.test(kind)) return false
  }
  return false
}
