import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const sinh = chloUnary({
  name: 'chlo.sinh',
  code: 'E2647',
  summary: 'The hyperbolic sine of each element.',
  spec: 'chlo.md#chlosinh',
  elements: ['float', 'complex'],
  rules: { float: numerics.sinh, complex: numerics.complexSinh },
});
