import { chloPredicate } from '../shared/chlo-elementwise.ts';

export const isNegInf = chloPredicate({
  name: 'chlo.is_neg_inf',
  code: 'E2639',
  summary: 'Whether each element is negative infinity.',
  spec: 'chlo.md#chlois_neg_inf',
  predicate: (x) => x === -Infinity,
});
