import * as numerics from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const rsqrt = unaryWithAccuracy({
  name: 'stablehlo.rsqrt',
  code: 'E2137',
  summary: 'The reciprocal of the square root of each element.',
  spec: 'spec.md#rsqrt',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.rsqrt,
    complex: numerics.complexRsqrt,
  },
});
