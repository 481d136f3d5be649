import { binaryElementwise } from '../shared/elementwise.ts';

export const or = binaryElementwise({
  name: 'stablehlo.or',
  code: 'E2129',
  summary: 'The logical or bitwise disjunction of two elements.',
  spec: 'spec.md#or',
  elements: ['boolean', 'integer', 'unsigned'],
  isCommutative: true,
  rules: {
    boolean: (x, y) => x | y,
    integer: (x, y) => x | y,
    bigint: (x, y) => x | y,
  },
});
