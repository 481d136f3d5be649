import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const besselI1e = chloUnary({
  name: 'chlo.bessel_i1e',
  code: 'E2608',
  summary: 'The modified Bessel function of order 1 of each element, times exp(-|x|).',
  spec: 'chlo.md#chlobessel_i1e',
  elements: ['float', 'complex'],
  rules: { float: numerics.besselI1e },
});
