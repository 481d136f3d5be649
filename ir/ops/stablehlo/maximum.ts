import { binaryElementwise } from '../shared/elementwise.ts';
import { isComplexLess } from '../shared/complex-order.ts';

export const maximum = binaryElementwise({
  name: 'stablehlo.maximum',
  code: 'E2124',
  summary: 'The greater of two elements; NaN if either is; complex numbers by real, then by imaginary part.',
  spec: 'spec.md#maximum',
  elements: ['boolean', 'integer', 'unsigned', 'float', 'complex', 'quantized'],
  isCommutative: true,
  rules: {
    boolean: (x, y) => x | y,
    integer: (x, y) => Math.max(x, y),
    bigint: (x, y) => (x > y ? x : y),
    float: (x, y) => Math.max(x, y),
    complex: (x, y) => (isComplexLess(y, x) ? x : y),
  },
});
