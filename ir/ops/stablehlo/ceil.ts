import { unaryElementwise } from '../shared/elementwise.ts';

export const ceil = unaryElementwise({
  name: 'stablehlo.ceil',
  code: 'E2107',
  summary: 'Each element rounded up to an integer.',
  spec: 'spec.md#ceil',
  elements: ['float', 'quantized'],
  rules: {
    float: (x) => Math.ceil(x),
  },
});
