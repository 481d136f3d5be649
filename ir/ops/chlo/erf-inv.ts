import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const erfInv = chloUnary({
  name: 'chlo.erf_inv',
  code: 'E2636',
  summary: 'The inverse error function of each element.',
  spec: 'chlo.md#chloerf_inv',
  elements: ['float'],
  rules: { float: numerics.erfInv },
});
