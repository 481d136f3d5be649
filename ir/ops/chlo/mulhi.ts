import * as numerics from '../../numerics/index.ts';
import { chloBinary } from '../shared/chlo-elementwise.ts';

export const mulhi = chloBinary({
  name: 'chlo.mulhi',
  code: 'E2642',
  summary: 'The upper half of the bits of the product of two integers.',
  spec: 'chlo.md#chlomulhi',
  elements: ['integer', 'unsigned'],
  operandNames: ['lhs', 'rhs'],
  rules: { integer: numerics.intMulHigh, bigint: numerics.bigintMulHigh },
});
