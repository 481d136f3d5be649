import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const cosh = chloUnary({
  name: 'chlo.cosh',
  code: 'E2633',
  summary: 'The hyperbolic cosine of each element.',
  spec: 'chlo.md#chlocosh',
  elements: ['float', 'complex'],
  rules: { float: numerics.cosh, complex: numerics.complexCosh },
});
