import * as numerics from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const tanh = unaryWithAccuracy({
  name: 'stablehlo.tanh',
  code: 'E2147',
  summary: 'The hyperbolic tangent of each element.',
  spec: 'spec.md#tanh',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.tanh,
    complex: numerics.complexTanh,
  },
});
