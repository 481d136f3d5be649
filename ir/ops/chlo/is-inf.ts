import { chloPredicate } from '../shared/chlo-elementwise.ts';

export const isInf = chloPredicate({
  name: 'chlo.is_inf',
  code: 'E2638',
  summary: 'Whether each element is infinite.',
  spec: 'chlo.md#chlois_inf',
  predicate: (x) => x === Infinity || x === -Infinity,
});
