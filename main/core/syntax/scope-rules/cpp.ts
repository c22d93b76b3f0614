// How C and C++ bind names.
import { childIn, kindOf, parentOf } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const CLASSES = words('class_specifier struct_specifier union_specifier')
const FUNCTIONS = words('translation_unit function_definition lambda_expression')

export const CPP: ScopeRules = {
  names: words('identifier type_identifier field_identifier namespace_identifier statement_identifier'),
  scopes: new Set([
    ...CLASSES,
    ...FUNCTIONS,
    ...words(
      'namespace_definition compound_statement for_statement for_range_loop if_statement while_statement catch_clause template_declaration function_declarator preproc_function_def requires_expression',
    ),
  ]),
  functions: FUNCTIONS,
  classes: CLASSES,
  visible: new Set([...CLASSES, 'namespace_definition']),
  wrappers: words('template_declaration'),
  roles: rolesOf({
    here: 'declaration.declarator parameter_declaration.declarator optional_parameter_declaration.declarator variadic_parameter_declaration.declarator for_range_loop.declarator lambda_capture_initializer.left type_parameter_declaration.* optional_type_parameter_declaration.name variadic_type_parameter_declaration.* preproc_params.* condition_clause.*',
    outer:
      'function_definition.declarator type_definition.declarator alias_declaration.name class_specifier.name struct_specifier.name union_specifier.name enum_specifier.name enumerator.name namespace_definition.name preproc_def.name preproc_function_def.name concept_definition.name',
    member: '=field_identifier field_declaration.declarator qualified_identifier.name',
    label: '=statement_identifier',
    pass: 'init_declarator.declarator pointer_declarator.declarator reference_declarator.* array_declarator.declarator function_declarator.declarator parenthesized_declarator.* structured_binding_declarator.* variadic_declarator.* attributed_declarator.*',
  }),
  ordered: true,
  walls: NONE,
  walled: () => false,
  classesHide: false,
  shorthand: NONE,
  refine(tree, definer, _node, role) {
    // `struct Cart c` names a type that is declared elsewhere.
    if (role === 'outer' && /^(?:class|struct|union|enum)_specifier$/.test(kindOf(tree, definer))) {
      return childIn(tree, definer, 'body') === null ? 'use' : role
    }
    // A constructor within its class says the name of the class.
    if (/^(?:function_definition|declaration)$/.test(kindOf(tree, definer))) {
      return kindOf(tree, parentOf(tree, definer)) === 'field_declaration_list' ? 'use' : role
    }
    if (kindOf(tree, definer) === 'condition_clause') return 'use'
    return role
  },
  /** The parameters of a function that has a body are declared for that body. */
  opens(tree, node) {
    if (kindOf(tree, node) !== 'function_declarator') return true
    let around = parentOf(tree, node)
    while (kindOf(tree, around).endsWith('_declarator')) around = parentOf(tree, around)
    return kindOf(tree, around) !== 'function_definition'
  },
}
