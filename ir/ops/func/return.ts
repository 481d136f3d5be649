import { defineOp } from '../../op-definition.ts';
import { anyValue } from '../../type-constraints.ts';
import { functionTypeOf } from '../shared/callee.ts';
import { compatibleTypeLists, describeTypes } from '../shared/region-signature.ts';

export const funcReturn = defineOp({
  name: 'func.return',
  code: 'E2410',
  summary: 'Ends a function and gives its results.',
  spec: 'tessera',
  operands: [{ name: 'operands', type: anyValue, arity: 'variadic' }],
  results: [],
  traits: ['terminator', 'storage-view'],
  effects: 'effect',
  constraints: {
    F1: 'the parent is a func.func',
    F2: 'types(operands) = results(function_type)',
  },
  assembly: 'attr-dict ($operands^ `:` type($operands))?',
  verify(site, check) {
    const parent = site.op?.parentOp;
    if (parent === undefined) return;
    if (!check.require(parent.name === 'func.func', 'F1', () => `it is a ${parent.name}`)) return;
    const results = functionTypeOf(parent)?.results;
    if (results === undefined) return;
    check.require(
      compatibleTypeLists(site.operandTypes, results),
      'F2',
      () => `it returns ${describeTypes(site.operandTypes)}, the function gives ${describeTypes(results)}`,
    );
  },
  evaluate: (_site, inputs) => inputs,
});
