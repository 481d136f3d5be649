import { binaryElementwise } from '../shared/elementwise.ts';
import * as shifts from '../shared/shifts.ts';

export const shiftRightLogical = binaryElementwise({
  name: 'stablehlo.shift_right_logical',
  code: 'E2141',
  summary: 'lhs shifted right by rhs bits, filled with zeros.',
  spec: 'spec.md#shift_right_logical',
  elements: ['integer', 'unsigned'],
  rules: {
    integer: shifts.shiftRightLogical,
    bigint: shifts.bigintShiftRightLogical,
  },
});
