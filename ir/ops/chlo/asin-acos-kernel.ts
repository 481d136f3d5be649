import * as numerics from '../../numerics/index.ts';
import { chloUnary } from '../shared/chlo-elementwise.ts';

/** With a = (|z + 1| + |z - 1|) / 2, and x, y the magnitudes of the parts: (sqrt(a^2 - x^2), acosh(a)), cancellation avoided. */
function asinAcos({ re, im }: numerics.ComplexPair): numerics.ComplexPair {
  const x = Math.abs(re);
  const y = Math.abs(im);
  const far = numerics.hypot(x + 1, y);
  const near = numerics.hypot(x - 1, y);
  const a = (far + near) / 2;
  const beyond = (y * y) / (far + x + 1);
  const aMinusX =
    x <= 1 ? (beyond + near + (1 - x)) / 2 : (y === 0 ? 0 : y * y * (1 / (far + x + 1) + 1 / (near + x - 1))) / 2;
  const aMinusOne = x < 1 ? (y === 0 ? 0 : beyond + (y * y) / (near + 1 - x)) / 2 : (beyond + near + x - 1) / 2;
  return {
    re: Math.sqrt(aMinusX * (a + x)),
    im: numerics.log1p(aMinusOne + Math.sqrt(aMinusOne * (a + 1))),
  };
}

export const asinAcosKernel = chloUnary({
  name: 'chlo._asin_acos_kernel',
  code: 'E2601',
  summary:
    'What the complex arc sine and arc cosine have in common: asin z has the tangent |re z| / re and the magnitude im.',
  spec: 'chlo.md#chlo_asin_acos_kernel',
  elements: ['complex'],
  rules: { complex: asinAcos },
});
