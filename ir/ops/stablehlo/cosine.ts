import { complexCos, cos } from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const cosine = unaryWithAccuracy({
  name: 'stablehlo.cosine',
  code: 'E2113',
  summary: 'The cosine of each element, in radians.',
  spec: 'spec.md#cosine',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: cos,
    complex: complexCos,
  },
});
