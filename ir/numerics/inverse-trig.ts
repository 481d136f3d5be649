/**
 * asin, acos, atan and atan2: within 0.501 ULP.
 * Each is the angle of a point (`dd-atan.ts`), rounded once.
 */
import { copySign, exponentOf, isNegative } from './bits.ts';
import { ddAtan2 } from './dd-atan.ts';
import { DD_HALF_PI, DD_PI } from './dd-constants.ts';
import type { DoubleDouble } from './double-double.ts';
import { DD_ONE, ddFrom, ddMul, ddSqrt, twoSum } from './double-double.ts';

/** Below, asin x, atan x and x round to the same number. */
const TINY = 3.7e-9;
/** Beyond this ratio of exponents, the angle of a flat point is the quotient. */
const FLAT = 60;
const QUARTER_PI = 0.7853981633974483;
const THREE_QUARTERS_PI = 2.356194490192345;

/** asin(+-0) = +-0, asin(+-1) = +-pi/2, NaN beyond. */
export function asin(x: number): number {
  if (Math.abs(x) < TINY) return x;
  return Math.abs(x) <= 1 ? ddAtan2(ddFrom(x), cosineOfAsin(x)).hi : NaN;
}

/** acos(1) = +0, acos(-1) = pi, NaN beyond. */
export function acos(x: number): number {
  return Math.abs(x) <= 1 ? ddAtan2(cosineOfAsin(x), ddFrom(x)).hi : NaN;
}

/** atan(+-0) = +-0, atan(+-inf) = +-pi/2. */
export function atan(x: number): number {
  if (Math.abs(x) < TINY || Number.isNaN(x)) return x;
  return Number.isFinite(x) ? ddAtan2(ddFrom(x), DD_ONE).hi : copySign(DD_HALF_PI.hi, x);
}

/**
 * The angle of the point (x, y), from -pi to pi, with the sign of y. All the cases of IEEE 754-2019, 9.2.1:
 * a zero y gives +-0 or +-pi by the sign of x, even of a zero x; infinities give multiples of pi / 4.
 */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (y === 0) return isNegative(x) ? copySign(DD_PI.hi, y) : y;
  if (x === 0) return copySign(DD_HALF_PI.hi, y);
  if (!Number.isFinite(y) || !Number.isFinite(x)) return angleOfInfinity(y, x);
  if (x > 0 && exponentOf(y) - exponentOf(x) < -FLAT) return y / x;
  return ddAtan2(ddFrom(y), ddFrom(x)).hi;
}

function angleOfInfinity(y: number, x: number): number {
  if (Number.isFinite(x)) return copySign(DD_HALF_PI.hi, y);
  if (Number.isFinite(y)) return x > 0 ? copySign(0, y) : copySign(DD_PI.hi, y);
  return copySign(x > 0 ? QUARTER_PI : THREE_QUARTERS_PI, y);
}

/** `sqrt((1 - x) (1 + x))`, from exact factors. */
function cosineOfAsin(x: number): DoubleDouble {
  return ddSqrt(ddMul(twoSum(1, -x), twoSum(1, x)));
}
