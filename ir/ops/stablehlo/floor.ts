import { unaryElementwise } from '../shared/elementwise.ts';

export const floor = unaryElementwise({
  name: 'stablehlo.floor',
  code: 'E2118',
  summary: 'Each element rounded down to an integer.',
  spec: 'spec.md#floor',
  elements: ['float', 'quantized'],
  rules: {
    float: (x) => Math.floor(x),
  },
});
