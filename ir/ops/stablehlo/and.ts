import { binaryElementwise } from '../shared/elementwise.ts';

export const and = binaryElementwise({
  name: 'stablehlo.and',
  code: 'E2103',
  summary: 'The logical or bitwise conjunction of two elements.',
  spec: 'spec.md#and',
  elements: ['boolean', 'integer', 'unsigned'],
  isCommutative: true,
  rules: {
    boolean: (x, y) => x & y,
    integer: (x, y) => x & y,
    bigint: (x, y) => x & y,
  },
});
