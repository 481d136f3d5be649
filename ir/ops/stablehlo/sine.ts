import { complexSin, sin } from '../../numerics/index.ts';
import { unaryWithAccuracy } from '../shared/elementwise.ts';

export const sine = unaryWithAccuracy({
  name: 'stablehlo.sine',
  code: 'E2143',
  summary: 'The sine of each element, in radians.',
  spec: 'spec.md#sine',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: sin,
    complex: complexSin,
  },
});
