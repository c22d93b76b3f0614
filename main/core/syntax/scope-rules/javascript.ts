// How JavaScript and TypeScript bind names.
import { childIn, kindOf, parentOf, textOf } from '../tree.ts'
import { NONE, rolesOf, words, type ScopeRules } from './rules.ts'

const FUNCTIONS = words(
  'program function_declaration generator_function_declaration function_expression generator_function arrow_function method_definition internal_module module class_static_block',
)

/** JavaScript, TypeScript and TSX: the grammars share their words. A type and a value of one name are one binding. */
export const JAVASCRIPT: ScopeRules = {
  names: words(
    'identifier type_identifier property_identifier private_property_identifier shorthand_property_identifier shorthand_property_identifier_pattern statement_identifier',
  ),
  scopes: new Set([
    ...FUNCTIONS,
    ...words(
      'class_declaration abstract_class_declaration class statement_block for_statement for_in_statement catch_clause switch_body interface_declaration type_alias_declaration function_type constructor_type function_signature method_signature abstract_method_signature construct_signature call_signature index_signature conditional_type',
    ),
  ]),
  functions: FUNCTIONS,
  classes: NONE,
  visible: words('internal_module module'),
  roles: rolesOf({
    here: 'variable_declarator.name function_expression.name generator_function.name class.name required_parameter.pattern optional_parameter.pattern formal_parameters.* arrow_function.parameter catch_clause.parameter for_in_statement.left type_parameter.name mapped_type_clause.name infer_type.*',
    outer:
      'function_declaration.name generator_function_declaration.name function_signature.name class_declaration.name abstract_class_declaration.name interface_declaration.name type_alias_declaration.name enum_declaration.name internal_module.name module.name import_alias.name',
    import: 'import_clause.* namespace_import.* import_specifier.name import_specifier.alias import_require_clause.*',
    foreign: 'export_specifier.alias namespace_export.*',
    member: '=property_identifier =private_property_identifier nested_type_identifier.name nested_identifier.property',
    label: '=statement_identifier',
    pass: 'object_pattern.* array_pattern.* rest_pattern.* assignment_pattern.left object_assignment_pattern.left pair_pattern.value',
    use: 'formal_parameters.decorator',
  }),
  ordered: false,
  walls: NONE,
  walled: () => false,
  classesHide: false,
  shorthand: words('shorthand_property_identifier shorthand_property_identifier_pattern'),
  refine(tree, definer, node, role) {
    switch (kindOf(tree, definer)) {
      case 'variable_declarator':
        return role === 'here' && kindOf(tree, parentOf(tree, definer)) === 'variable_declaration' ? 'function' : role
      case 'for_in_statement': {
        const word = childIn(tree, definer, 'kind')
        if (role !== 'here' || word === null) return 'use'
        return textOf(tree, word) === 'var' ? 'function' : 'here'
      }
      case 'import_specifier':
        return role === 'import' && childIn(tree, definer, 'name') === node && childIn(tree, definer, 'alias') !== null
          ? 'foreign'
          : role
      case 'export_specifier': {
        const statement = parentOf(tree, parentOf(tree, definer))
        return childIn(tree, statement, 'source') === null ? role : 'foreign'
      }
      default:
        return role
    }
  },
}
