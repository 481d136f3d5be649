import * as numerics from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const logistic = unaryWithAccuracy({
  name: 'stablehlo.logistic',
  code: 'E2123',
  summary: '1 / (1 + exp(-x)) of each element.',
  spec: 'spec.md#logistic',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.logistic,
    complex: numerics.complexLogistic,
  },
});
