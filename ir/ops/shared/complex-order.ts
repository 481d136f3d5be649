/** The order of complex numbers that `compare`, `maximum`, `minimum` and `clamp` use: by real, then by imaginary part. */
import type { ComplexPair } from '../../numerics/index.ts';

export function isComplexLess(x: ComplexPair, y: ComplexPair): boolean {
  return x.re < y.re || (x.re === y.re && x.im < y.im);
}

export function isComplexEqual(x: ComplexPair, y: ComplexPair): boolean {
  return x.re === y.re && x.im === y.im;
}
