import { complexSqrt } from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const sqrt = unaryWithAccuracy({
  name: 'stablehlo.sqrt',
  code: 'E2144',
  summary: 'The square root of each element.',
  spec: 'spec.md#sqrt',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: (x) => Math.sqrt(x),
    complex: complexSqrt,
  },
});
