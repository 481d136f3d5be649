import { float, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorOf } from '../../type-constraints.ts';
import { expectTensors, operandsMatch } from '../shared/check-evaluation.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const expectAlmostEq = defineOp({
  name: 'check.expect_almost_eq',
  code: 'E2402',
  summary: 'Fails unless the operands differ by at most the tolerance, element by element.',
  spec: 'CheckOps.td#expect_almost_eq',
  operands: [
    { name: 'lhs', type: tensorOf(['float', 'complex']) },
    { name: 'rhs', type: tensorOf(['float', 'complex']) },
  ],
  results: [],
  attributes: { tolerance: withDefault(float('f64'), 1e-4) },
  effects: 'effect',
  constraints: { K1: 'type(lhs) = type(rhs)' },
  assembly: '$lhs `,` $rhs (`,` `tolerance` `=` $tolerance^)? attr-dict `:` type($lhs)',
  verify: operandsMatch,
  evaluate(site, inputs, context) {
    const { tolerance } = site.attrs;
    expectTensors(tensorInput(inputs, 0), tensorInput(inputs, 1), { kind: 'absolute', tolerance }, context);
    return [];
  },
});
