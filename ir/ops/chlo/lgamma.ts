import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const lgamma = chloUnary({
  name: 'chlo.lgamma',
  code: 'E2641',
  summary: 'The logarithm of the magnitude of the gamma function of each element.',
  spec: 'chlo.md#chlolgamma',
  elements: ['float'],
  rules: { float: numerics.lgamma },
});
