import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const erf = chloUnary({
  name: 'chlo.erf',
  code: 'E2635',
  summary: 'The error function of each element.',
  spec: 'chlo.md#chloerf',
  elements: ['float'],
  rules: { float: numerics.erf },
});
