import { binaryElementwise } from '../shared/elementwise.ts';
import * as shifts from '../shared/shifts.ts';

export const shiftRightArithmetic = binaryElementwise({
  name: 'stablehlo.shift_right_arithmetic',
  code: 'E2140',
  summary: 'lhs shifted right by rhs bits, filled with its sign.',
  spec: 'spec.md#shift_right_arithmetic',
  elements: ['integer', 'unsigned'],
  rules: {
    integer: shifts.shiftRightArithmetic,
    bigint: shifts.bigintShiftRightArithmetic,
  },
});
