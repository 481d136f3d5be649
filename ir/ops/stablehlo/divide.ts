import { bigintDivide, complexDivide, intDivide } from '../../numerics/index.ts';
import { binaryElementwise } from '../shared/elementwise.ts';

export const divide = binaryElementwise({
  name: 'stablehlo.divide',
  code: 'E2115',
  summary:
    'lhs over rhs of two elements; integers are rounded towards zero, and a zero divisor gives -1 (all bits set).',
  spec: 'spec.md#divide',
  elements: ['integer', 'unsigned', 'float', 'complex', 'quantized'],
  rules: {
    integer: intDivide,
    bigint: bigintDivide,
    float: (x, y) => x / y,
    complex: complexDivide,
  },
});
