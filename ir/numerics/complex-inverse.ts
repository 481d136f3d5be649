/**
 * Complex asin, acos, asinh and acosh: each part within 0.501 ULP (1.5 where subnormal).
 *
 * Kahan's formulas (1987, "Branch cuts for complex elementary functions", table 1) from the square roots of `1 - z` and
 * `1 + z`, evaluated in the first quadrant, where no term cancels. The other quadrants follow by symmetry, so that
 * the branch cuts (beyond +-1 on the real axis, or the imaginary one) are continuous with the side that the sign of
 * a zero part names. Infinities and NaN: C23 G.6.1 and G.6.2.
 */
import { copySign, isNegative, powerOfTwo } from './bits.ts';
import type { ComplexDoubleDouble } from './complex-dd.ts';
import { complexDdSqrt, FAINT, quotientOfFaint, RESCUE } from './complex-dd.ts';
import { ddLogOfModulus } from './complex-log.ts';
import type { ComplexPair } from './complex-pair.ts';
import { complexOf, firstQuadrant, isFiniteComplex, isInfiniteComplex, withSigns } from './complex-pair.ts';
import { ddAtan2 } from './dd-atan.ts';
import { DD_HALF_PI, DD_LN2, DD_PI } from './dd-constants.ts';
import { ddAsinh } from './dd-hyperbolic.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, DD_ZERO, ddFrom, ddMul, ddRoundScaled, ddScale, ddSub, twoSum } from './double-double.ts';
import { atan2 } from './inverse-trig.ts';

/** Beyond, `1 - z^2` and `-z^2` agree to double-double. */
const HUGE = 1.2676506002282294e30;
/** Below, asin z and asinh z have the parts of z. */
const TINY = 3.7e-9;
/** asin is odd, and `asin(conj z) = conj(asin z)`. */
export function complexAsin(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z)) return asinSpecially(z);
  const { re, im } = firstQuadrant(z);
  if (Math.max(re, im) < TINY) return z;
  return withSigns(complexOf(realOfAsin(re, im), imaginaryPart(re, im)), z);
}

/** `acos z = pi/2 - asin z`; `acos(conj z) = conj(acos z)`. */
export function complexAcos(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z)) return acosSpecially(z);
  const { re, im } = firstQuadrant(z);
  return complexOf(
    realOfAcos(re, im, isNegative(z.re) ? 'left' : 'right'),
    copySign(imaginaryPart(re, im), isNegative(z.im) ? 1 : -1),
  );
}

/** `asinh z = -i asin(i z)` */
export function complexAsinh(z: ComplexPair): ComplexPair {
  const { re, im } = complexAsin(complexOf(z.im, z.re));
  return complexOf(im, re);
}

/** `acosh z = +-i acos z`, with the sign that makes the real part positive. */
export function complexAcosh(z: ComplexPair): ComplexPair {
  const { re, im } = complexAcos(z);
  return complexOf(Math.abs(im), copySign(re, z.im));
}

interface Roots {
  /** sqrt(1 - z), but for the sign of its imaginary part. */
  readonly minus: ComplexDoubleDouble;
  /** sqrt(1 + z) */
  readonly plus: ComplexDoubleDouble;
}

function rootsOf(x: number, y: number): Roots {
  return { minus: complexDdSqrt(twoSum(1, -x), y), plus: complexDdSqrt(twoSum(1, x), y) };
}

/** Re asin z for z in the first quadrant: the angle of (x, Re(sqrt(1 - z) sqrt(1 + z))). */
function realOfAsin(x: number, y: number): number {
  if (Math.max(x, y) > HUGE) return atan2(x, y);
  const { minus, plus } = rootsOf(x, y);
  const adjacent = ddAdd(ddMul(minus.re, plus.re), ddMul(minus.im, plus.im));
  return x < FAINT ? quotientOfFaint(x, adjacent) : ddAtan2(ddFrom(x), adjacent).hi;
}

/** Re acos of `x + i y`, or of `-x + i y` if mirrored. */
function realOfAcos(x: number, y: number, side: 'right' | 'left'): number {
  if (Math.max(x, y) > HUGE) return atan2(y, side === 'left' ? -x : x);
  if (side === 'left') return ddSub(DD_PI, ddRealOfAcos(x, y)).hi;
  if (x > 1 && y < FAINT) return ddRoundScaled(ddRealOfAcos(x, y * powerOfTwo(RESCUE)), -RESCUE);
  return ddRealOfAcos(x, y).hi;
}

/** Re acos z for z in the first quadrant: twice the angle of (Re sqrt(1 + z), Re sqrt(1 - z)). */
function ddRealOfAcos(x: number, y: number): DoubleDouble {
  const { minus, plus } = rootsOf(x, y);
  if (minus.re.hi === 0) return DD_ZERO;
  return ddScale(ddAtan2(minus.re, plus.re), 2);
}

/** Im asin z and -Im acos z for z in the first quadrant: asinh(Im(conj(sqrt(1 - z)) sqrt(1 + z))). */
function imaginaryPart(x: number, y: number): number {
  if (Math.max(x, y) > HUGE) return ddAdd(ddLogOfModulus(x, y), DD_LN2).hi;
  if (x < 1 && y < FAINT) return ddRoundScaled(ddImaginaryPart(x, y * powerOfTwo(RESCUE)), -RESCUE);
  return ddImaginaryPart(x, y).hi;
}

function ddImaginaryPart(x: number, y: number): DoubleDouble {
  const { minus, plus } = rootsOf(x, y);
  return ddAsinh(ddAdd(ddMul(minus.re, plus.im), ddMul(minus.im, plus.re)));
}

function asinSpecially(z: ComplexPair): ComplexPair {
  const { re, im } = z;
  if (!isInfiniteComplex(z)) return complexOf(re === 0 ? re : NaN, NaN);
  if (Number.isNaN(re)) return complexOf(NaN, im);
  if (Number.isNaN(im)) return complexOf(NaN, Infinity);
  return withSigns(complexOf(atan2(Math.abs(re), Math.abs(im)), Infinity), z);
}

function acosSpecially(z: ComplexPair): ComplexPair {
  const { re, im } = z;
  if (!isInfiniteComplex(z)) return complexOf(re === 0 ? DD_HALF_PI.hi : NaN, NaN);
  if (Number.isNaN(im)) return complexOf(NaN, Infinity);
  return complexOf(Number.isNaN(re) ? NaN : atan2(Math.abs(im), re), isNegative(im) ? Infinity : -Infinity);
}
