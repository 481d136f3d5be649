/** Complex functions. */
import type { ComplexPair } from './complex-pair.ts';

export function complexExp(z: ComplexPair): ComplexPair {
  throw new Error(`complexExp(${z.re}) is not written yet`);
}
export function complexExpm1(z: ComplexPair): ComplexPair {
  throw new Error(`complexExpm1(${z.re}) is not written yet`);
}
export function complexLogistic(z: ComplexPair): ComplexPair {
  throw new Error(`complexLogistic(${z.re}) is not written yet`);
}
