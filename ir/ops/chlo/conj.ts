import { chloUnary } from '../shared/chlo-elementwise.ts';

export const conj = chloUnary({
  name: 'chlo.conj',
  code: 'E2630',
  summary: 'The complex conjugate of each element.',
  spec: 'chlo.md#chloconj',
  elements: ['float', 'complex'],
  rules: { float: (x) => x, complex: ({ re, im }) => ({ re, im: -im }) },
});
