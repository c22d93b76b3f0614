// How PHP binds names.
import { kindOf, nextOf, parentOf } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const FUNCTIONS = words('program function_definition method_declaration anonymous_function arrow_function')
const CLASSES = words(
  'class_declaration interface_declaration trait_declaration enum_declaration anonymous_class declaration_list',
)

/** A variable belongs to its function; all other names are functions, classes, constants and members. */
export const PHP: ScopeRules = {
  names: words('name'),
  scopes: new Set([...FUNCTIONS, ...CLASSES]),
  functions: FUNCTIONS,
  classes: CLASSES,
  visible: CLASSES,
  roles: rolesOf({
    function: 'variable_name.*',
    here: 'simple_parameter.name variadic_parameter.name property_promotion_parameter.name',
    outer:
      'function_definition.name class_declaration.name interface_declaration.name trait_declaration.name enum_declaration.name const_element.*',
    member:
      'method_declaration.name member_access_expression.name nullsafe_member_access_expression.name member_call_expression.name nullsafe_member_call_expression.name scoped_call_expression.name scoped_property_access_expression.name class_constant_access_expression.* property_element.name enum_case.name argument.name',
    import: 'namespace_use_clause.alias namespace_use_clause.*',
    foreign: 'namespace_name.* namespace_definition.name qualified_name.prefix',
    use: 'qualified_name.*',
  }),
  ordered: false,
  walls: words('program function_definition method_declaration anonymous_function'),
  walled: (tree, name) => kindOf(tree, parentOf(tree, name)) === 'variable_name',
  classesHide: false,
  shorthand: NONE,
  refine(tree, definer, node, role) {
    const kind = kindOf(tree, definer)
    if (kind === 'variable_name') {
      const holder = parentOf(tree, definer)
      const around = kindOf(tree, holder)
      if (around === 'property_element' || around === 'scoped_property_access_expression') return 'member'
      if (around.endsWith('parameter')) return 'here'
      if (around === 'global_declaration') return 'global'
      return around === 'anonymous_function_use_clause' || around === 'by_ref' ? 'capture' : 'assign'
    }
    if (kind === 'const_element') {
      if (node !== definer + 1) return 'use'
      return kindOf(tree, parentOf(tree, parentOf(tree, definer))) === 'declaration_list' ? 'member' : role
    }
    if (kind === 'class_constant_access_expression')
      return nextOf(tree, node) === nextOf(tree, definer) ? 'member' : 'use'
    if (kind === 'qualified_name' && kindOf(tree, parentOf(tree, definer)) === 'namespace_use_clause') {
      return nextOf(tree, definer) === nextOf(tree, parentOf(tree, definer)) ? 'import' : 'foreign'
    }
    return role
  },
}
