import * as numerics from '../../numerics/index.ts';
import { chloBinary } from '../shared/chlo-elementwise.ts';

export const zeta = chloBinary({
  name: 'chlo.zeta',
  code: 'E2651',
  summary: 'The Hurwitz zeta function: the sum of (q + k)^-x over all k >= 0.',
  spec: 'chlo.md#chlozeta',
  elements: ['float'],
  operandNames: ['x', 'q'],
  rules: { float: numerics.zeta },
});
