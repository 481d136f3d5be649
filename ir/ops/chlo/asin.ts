import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const asin = chloUnary({
  name: 'chlo.asin',
  code: 'E2604',
  summary: 'The arc sine of each element.',
  spec: 'chlo.md#chloasin',
  elements: ['float', 'complex'],
  rules: { float: numerics.asin, complex: numerics.complexAsin },
});
