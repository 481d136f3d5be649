import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const atan = chloUnary({
  name: 'chlo.atan',
  code: 'E2606',
  summary: 'The arc tangent of each element.',
  spec: 'chlo.md#chloatan',
  elements: ['float', 'complex'],
  rules: { float: numerics.atan, complex: numerics.complexAtan },
});
