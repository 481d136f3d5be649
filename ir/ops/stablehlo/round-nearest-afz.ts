import { roundHalfAway } from '../../numerics/index.ts';
import { unaryElementwise } from '../shared/elementwise.ts';

export const roundNearestAfz = unaryElementwise({
  name: 'stablehlo.round_nearest_afz',
  code: 'E2135',
  summary: 'Each element rounded to the nearest integer, ties away from zero.',
  spec: 'spec.md#round_nearest_afz',
  elements: ['float', 'quantized'],
  rules: {
    float: roundHalfAway,
  },
});
