import { ui64, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorOf } from '../../type-constraints.ts';
import { expectTensors, operandsMatch } from '../shared/check-evaluation.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const expectClose = defineOp({
  name: 'check.expect_close',
  code: 'E2404',
  summary: 'Fails unless the number of floats between the operands is within the limits, element by element.',
  spec: 'CheckOps.td#expect_close',
  operands: [
    { name: 'actual', type: tensorOf(['float', 'complex']) },
    { name: 'expected', type: tensorOf(['float', 'complex']) },
  ],
  results: [],
  attributes: { max_ulp_difference: withDefault(ui64(), 1n), min_ulp_difference: withDefault(ui64(), 0n) },
  effects: 'effect',
  constraints: { K1: 'type(actual) = type(expected)' },
  assembly:
    '$actual `,` $expected `,` `max_ulp_difference` `=` $max_ulp_difference (`,` `min_ulp_difference` `=` $min_ulp_difference^)? `:` attr-dict type($actual) `,` type($expected)',
  verify: operandsMatch,
  evaluate(site, inputs, context) {
    const { max_ulp_difference: max, min_ulp_difference: min } = site.attrs;
    expectTensors(tensorInput(inputs, 0), tensorInput(inputs, 1), { kind: 'ulp', min, max }, context);
    return [];
  },
});
