import { elements } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { constantExpectation, constantMatches, expectTensors } from '../shared/check-evaluation.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const expectEqConst = defineOp({
  name: 'check.expect_eq_const',
  code: 'E2406',
  summary: 'Fails unless the operand equals the constant.',
  spec: 'CheckOps.td#expect_eq_const',
  operands: [{ name: 'lhs', type: anyTensor }],
  results: [],
  attributes: { value: elements() },
  effects: 'effect',
  constraints: { K1: 'type(lhs) = type(value)' },
  assembly: '$lhs `,` custom<TypedValue>($value, type($lhs)) attr-dict',
  verify: (site, check) => constantMatches(site, site.attrs.value, check),
  evaluate(site, inputs, context) {
    const expected = constantExpectation(site.attrs.value, context);
    expectTensors(tensorInput(inputs, 0), expected, { kind: 'equal' }, context);
    return [];
  },
});
