import { arrayOf, dictionary, optional, symbol, unit } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyValue } from '../../type-constraints.ts';
import { functionTypeOf, lookupCallee } from '../shared/callee.ts';
import { compatibleTypeLists, describeTypes } from '../shared/region-signature.ts';

export const call = defineOp({
  name: 'func.call',
  code: 'E2408',
  summary: 'The results of a function of the same module for these operands.',
  spec: 'tessera',
  operands: [{ name: 'operands', type: anyValue, arity: 'variadic' }],
  results: [{ name: 'results', type: anyValue, arity: 'variadic' }],
  traits: ['storage-view'],
  attributes: {
    callee: symbol(),
    arg_attrs: optional(arrayOf(dictionary())),
    res_attrs: optional(arrayOf(dictionary())),
    no_inline: unit(),
  },
  effects: 'effect',
  constraints: {
    F1: 'callee is a function of the module',
    F2: 'types(operands) = inputs(callee)',
    F3: 'types(results) = results(callee)',
  },
  assembly: '$callee `(` $operands `)` attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const { op } = site;
    if (op === undefined) return;
    const callee = lookupCallee(op, site.attrs.callee);
    const signature = callee === undefined ? undefined : functionTypeOf(callee);
    if (signature === undefined) {
      check.require(false, 'F1', () => `there is no function @${site.attrs.callee}`);
      return;
    }
    check.require(
      compatibleTypeLists(site.operandTypes, signature.inputs),
      'F2',
      () => `@${site.attrs.callee} takes ${describeTypes(signature.inputs)}, not ${describeTypes(site.operandTypes)}`,
    );
    check.require(
      compatibleTypeLists(site.resultTypes, signature.results),
      'F3',
      () => `@${site.attrs.callee} gives ${describeTypes(signature.results)}, not ${describeTypes(site.resultTypes)}`,
    );
  },
  evaluate: (site, inputs, context) => context.call(site.attrs.callee, inputs),
});
