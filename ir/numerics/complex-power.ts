/** Complex functions. */
import type { ComplexPair } from './complex-pair.ts';

export function complexSqrt(z: ComplexPair): ComplexPair {
  throw new Error(`complexSqrt(${z.re}) is not written yet`);
}
export function complexRsqrt(z: ComplexPair): ComplexPair {
  throw new Error(`complexRsqrt(${z.re}) is not written yet`);
}
export function complexCbrt(z: ComplexPair): ComplexPair {
  throw new Error(`complexCbrt(${z.re}) is not written yet`);
}
export function complexPower(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  throw new Error(`complexPower(${lhs.re}, ${rhs.re}) is not written yet`);
}
