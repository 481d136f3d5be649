import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const erfc = chloUnary({
  name: 'chlo.erfc',
  code: 'E2637',
  summary: 'One minus the error function of each element.',
  spec: 'chlo.md#chloerfc',
  elements: ['float'],
  rules: { float: numerics.erfc },
});
