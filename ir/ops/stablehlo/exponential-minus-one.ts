import { complexExpm1, expm1 } from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const exponentialMinusOne = unaryWithAccuracy({
  name: 'stablehlo.exponential_minus_one',
  code: 'E2117',
  summary: 'e to the power of each element, minus one, exact near zero.',
  spec: 'spec.md#exponential_minus_one',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: expm1,
    complex: complexExpm1,
  },
});
