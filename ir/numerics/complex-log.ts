/** Complex functions. */
import type { ComplexPair } from './complex-pair.ts';

export function complexLog(z: ComplexPair): ComplexPair {
  throw new Error(`complexLog(${z.re}) is not written yet`);
}
export function complexLog1p(z: ComplexPair): ComplexPair {
  throw new Error(`complexLog1p(${z.re}) is not written yet`);
}
