import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token, tuple } from '../../type-constraints.ts';
import { tupleType } from '../../types.ts';

export const tupleOp = defineOp({
  name: 'stablehlo.tuple',
  code: 'E2429',
  summary: 'The values as one.',
  spec: 'spec.md#tuple',
  operands: [{ name: 'val', type: either(anyTensor, token, tuple), arity: 'variadic' }],
  results: [{ name: 'result', type: tuple }],
  traits: ['storage-view'],
  constraints: { C1: 'result has type tuple<E0, ..., EN-1>, where Ei = type(val[i])' },
  resultConstraint: 'C1',
  assembly: '$val attr-dict `:` custom<TupleOpType>(type($val), type($result))',
  inferTypes: (site) => [tupleType(site.operandTypes)],
  evaluate: (_site, inputs) => [{ kind: 'tuple', elements: inputs }],
});
