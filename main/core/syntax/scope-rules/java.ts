// How Java binds names.
import { kindOf, parentOf, type SyntaxTree } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const CLASSES = words(
  'class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration class_body',
)
const FUNCTIONS = words(
  'program method_declaration constructor_declaration compact_constructor_declaration lambda_expression',
)

export const JAVA: ScopeRules = {
  names: words('identifier type_identifier'),
  scopes: new Set([
    ...CLASSES,
    ...FUNCTIONS,
    ...words(
      'block constructor_body for_statement enhanced_for_statement try_with_resources_statement catch_clause switch_block_statement_group switch_rule',
    ),
  ]),
  functions: FUNCTIONS,
  classes: CLASSES,
  visible: CLASSES,
  roles: rolesOf({
    here: 'variable_declarator.name formal_parameter.name catch_formal_parameter.name resource.name enhanced_for_statement.name instanceof_expression.name inferred_parameters.* lambda_expression.parameters type_parameter.* type_pattern.* record_pattern_component.*',
    outer:
      'class_declaration.name interface_declaration.name enum_declaration.name record_declaration.name annotation_type_declaration.name',
    member:
      'method_declaration.name method_invocation.name field_access.field enum_constant.name element_value_pair.key annotation_type_element_declaration.name scoped_identifier.name',
    foreign: 'package_declaration.*',
    import: 'import_declaration.*',
    label: 'labeled_statement.* break_statement.* continue_statement.*',
    use: 'type_parameter.type_bound labeled_statement.body',
  }),
  ordered: true,
  walls: NONE,
  walled: () => false,
  classesHide: false,
  shorthand: NONE,
  refine(tree, definer, _node, role) {
    const around = kindOf(tree, parentOf(tree, definer))
    if (kindOf(tree, definer) === 'variable_declarator') {
      return /^(?:field|constant)_declaration$/.test(around) ? 'member' : role
    }
    if (kindOf(tree, definer) === 'formal_parameter') {
      return kindOf(tree, parentOf(tree, parentOf(tree, definer))) === 'record_declaration' ? 'member' : role
    }
    // `import a.B.c;` binds `c`.
    if (kindOf(tree, definer) === 'scoped_identifier') {
      if (role === 'member' && around === 'import_declaration') return 'import'
      return isInHeader(tree, definer) ? 'foreign' : role
    }
    return role
  },
}

function isInHeader(tree: SyntaxTree, node: number): boolean {
  let at = node
  while (kindOf(tree, at) === 'scoped_identifier') at = parentOf(tree, at)
  return /^(?:import|package)_declaration$/.test(kindOf(tree, at))
}
