import * as numerics from '../../numerics/index.ts';
import { chloBinary } from '../shared/chlo-elementwise.ts';
import { requireIeee } from '../shared/scalar-formats.ts';

export const nextAfter = chloBinary({
  name: 'chlo.next_after',
  code: 'E2643',
  summary: 'The neighbour of x in its format, in the direction of y.',
  spec: 'chlo.md#chlonext_after',
  elements: ['float'],
  operandNames: ['x', 'y'],
  requires: requireIeee,
  rules: { float: numerics.nextAfter },
});
