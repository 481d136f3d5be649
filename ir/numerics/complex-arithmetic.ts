/** Complex functions. */
import type { ComplexPair } from './complex-pair.ts';

export function complexAbs(z: ComplexPair): number {
  throw new Error(`complexAbs(${z.re}) is not written yet`);
}
export function complexSquare(z: ComplexPair): ComplexPair {
  throw new Error(`complexSquare(${z.re}) is not written yet`);
}
export function complexSign(z: ComplexPair): ComplexPair {
  throw new Error(`complexSign(${z.re}) is not written yet`);
}
export function complexMultiply(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  throw new Error(`complexMultiply(${lhs.re}, ${rhs.re}) is not written yet`);
}
export function complexDivide(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  throw new Error(`complexDivide(${lhs.re}, ${rhs.re}) is not written yet`);
}
