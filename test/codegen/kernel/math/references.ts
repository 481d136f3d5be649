// References in f64 for results in f32: the engine's own functions, whose error is about 1e-9 ULP of f32 and which are fast enough for
// billions of calls. Results in f64 are compared with ir/numerics.
import type { UnaryOp } from '../../../../codegen/kernel/scalar-ops.ts';
import * as numerics from '../../../../ir/numerics/index.ts';

export type UnaryFunction = (x: number) => number;

export const quickReferences: ReadonlyMap<UnaryOp, UnaryFunction> = new Map<UnaryOp, UnaryFunction>([
  ['exp', Math.exp],
  ['log', Math.log],
  ['tanh', Math.tanh],
  ['logistic', (x) => (x === -Infinity ? 0 : 1 / (1 + Math.exp(-x)))],
  ['rsqrt', (x) => 1 / Math.sqrt(x)],
  ['erf', quickErf],
  ['expm1', Math.expm1],
  ['log1p', Math.log1p],
  ['cbrt', Math.cbrt],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
]);

/** The exact one where it is not 1, and not x times its slope at 0. */
function quickErf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  return Math.abs(x) < 1e-6 ? x * 1.1283791670955126 : numerics.erf(x);
}

/** Those of the reference evaluator, for results in f64: within 0.51 ULP. */
export const exactReferences: ReadonlyMap<UnaryOp, UnaryFunction> = new Map<UnaryOp, UnaryFunction>([
  ['exp', numerics.exp],
  ['log', numerics.log],
  ['tanh', numerics.tanh],
  ['logistic', numerics.logistic],
  ['rsqrt', numerics.rsqrt],
  ['erf', numerics.erf],
  ['expm1', numerics.expm1],
  ['log1p', numerics.log1p],
  ['cbrt', numerics.cbrt],
  ['sin', numerics.sin],
  ['cos', numerics.cos],
  ['tan', numerics.tan],
]);

export function exactReference(op: UnaryOp): UnaryFunction {
  const reference = exactReferences.get(op);
  if (reference === undefined) throw new Error(`no reference for ${op}`);
  return reference;
}
