import { binaryElementwise } from '../shared/elementwise.ts';
import { minimumRules } from '../shared/extremes.ts';

export const minimum = binaryElementwise({
  name: 'stablehlo.minimum',
  code: 'E2125',
  summary: 'The lesser of two elements; NaN if either is; complex numbers by real, then by imaginary part.',
  spec: 'spec.md#minimum',
  elements: ['boolean', 'integer', 'unsigned', 'float', 'complex', 'quantized'],
  isCommutative: true,
  rules: minimumRules,
});
