/**
 * Complex atan, atanh and atan2: the first two within 0.501 ULP in each part (1.5 where subnormal).
 *
 * `Re atanh z = log1p(4x / ((1 - x)^2 + y^2)) / 4`, `Im atanh z = angle(1 - x^2 - y^2, 2y) / 2` (Kahan 1987, "Branch cuts
 * for complex elementary functions", CATANH), in the first quadrant; the others follow by symmetry.
 * Infinities and NaN: C23 G.6.2.3.
 */
import { copySign } from './bits.ts';
import { complexDivide, complexMultiply } from './complex-arithmetic.ts';
import { FAINT, quotientOfFaint } from './complex-dd.ts';
import { complexLog } from './complex-log.ts';
import type { ComplexPair } from './complex-pair.ts';
import { complexOf, firstQuadrant, isFiniteComplex, isInfinite, overI, withSigns } from './complex-pair.ts';
import { complexSqrt } from './complex-power.ts';
import { ddAtan2 } from './dd-atan.ts';
import { DD_HALF_PI, DD_LN2 } from './dd-constants.ts';
import { ddLog1p, ddLogOfF64 } from './dd-log.ts';
import {
  ddAdd,
  ddAddF64,
  ddDiv,
  ddFrom,
  ddScale,
  ddSquare,
  ddSub,
  ddSumExactly,
  twoProduct,
  twoSum,
} from './double-double.ts';

/** Beyond, atanh z and `1 / z +- i pi / 2` agree. */
const HUGE = 1e30;
/** Below, atanh z has the parts of z. */
const TINY = 3.7e-9;
/** Below, squares are beyond double-double beside 1, and may underflow. */
const SMALL = 1e-150;

/** atanh is odd, and `atanh(conj z) = conj(atanh z)`; atanh(+-1) = +-inf. */
export function complexAtanh(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z)) return atanhSpecially(z);
  const { re, im } = firstQuadrant(z);
  const size = Math.max(re, im);
  if (size < TINY) return z;
  if (size > HUGE) return withSigns(complexOf(complexDivide(complexOf(1, 0), complexOf(re, im)).re, DD_HALF_PI.hi), z);
  return withSigns(complexOf(realOfAtanh(re, im), imaginaryOfAtanh(re, im)), z);
}

/** `atan z = -i atanh(i z)` */
export function complexAtan(z: ComplexPair): ComplexPair {
  const { re, im } = complexAtanh(complexOf(z.im, z.re));
  return complexOf(im, re);
}

/** `-i log((x + i y) / sqrt(x^2 + y^2))`, StableHLO's `atan2` of complex numbers, step by step. */
export function complexAtan2(y: ComplexPair, x: ComplexPair): ComplexPair {
  const ySquare = complexMultiply(y, y);
  const xSquare = complexMultiply(x, x);
  const modulus = complexSqrt(complexOf(xSquare.re + ySquare.re, xSquare.im + ySquare.im));
  const direction = complexDivide(complexOf(x.re - y.im, x.im + y.re), modulus);
  return overI(complexLog(direction));
}

function realOfAtanh(x: number, y: number): number {
  if (x === 1 && y < SMALL) return y === 0 ? Infinity : ddScale(ddSub(DD_LN2, ddLogOfF64(y)), 0.5).hi;
  const square = twoProduct(y, y);
  if (x < FAINT) return quotientOfFaint(x, ddAddF64(square, 1));
  const distance = ddAdd(ddSquare(twoSum(1, -x)), square);
  return ddScale(ddLog1p(ddDiv(ddFrom(4 * x), distance)), 0.25).hi;
}

function imaginaryOfAtanh(x: number, y: number): number {
  if (y === 0) return x > 1 ? DD_HALF_PI.hi : 0;
  const xSquare = twoProduct(x, x);
  const ySquare = twoProduct(y, y);
  const inside = ddSumExactly([1, -xSquare.hi, -ySquare.hi, -xSquare.lo, -ySquare.lo]);
  if (y < FAINT && x < 1) return quotientOfFaint(y, inside);
  return ddScale(ddAtan2(ddFrom(2 * y), inside), 0.5).hi;
}

function atanhSpecially({ re, im }: ComplexPair): ComplexPair {
  const zero = copySign(0, re);
  if (isInfinite(im)) return complexOf(zero, copySign(DD_HALF_PI.hi, im));
  if (isInfinite(re)) return complexOf(zero, Number.isNaN(im) ? NaN : copySign(DD_HALF_PI.hi, im));
  return complexOf(re === 0 ? re : NaN, NaN);
}
