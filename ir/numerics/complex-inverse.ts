/** Complex functions. */
import type { ComplexPair } from './complex-pair.ts';

export function complexAsin(z: ComplexPair): ComplexPair {
  throw new Error(`complexAsin(${z.re}) is not written yet`);
}
export function complexAcos(z: ComplexPair): ComplexPair {
  throw new Error(`complexAcos(${z.re}) is not written yet`);
}
export function complexAtan(z: ComplexPair): ComplexPair {
  throw new Error(`complexAtan(${z.re}) is not written yet`);
}
export function complexAsinh(z: ComplexPair): ComplexPair {
  throw new Error(`complexAsinh(${z.re}) is not written yet`);
}
export function complexAcosh(z: ComplexPair): ComplexPair {
  throw new Error(`complexAcosh(${z.re}) is not written yet`);
}
export function complexAtanh(z: ComplexPair): ComplexPair {
  throw new Error(`complexAtanh(${z.re}) is not written yet`);
}
export function complexAtan2(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  throw new Error(`complexAtan2(${lhs.re}, ${rhs.re}) is not written yet`);
}
