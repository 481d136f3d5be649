import { complexExp, exp } from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const exponential = unaryWithAccuracy({
  name: 'stablehlo.exponential',
  code: 'E2116',
  summary: 'e to the power of each element.',
  spec: 'spec.md#exponential',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: exp,
    complex: complexExp,
  },
});
