// How Python binds names.
import { childIn, childrenOf, isNamed, kindOf, parentOf } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

export const PYTHON: ScopeRules = {
  names: words('identifier'),
  scopes: words(
    'module function_definition lambda class_definition list_comprehension dictionary_comprehension set_comprehension generator_expression',
  ),
  functions: words('module function_definition lambda class_definition'),
  classes: words('class_definition'),
  visible: NONE,
  roles: rolesOf({
    here: 'parameters.* lambda_parameters.* default_parameter.name typed_parameter.* typed_default_parameter.name for_in_clause.left type_parameter.*',
    outer: 'function_definition.name class_definition.name',
    function:
      'assignment.left augmented_assignment.left for_statement.left as_pattern_target.* named_expression.name case_pattern.* delete_statement.* type_alias_statement.left',
    global: 'global_statement.*',
    capture: 'nonlocal_statement.*',
    import: 'import_statement.name import_from_statement.name future_import_statement.name aliased_import.alias',
    foreign: 'import_from_statement.module_name aliased_import.name relative_import.*',
    member: 'attribute.attribute keyword_argument.name keyword_pattern.* class_pattern.*',
    use: 'typed_parameter.type assignment.type case_pattern.class_pattern',
    pass: 'pattern_list.* tuple_pattern.* list_pattern.* list_splat_pattern.* dictionary_splat_pattern.* dotted_name.* parenthesized_expression.* as_pattern.alias',
  }),
  ordered: false,
  walls: NONE,
  walled: () => false,
  classesHide: true,
  shorthand: NONE,
  refine(tree, definer, node, role) {
    // `import a.b` binds `a`.
    if (kindOf(tree, parentOf(tree, node)) === 'dotted_name') {
      const [first] = childrenOf(tree, parentOf(tree, node))
      if (first !== node) return role === 'use' ? 'use' : 'foreign'
    }
    // `case Point.ZERO` and `case Point(…)` name what is there already.
    if (role === 'function' && kindOf(tree, definer) === 'case_pattern') {
      const pattern = kindOf(tree, node) === 'identifier' ? parentOf(tree, node) : node
      if (kindOf(tree, pattern) !== 'dotted_name') return 'use'
      const parts = [...childrenOf(tree, pattern)].filter((part) => isNamed(tree, part))
      return parts.length === 1 ? 'function' : 'use'
    }
    if (kindOf(tree, definer) === 'class_pattern') return 'use'
    if (kindOf(tree, definer) === 'typed_parameter') return childIn(tree, definer, 'type') === node ? 'use' : role
    return role
  },
}
