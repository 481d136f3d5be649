/** Complex functions. */
import type { ComplexPair } from './complex-pair.ts';

export function complexSin(z: ComplexPair): ComplexPair {
  throw new Error(`complexSin(${z.re}) is not written yet`);
}
export function complexCos(z: ComplexPair): ComplexPair {
  throw new Error(`complexCos(${z.re}) is not written yet`);
}
export function complexTan(z: ComplexPair): ComplexPair {
  throw new Error(`complexTan(${z.re}) is not written yet`);
}
export function complexSinh(z: ComplexPair): ComplexPair {
  throw new Error(`complexSinh(${z.re}) is not written yet`);
}
export function complexCosh(z: ComplexPair): ComplexPair {
  throw new Error(`complexCosh(${z.re}) is not written yet`);
}
export function complexTanh(z: ComplexPair): ComplexPair {
  throw new Error(`complexTanh(${z.re}) is not written yet`);
}
