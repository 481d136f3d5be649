import { defineOp } from '../../op-definition.ts';
import { anyValue } from '../../type-constraints.ts';

export const returnOp = defineOp({
  name: 'stablehlo.return',
  code: 'E2427',
  summary: 'Ends a region and gives its results.',
  spec: 'tessera',
  operands: [{ name: 'results', type: anyValue, arity: 'variadic' }],
  results: [],
  traits: ['terminator', 'storage-view'],
  effects: 'effect',
  constraints: { R1: 'the parent is not a function' },
  assembly: '$results attr-dict (`:` type($results)^)?',
  verify(site, check) {
    check.require(site.op?.parentOp?.name !== 'func.func', 'R1', () => 'a function ends in func.return');
  },
  evaluate: (_site, inputs) => inputs,
});
