import { binaryElementwise } from '../shared/elementwise.ts';

export const xor = binaryElementwise({
  name: 'stablehlo.xor',
  code: 'E2150',
  summary: 'The logical or bitwise exclusive disjunction of two elements.',
  spec: 'spec.md#xor',
  elements: ['boolean', 'integer', 'unsigned'],
  isCommutative: true,
  rules: {
    boolean: (x, y) => x ^ y,
    integer: (x, y) => x ^ y,
    bigint: (x, y) => x ^ y,
  },
});
