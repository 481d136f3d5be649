import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const asinh = chloUnary({
  name: 'chlo.asinh',
  code: 'E2605',
  summary: 'The inverse hyperbolic sine of each element.',
  spec: 'chlo.md#chloasinh',
  elements: ['float', 'complex'],
  rules: { float: numerics.asinh, complex: numerics.complexAsinh },
});
