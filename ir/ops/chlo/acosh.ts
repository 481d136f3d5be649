import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const acosh = chloUnary({
  name: 'chlo.acosh',
  code: 'E2603',
  summary: 'The inverse hyperbolic cosine of each element.',
  spec: 'chlo.md#chloacosh',
  elements: ['float', 'complex'],
  rules: { float: numerics.acosh, complex: numerics.complexAcosh },
});
