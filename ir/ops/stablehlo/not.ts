import { unaryElementwise } from '../shared/elementwise.ts';

export const not = unaryElementwise({
  name: 'stablehlo.not',
  code: 'E2128',
  summary: 'The logical or bitwise complement of each element.',
  spec: 'spec.md#not',
  elements: ['boolean', 'integer', 'unsigned'],
  rules: {
    boolean: (x) => 1 - x,
    integer: (x) => ~x,
    bigint: (x) => ~x,
  },
});
