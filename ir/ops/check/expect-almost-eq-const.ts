import { elements, float, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorOf } from '../../type-constraints.ts';
import { constantExpectation, constantMatches, expectTensors } from '../shared/check-evaluation.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const expectAlmostEqConst = defineOp({
  name: 'check.expect_almost_eq_const',
  code: 'E2403',
  summary: 'Fails unless the operand differs from the constant by at most the tolerance, element by element.',
  spec: 'CheckOps.td#expect_almost_eq_const',
  operands: [{ name: 'lhs', type: tensorOf(['float', 'complex']) }],
  results: [],
  attributes: { value: elements(), tolerance: withDefault(float('f64'), 1e-4) },
  effects: 'effect',
  constraints: { K1: 'type(lhs) = type(value)' },
  assembly: '$lhs `,` custom<TypedValue>($value, type($lhs)) (`,` `tolerance` `=` $tolerance^)? attr-dict',
  verify: (site, check) => constantMatches(site, site.attrs.value, check),
  evaluate(site, inputs, context) {
    const { tolerance, value } = site.attrs;
    const expected = constantExpectation(value, context);
    expectTensors(tensorInput(inputs, 0), expected, { kind: 'absolute', tolerance }, context);
    return [];
  },
});
