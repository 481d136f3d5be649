import { bigintRemainder, intRemainder } from '../../numerics/index.ts';
import { binaryElementwise } from '../shared/elementwise.ts';

export const remainder = binaryElementwise({
  name: 'stablehlo.remainder',
  code: 'E2134',
  summary: 'The remainder of lhs divided by rhs, with the sign of lhs; lhs itself when an integer rhs is zero.',
  spec: 'spec.md#remainder',
  elements: ['integer', 'unsigned', 'float', 'complex', 'quantized'],
  // The remainder of complex numbers is accepted, but nowhere defined.
  rules: {
    integer: intRemainder,
    bigint: bigintRemainder,
    float: (x, y) => x % y,
  },
});
