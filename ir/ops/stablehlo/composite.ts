import { dictionary, i32, optional, symbol, text, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyValue } from '../../type-constraints.ts';
import { functionTypeOf, lookupCallee } from '../shared/callee.ts';
import { compatibleTypeLists, describeTypes } from '../shared/region-signature.ts';

export const composite = defineOp({
  name: 'stablehlo.composite',
  code: 'E2418',
  summary: 'An operation made of others: the results of the function `decomposition`.',
  spec: 'spec.md#composite',
  operands: [{ name: 'inputs', type: anyValue, arity: 'variadic' }],
  results: [{ name: 'results', type: anyValue, arity: 'variadic' }],
  traits: ['storage-view'],
  attributes: {
    name: text(),
    composite_attributes: optional(dictionary()),
    decomposition: symbol(),
    version: withDefault(i32(), 0),
  },
  regions: [{ name: 'composite_regions', arity: 'variadic' }],
  effects: 'effect',
  constraints: {
    C1: 'is_namespaced_op_name(name)',
    C2: 'is_defined_in_parent_scope(decomposition)',
    C3: 'types(inputs...) = input_types(decomposition)',
    C4: 'types(results...) = output_types(decomposition)',
    V1: '0 <= version',
  },
  assembly: '$name $inputs (`(` $composite_regions^ `)`)? attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const { name, decomposition, version } = site.attrs;
    check.require(/^[a-zA-Z][\w.-]*\.[\w.$-]+$/.test(name), 'C1', () => `name is "${name}"`);
    check.require(version >= 0, 'V1', () => `version is ${version}`);
    if (site.op === undefined) return;
    const callee = lookupCallee(site.op, decomposition);
    const signature = callee === undefined ? undefined : functionTypeOf(callee);
    if (signature === undefined) {
      check.require(false, 'C2', () => `there is no function @${decomposition}`);
      return;
    }
    check.require(
      compatibleTypeLists(site.operandTypes, signature.inputs),
      'C3',
      () => `@${decomposition} takes ${describeTypes(signature.inputs)}, not ${describeTypes(site.operandTypes)}`,
    );
    check.require(
      compatibleTypeLists(site.resultTypes, signature.results),
      'C4',
      () => `@${decomposition} gives ${describeTypes(signature.results)}, not ${describeTypes(site.resultTypes)}`,
    );
  },
  evaluate: (site, inputs, context) => context.call(site.attrs.decomposition, inputs),
});
