import { chloPredicate } from '../shared/chlo-elementwise.ts';

export const isPosInf = chloPredicate({
  name: 'chlo.is_pos_inf',
  code: 'E2640',
  summary: 'Whether each element is positive infinity.',
  spec: 'chlo.md#chlois_pos_inf',
  predicate: (x) => x === Infinity,
});
