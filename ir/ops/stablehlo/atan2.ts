import * as numerics from '../../numerics/index.ts';
import { binaryElementwise } from '../shared/elementwise.ts';

export const atan2 = binaryElementwise({
  name: 'stablehlo.atan2',
  code: 'E2104',
  summary: 'The angle of the point (rhs, lhs) of each pair of elements.',
  spec: 'spec.md#atan2',
  elements: ['float', 'complex', 'quantized'],
  rules: {
    float: numerics.atan2,
    complex: numerics.complexAtan2,
  },
});
