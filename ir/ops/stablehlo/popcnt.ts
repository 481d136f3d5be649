import { bigintPopulationCount, populationCount } from '../../numerics/index.ts';
import { unaryElementwise } from '../shared/elementwise.ts';

export const popcnt = unaryElementwise({
  name: 'stablehlo.popcnt',
  code: 'E2130',
  summary: 'The number of bits set in each element.',
  spec: 'spec.md#popcnt',
  elements: ['integer', 'unsigned'],
  rules: {
    integer: populationCount,
    bigint: bigintPopulationCount,
  },
});
