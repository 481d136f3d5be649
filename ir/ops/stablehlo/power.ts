import { bigintPower, complexPower, intPower, pow } from '../../numerics/index.ts';
import { binaryElementwise } from '../shared/elementwise.ts';

export const power = binaryElementwise({
  name: 'stablehlo.power',
  code: 'E2131',
  summary:
    'lhs to the power of rhs of two elements; integers wrap, and a negative exponent gives 0 but for the bases 1 and -1.',
  spec: 'spec.md#power',
  elements: ['integer', 'unsigned', 'float', 'complex', 'quantized'],
  rules: {
    integer: intPower,
    bigint: bigintPower,
    float: pow,
    complex: complexPower,
  },
});
