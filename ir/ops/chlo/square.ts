import { complexSquare } from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

export const square = chloUnary({
  name: 'chlo.square',
  code: 'E2648',
  summary: 'The square of each element.',
  spec: 'chlo.md#chlosquare',
  elements: ['float', 'complex'],
  rules: { float: (x) => x * x, complex: complexSquare },
});
