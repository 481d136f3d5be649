import { unaryElementwise } from '../shared/elementwise.ts';

export const negate = unaryElementwise({
  name: 'stablehlo.negate',
  code: 'E2127',
  summary: 'Minus each element; the least integer stays itself.',
  spec: 'spec.md#negate',
  elements: ['integer', 'unsigned', 'float', 'complex', 'quantized'],
  rules: {
    integer: (x) => -x,
    bigint: (x) => -x,
    float: (x) => -x,
    complex: ({ re, im }) => ({ re: -re, im: -im }),
  },
});
