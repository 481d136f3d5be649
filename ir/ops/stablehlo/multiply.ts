import { complexMultiply, intMultiply } from '../../numerics/index.ts';
import { binaryElementwise } from '../shared/elementwise.ts';

export const multiply = binaryElementwise({
  name: 'stablehlo.multiply',
  code: 'E2126',
  summary: 'The product of two elements; of booleans, their conjunction.',
  spec: 'spec.md#multiply',
  elements: ['boolean', 'integer', 'unsigned', 'float', 'complex', 'quantized'],
  isCommutative: true,
  rules: {
    boolean: (x, y) => x & y,
    integer: intMultiply,
    bigint: (x, y) => x * y,
    float: (x, y) => x * y,
    complex: complexMultiply,
  },
});
