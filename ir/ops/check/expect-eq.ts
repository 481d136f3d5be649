import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { expectTensors, operandsMatch } from '../shared/check-evaluation.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const expectEq = defineOp({
  name: 'check.expect_eq',
  code: 'E2405',
  summary: 'Fails unless the operands are equal.',
  spec: 'CheckOps.td#expect_eq',
  operands: [
    { name: 'lhs', type: anyTensor },
    { name: 'rhs', type: anyTensor },
  ],
  results: [],
  effects: 'effect',
  constraints: { K1: 'type(lhs) = type(rhs)' },
  assembly: '$lhs `,` $rhs attr-dict `:` type($lhs)',
  verify: operandsMatch,
  evaluate(_site, inputs, context) {
    expectTensors(tensorInput(inputs, 0), tensorInput(inputs, 1), { kind: 'equal' }, context);
    return [];
  },
});
