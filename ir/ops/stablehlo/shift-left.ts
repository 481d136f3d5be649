import { binaryElementwise } from '../shared/elementwise.ts';
import * as shifts from '../shared/shifts.ts';

export const shiftLeft = binaryElementwise({
  name: 'stablehlo.shift_left',
  code: 'E2139',
  summary: 'lhs shifted left by rhs bits; 0 when that is the width or more.',
  spec: 'spec.md#shift_left',
  elements: ['integer', 'unsigned'],
  rules: {
    integer: shifts.shiftLeft,
    bigint: shifts.bigintShiftLeft,
  },
});
