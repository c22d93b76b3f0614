// How C# binds names.
import { kindOf, parentOf } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const CLASSES = words('class_declaration struct_declaration interface_declaration record_declaration enum_declaration')
const FUNCTIONS = words(
  'compilation_unit method_declaration constructor_declaration destructor_declaration operator_declaration conversion_operator_declaration local_function_statement lambda_expression anonymous_method_expression accessor_declaration indexer_declaration property_declaration delegate_declaration',
)

export const C_SHARP: ScopeRules = {
  names: words('identifier implicit_parameter'),
  scopes: new Set([
    ...CLASSES,
    ...FUNCTIONS,
    ...words(
      'namespace_declaration block for_statement foreach_statement using_statement fixed_statement catch_clause switch_section switch_expression_arm query_expression',
    ),
  ]),
  functions: FUNCTIONS,
  classes: CLASSES,
  visible: new Set([...CLASSES, 'namespace_declaration']),
  roles: rolesOf({
    here: '=implicit_parameter variable_declarator.name parameter.name catch_declaration.name foreach_statement.left declaration_pattern.name declaration_expression.name var_pattern.name recursive_pattern.name type_parameter.name from_clause.name let_clause.* join_clause.* tuple_pattern.name parenthesized_variable_designation.*',
    outer:
      'class_declaration.name struct_declaration.name interface_declaration.name record_declaration.name enum_declaration.name delegate_declaration.name local_function_statement.name',
    member:
      'method_declaration.name property_declaration.name event_declaration.name enum_member_declaration.name member_access_expression.name member_binding_expression.name argument.name qualified_name.name name_colon.* subpattern.name attribute_argument.name',
    import: 'using_directive.name',
    foreign: 'using_directive.* namespace_declaration.name file_scoped_namespace_declaration.name',
    label: 'labeled_statement.label goto_statement.*',
    pass: 'generic_name.* qualified_name.qualifier alias_qualified_name.*',
  }),
  ordered: true,
  walls: NONE,
  walled: () => false,
  classesHide: false,
  shorthand: NONE,
  refine(tree, definer, node, role) {
    const around = kindOf(tree, parentOf(tree, definer))
    if (kindOf(tree, definer) === 'variable_declarator') {
      return kindOf(tree, parentOf(tree, parentOf(tree, definer))).endsWith('field_declaration') ? 'member' : role
    }
    if (kindOf(tree, definer) === 'parameter') {
      return kindOf(tree, parentOf(tree, parentOf(tree, definer))) === 'record_declaration' ? 'member' : role
    }
    // `new Cart { Count = 1 }` names the member.
    if (kindOf(tree, definer) === 'assignment_expression' && /initializer/.test(around)) {
      return node === definer + 1 ? 'member' : role
    }
    return role
  },
}
