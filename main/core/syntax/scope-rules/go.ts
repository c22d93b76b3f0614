// How Go binds names.
import { childrenOf, kindOf } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const FUNCTIONS = words('source_file function_declaration method_declaration func_literal')

export const GO: ScopeRules = {
  names: words('identifier type_identifier field_identifier package_identifier label_name'),
  scopes: new Set([
    ...FUNCTIONS,
    ...words(
      'block if_statement for_statement expression_switch_statement type_switch_statement select_statement expression_case type_case default_case communication_case type_spec function_type method_elem',
    ),
  ]),
  functions: FUNCTIONS,
  classes: NONE,
  visible: NONE,
  roles: rolesOf({
    here: 'const_spec.name var_spec.name parameter_declaration.name variadic_parameter_declaration.name range_clause.left type_switch_statement.alias type_parameter_declaration.name receive_statement.left',
    outer: 'function_declaration.name type_spec.name type_alias.name',
    after: 'short_var_declaration.left',
    import: 'import_spec.name',
    foreign: 'package_clause.*',
    member: '=field_identifier keyed_element.key qualified_type.name',
    label: '=label_name',
    pass: 'expression_list.* literal_element.*',
  }),
  ordered: true,
  walls: NONE,
  walled: () => false,
  classesHide: false,
  shorthand: NONE,
  refine(tree, definer, _node, role) {
    // `for i = range xs` assigns to what is there already.
    const assigns = [...childrenOf(tree, definer)].some((child) => kindOf(tree, child) === '=')
    if (role === 'here' && /^(?:range_clause|receive_statement)$/.test(kindOf(tree, definer)) && assigns) return 'use'
    return role
  },
}
