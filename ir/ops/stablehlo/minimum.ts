import { binaryElementwise } from '../shared/elementwise.ts';
import { isComplexLess } from '../shared/complex-order.ts';

export const minimum = binaryElementwise({
  name: 'stablehlo.minimum',
  code: 'E2125',
  summary: 'The lesser of two elements; NaN if either is; complex numbers by real, then by imaginary part.',
  spec: 'spec.md#minimum',
  elements: ['boolean', 'integer', 'unsigned', 'float', 'complex', 'quantized'],
  isCommutative: true,
  rules: {
    boolean: (x, y) => x & y,
    integer: (x, y) => Math.min(x, y),
    bigint: (x, y) => (x < y ? x : y),
    float: (x, y) => Math.min(x, y),
    complex: (x, y) => (isComplexLess(x, y) ? x : y),
  },
});
