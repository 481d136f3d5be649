/**
 * exp and expm1: within 0.501 ULP, subnormal results included.
 * Computed in double-double (`dd-exp.ts`) and rounded once.
 */
import { ddExpm1, ddExpScaled } from './dd-exp.ts';
import { ddFrom, ddRoundScaled } from './double-double.ts';

/** Above, exp overflows. */
const OVERFLOW = 709.79;
/** Below, exp is less than half the least subnormal. */
const UNDERFLOW = -745.14;
const TINY = 5.551115123125783e-17;

/** `e^x`. exp(-inf) = 0, exp(+-0) = 1, exp(inf) = inf. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const { significand, exponent } = ddExpScaled(ddFrom(x));
  return ddRoundScaled(significand, exponent);
}

/** `e^x - 1`. expm1(-inf) = -1, expm1(+-0) = +-0, expm1(inf) = inf. */
export function expm1(x: number): number {
  if (Math.abs(x) < TINY || Number.isNaN(x)) return x;
  if (x > 60) return exp(x);
  if (x < -40) return -1;
  return ddExpm1(ddFrom(x)).hi;
}
