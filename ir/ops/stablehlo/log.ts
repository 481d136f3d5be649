import * as numerics from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const log = unaryWithAccuracy({
  name: 'stablehlo.log',
  code: 'E2121',
  summary: 'The natural logarithm of each element.',
  spec: 'spec.md#log',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.log,
    complex: numerics.complexLog,
  },
});
