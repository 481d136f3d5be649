import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const atanh = chloUnary({
  name: 'chlo.atanh',
  code: 'E2607',
  summary: 'The inverse hyperbolic tangent of each element.',
  spec: 'chlo.md#chloatanh',
  elements: ['float', 'complex'],
  rules: { float: numerics.atanh, complex: numerics.complexAtanh },
});
