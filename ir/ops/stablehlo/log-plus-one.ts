import { complexLog1p, log1p } from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const logPlusOne = unaryWithAccuracy({
  name: 'stablehlo.log_plus_one',
  code: 'E2122',
  summary: 'The natural logarithm of one plus each element, exact near zero.',
  spec: 'spec.md#log_plus_one',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: log1p,
    complex: complexLog1p,
  },
});
