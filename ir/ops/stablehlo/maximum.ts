import { binaryElementwise } from '../shared/elementwise.ts';
import { maximumRules } from '../shared/extremes.ts';

export const maximum = binaryElementwise({
  name: 'stablehlo.maximum',
  code: 'E2124',
  summary: 'The greater of two elements; NaN if either is; complex numbers by real, then by imaginary part.',
  spec: 'spec.md#maximum',
  elements: ['boolean', 'integer', 'unsigned', 'float', 'complex', 'quantized'],
  isCommutative: true,
  rules: maximumRules,
});
