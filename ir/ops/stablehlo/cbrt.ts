import * as numerics from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const cbrt = unaryWithAccuracy({
  name: 'stablehlo.cbrt',
  code: 'E2106',
  summary: 'The cube root of each element.',
  spec: 'spec.md#cbrt',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.cbrt,
    complex: numerics.complexCbrt,
  },
});
