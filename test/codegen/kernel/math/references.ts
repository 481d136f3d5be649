// References in f64 for results in f32: the engine's own functions, whose error is about 1e-9 ULP of f32 and which are fast enough for
// billions of calls. Results in f64 are compared with ir/numerics.
import type { UnaryOp } from '../../../../codegen/kernel/scalar-ops.ts';
import { ddAtan2 } from '../../../../ir/numerics/dd-atan.ts';
import { ddErfNearZero, scaledErfc } from '../../../../ir/numerics/dd-erf.ts';
import { ddExp, ddExpm1 } from '../../../../ir/numerics/dd-exp.ts';
import { ddLog, ddLogOfF64 } from '../../../../ir/numerics/dd-log.ts';
import { ddCos, ddSin, ddSinCos } from '../../../../ir/numerics/dd-trig.ts';
import * as doubleDouble from '../../../../ir/numerics/double-double.ts';
import type { DoubleDouble } from '../../../../ir/numerics/double-double.ts';
import * as numerics from '../../../../ir/numerics/index.ts';
import { scaledToDd } from '../../../../ir/numerics/scaled-double-double.ts';

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

const { ddAdd, ddAddF64, ddDiv, ddFrom, ddMulF64, ddNeg, ddSqrt, ddSub, twoProduct, twoSum, DD_ONE } = doubleDouble;

function between(x: number, least: number, most: number): boolean {
  return Math.abs(x) > least && Math.abs(x) < most;
}

/** A value and its sign apart, for odd functions. */
function odd(x: number, ofMagnitude: (magnitude: number) => DoubleDouble): DoubleDouble {
  return x < 0 ? ddNeg(ofMagnitude(-x)) : ofMagnitude(x);
}

function tanhOf(magnitude: number): DoubleDouble {
  const numerator = ddExpm1(ddFrom(2 * magnitude));
  return ddDiv(numerator, ddAddF64(numerator, 2));
}

function logisticOf(x: number): DoubleDouble {
  const power = ddExp(ddFrom(x));
  return ddDiv(power, ddAdd(DD_ONE, power));
}

/** One step of Newton's from the rounded root gives all the digits that are missing. */
function cbrtOf(x: number): DoubleDouble {
  const root = numerics.cbrt(x);
  const rest = ddSub(ddFrom(x), ddMulF64(twoProduct(root, root), root));
  return twoSum(root, rest.hi / (3 * root * root));
}

function erfOf(magnitude: number): DoubleDouble {
  if (magnitude <= 1) return ddErfNearZero(magnitude);
  return ddAddF64(ddNeg(scaledToDd(scaledErfc(magnitude))), 1);
}

/**
 * Results before they are rounded, good to at least 2^-85 of their size: double-double arithmetic of ir/numerics, itself tested against
 * values of 66 bits. Undefined where the rounded result is all there is to know: zeros, infinities, NaN, what underflows or saturates.
 */
export const preciseReferences: ReadonlyMap<UnaryOp, (x: number) => DoubleDouble | undefined> = new Map<
  UnaryOp,
  (x: number) => DoubleDouble | undefined
>([
  ['exp', (x) => (between(x, 0, 700) ? ddExp(ddFrom(x)) : undefined)],
  ['log', (x) => (x > 0 && x < Infinity && x !== 1 ? ddLogOfF64(x) : undefined)],
  ['tanh', (x) => (between(x, 1e-15, 20) ? odd(x, tanhOf) : undefined)],
  ['logistic', (x) => (between(x, 0, 36) ? logisticOf(x) : undefined)],
  ['rsqrt', (x) => (x > 1e-290 && x < 1e290 ? ddDiv(DD_ONE, ddSqrt(ddFrom(x))) : undefined)],
  ['erf', (x) => (between(x, 1e-270, 6) ? odd(x, erfOf) : undefined)],
  ['expm1', (x) => (between(x, 1e-15, 39) ? ddExpm1(ddFrom(x)) : undefined)],
  ['log1p', (x) => (x > -1 && between(x, 1e-15, Infinity) ? ddLog(twoSum(1, x)) : undefined)],
  ['cbrt', (x) => (between(x, 1e-90, 1e90) ? cbrtOf(x) : undefined)],
  ['sin', (x) => (between(x, 1e-290, Infinity) ? ddSin(x) : undefined)],
  ['cos', (x) => (between(x, 0, Infinity) ? ddCos(x) : undefined)],
  ['tan', (x) => (between(x, 1e-290, Infinity) ? ddDiv(ddSinCos(x).sin, ddSinCos(x).cos) : undefined)],
]);

/** Of `x^y` for positive x. */
export function precisePower(x: number, y: number): DoubleDouble | undefined {
  if (!(x > 0) || x === Infinity || !Number.isFinite(y)) return undefined;
  const logarithm = ddLogOfF64(x);
  return between(logarithm.hi * y, 0, 700) ? ddExp(ddMulF64(logarithm, y)) : undefined;
}

export function preciseAtan2(y: number, x: number): DoubleDouble | undefined {
  return between(y, 1e-100, 1e100) && between(x, 1e-100, 1e100) ? ddAtan2(ddFrom(y), ddFrom(x)) : undefined;
}
