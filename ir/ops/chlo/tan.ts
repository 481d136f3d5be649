import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const chloTan = chloUnary({
  name: 'chlo.tan',
  code: 'E2649',
  summary: 'The tangent of each element, in radians.',
  spec: 'chlo.md#chlotan',
  elements: ['float', 'complex'],
  rules: { float: numerics.tan, complex: numerics.complexTan },
});
