import { roundHalfEven } from '../../numerics/index.ts';
import { unaryElementwise } from '../shared/elementwise.ts';

export const roundNearestEven = unaryElementwise({
  name: 'stablehlo.round_nearest_even',
  code: 'E2136',
  summary: 'Each element rounded to the nearest integer, ties to the even one.',
  spec: 'spec.md#round_nearest_even',
  elements: ['float', 'quantized'],
  rules: {
    float: roundHalfEven,
  },
});
