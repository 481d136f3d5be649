/**
 * sinh, cosh, tanh and the logistic function: within 0.501 ULP.
 * From exp and expm1 in double-double (`dd-exp.ts`), rounded once.
 */
import { copySign } from './bits.ts';
import { ddExp, ddExpm1, ddExpScaled } from './dd-exp.ts';
import { ddCosh, ddSinh } from './dd-hyperbolic.ts';
import { ddAdd, ddAddF64, ddDiv, DD_ONE, ddFrom, ddRoundScaled } from './double-double.ts';
import { exp } from './exp.ts';

/** Below, sinh x, tanh x and x round to the same number. */
const TINY = 3.7e-9;
/** Above, exp(-x) is below 2^-57 of exp(x), and of 1. */
const LARGE = 40;
const OVERFLOW = 710.48;

/** sinh(+-0) = +-0, sinh(+-inf) = +-inf. */
export function sinh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < TINY || Number.isNaN(x)) return x;
  return copySign(magnitude > LARGE ? halfExp(magnitude) : ddSinh(magnitude).hi, x);
}

/** cosh(+-0) = 1, cosh(+-inf) = inf. */
export function cosh(x: number): number {
  const magnitude = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  return magnitude > LARGE ? halfExp(magnitude) : ddCosh(magnitude).hi;
}

/** tanh(+-0) = +-0, tanh(+-inf) = +-1. */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < TINY || Number.isNaN(x)) return x;
  if (magnitude > LARGE) return copySign(1, x);
  const numerator = ddExpm1(ddFrom(2 * magnitude));
  return copySign(ddDiv(numerator, ddAddF64(numerator, 2)).hi, x);
}

/** `1 / (1 + exp(-x))`. logistic(-inf) = 0, logistic(inf) = 1. */
export function logistic(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > LARGE) return 1;
  if (x < -2 * LARGE) return exp(x);
  const power = ddExp(ddFrom(x));
  return ddDiv(power, ddAdd(DD_ONE, power)).hi;
}

function halfExp(x: number): number {
  if (x > OVERFLOW) return Infinity;
  const { significand, exponent } = ddExpScaled(ddFrom(x));
  return ddRoundScaled(significand, exponent - 1);
}
