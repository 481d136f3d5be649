import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const acos = chloUnary({
  name: 'chlo.acos',
  code: 'E2602',
  summary: 'The arc cosine of each element.',
  spec: 'chlo.md#chloacos',
  elements: ['float', 'complex'],
  rules: { float: numerics.acos, complex: numerics.complexAcos },
});
