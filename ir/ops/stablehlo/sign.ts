import { complexSign } from '../../numerics/index.ts';
import { unaryElementwise } from '../shared/elementwise.ts';

export const sign = unaryElementwise({
  name: 'stablehlo.sign',
  code: 'E2142',
  summary: '-1, 0 or 1 by the sign of each element; zeros and NaN stay; a complex number over its modulus.',
  spec: 'spec.md#sign',
  elements: ['integer', 'float', 'complex', 'quantized'],
  rules: {
    integer: (x) => Math.sign(x),
    bigint: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
    float: (x) => Math.sign(x),
    complex: complexSign,
  },
});
