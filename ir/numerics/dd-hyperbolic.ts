/** sinh, cosh and asinh in double-double, and the first two with an exponent of their own for large arguments. */
import { DD_LN2 } from './dd-constants.ts';
import { ddExp, ddExpm1, ddExpScaled } from './dd-exp.ts';
import { ddLog, ddLog1p } from './dd-log.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddAddF64, ddDiv, DD_ONE, ddFrom, ddNeg, ddScale, ddSqrt, ddSquare } from './double-double.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import { scaledFrom } from './scaled-double-double.ts';

/** Below, the cubic terms are beyond double-double. */
const TINY = 1e-150;
/** Above, exp(-x) is beyond double-double beside exp(x). */
const LARGE = 40;
/** Above, sqrt(x^2 + 1) and x agree to double-double. */
const HUGE = 1e17;
/** Beyond, everything here overflows, whatever it is multiplied with. */
const CAP = 4000;

/** `sinh x` for `|x| <= 350`, with a small relative error near 0 too: `(t + t / (1 + t)) / 2` with t = expm1 x. */
export function ddSinh(x: number): DoubleDouble {
  if (Math.abs(x) < TINY) return ddFrom(x);
  if (x < 0) return ddNeg(ddSinh(-x));
  const power = ddExpm1(ddFrom(x));
  return ddScale(ddAdd(power, ddDiv(power, ddAddF64(power, 1))), 0.5);
}

/** `cosh x` for `|x| <= 350`. */
export function ddCosh(x: number): DoubleDouble {
  const power = ddExp(ddFrom(x));
  return ddScale(ddAdd(power, ddDiv(DD_ONE, power)), 0.5);
}

/** `sinh x` for every finite x. */
export function scaledSinh(x: number): ScaledDoubleDouble {
  if (Math.abs(x) < LARGE) return scaledFrom(ddSinh(x));
  const half = halfExp(Math.abs(x));
  return x < 0 ? { significand: ddNeg(half.significand), exponent: half.exponent } : half;
}

/** `cosh x` for every finite x. */
export function scaledCosh(x: number): ScaledDoubleDouble {
  return Math.abs(x) < LARGE ? scaledFrom(ddCosh(x)) : halfExp(Math.abs(x));
}

/** `asinh x` for `x >= 0`, with a small relative error near 0 too: `log1p(x + x^2 / (1 + sqrt(1 + x^2)))`. */
export function ddAsinh(x: DoubleDouble): DoubleDouble {
  if (x.hi < TINY) return x;
  if (x.hi > HUGE) return ddAdd(ddLog(x), DD_LN2);
  const square = ddSquare(x);
  const root = ddSqrt(ddAddF64(square, 1));
  return ddLog1p(ddAdd(x, ddDiv(square, ddAddF64(root, 1))));
}

function halfExp(x: number): ScaledDoubleDouble {
  const { significand, exponent } = ddExpScaled(ddFrom(Math.min(x, CAP)));
  return { significand, exponent: exponent - 1 };
}
