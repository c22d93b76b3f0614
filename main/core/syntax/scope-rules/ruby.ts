// How Ruby binds names.
import { kindOf } from '../tree.ts'
import { rolesOf, words, type ScopeRules, NONE } from './rules.ts'

const WALLS = words('program method singleton_method class module singleton_class')

export const RUBY: ScopeRules = {
  names: words('identifier constant instance_variable class_variable global_variable'),
  scopes: new Set([...WALLS, ...words('block do_block lambda')]),
  functions: WALLS,
  classes: words('class module singleton_class'),
  visible: words('class module singleton_class'),
  roles: rolesOf({
    here: 'method_parameters.* block_parameters.* lambda_parameters.* optional_parameter.name keyword_parameter.name splat_parameter.name hash_splat_parameter.name block_parameter.name destructured_parameter.* block_parameters.locals',
    assign: 'assignment.left operator_assignment.left exception_variable.* for.pattern',
    outer: 'class.name module.name',
    member:
      '=instance_variable =class_variable =global_variable method.name singleton_method.name call.method alias.name alias.alias setter.name scope_resolution.name',
    pass: 'left_assignment_list.* destructured_left_assignment.* rest_assignment.* setter.*',
  }),
  ordered: true,
  walls: WALLS,
  walled: (tree, name) => kindOf(tree, name) !== 'constant',
  classesHide: false,
  shorthand: NONE,
  // A bare name that no assignment made a variable is a call of a method.
  undeclaredMembers: words('identifier'),
  refine(tree, _definer, node, role) {
    return role === 'assign' && kindOf(tree, node) === 'constant' ? 'here' : role
  },
}
