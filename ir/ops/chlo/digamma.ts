import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const digamma = chloUnary({
  name: 'chlo.digamma',
  code: 'E2634',
  summary: 'The logarithmic derivative of the gamma function of each element.',
  spec: 'chlo.md#chlodigamma',
  elements: ['float'],
  rules: { float: numerics.digamma },
});
