import { binaryElementwise } from '../shared/elementwise.ts';

export const subtract = binaryElementwise({
  name: 'stablehlo.subtract',
  code: 'E2145',
  summary: 'The difference of two elements.',
  spec: 'spec.md#subtract',
  elements: ['integer', 'unsigned', 'float', 'complex', 'quantized'],
  rules: {
    integer: (x, y) => x - y,
    bigint: (x, y) => x - y,
    float: (x, y) => x - y,
    complex: (x, y) => ({ re: x.re - y.re, im: x.im - y.im }),
  },
});
