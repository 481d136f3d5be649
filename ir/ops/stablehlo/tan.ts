import * as numerics from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const tan = unaryWithAccuracy({
  name: 'stablehlo.tan',
  code: 'E2146',
  summary: 'The tangent of each element, in radians.',
  spec: 'spec.md#tan',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.tan,
    complex: numerics.complexTan,
  },
});
