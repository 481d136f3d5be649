import * as numerics from '../../numerics/index.ts';
import { unaryElementwise } from '../shared/elementwise.ts';

export const countLeadingZeros = unaryElementwise({
  name: 'stablehlo.count_leading_zeros',
  code: 'E2114',
  summary: 'The number of zero bits above the highest bit set in each element.',
  spec: 'spec.md#count_leading_zeros',
  elements: ['integer', 'unsigned'],
  rules: {
    integer: numerics.countLeadingZeros,
    bigint: numerics.bigintCountLeadingZeros,
  },
});
