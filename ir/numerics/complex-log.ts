/**
 * Complex log and log1p: each part within 0.501 ULP, near the unit circle too, where the logarithm of the modulus
 * vanishes. The branch cut is the negative real axis, continuous with the side that the sign of a zero imaginary part
 * names. Infinities and NaN: C23 G.6.3.2.
 */
import { exponentOf, scaleByPowerOfTwo } from './bits.ts';
import { FAINT, quotientOfFaint } from './complex-dd.ts';
import type { ComplexPair } from './complex-pair.ts';
import { complexOf, isFiniteComplex, isInfiniteComplex } from './complex-pair.ts';
import { ddAtan2 } from './dd-atan.ts';
import { DD_LN2 } from './dd-constants.ts';
import { ddLog, ddLog1p } from './dd-log.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddFrom, ddMulF64, ddScale, ddSquare, ddSumExactly, twoProduct, twoSum } from './double-double.ts';
import { atan2 } from './inverse-trig.ts';
import { log1p } from './log.ts';

/** Beyond, 1 + z and z have the same logarithm. */
const HUGE = 1e30;

/** `log |z| + i arg z`; -inf for zeros. */
export function complexLog(z: ComplexPair): ComplexPair {
  const argument = atan2(z.im, z.re);
  if (isInfiniteComplex(z)) return complexOf(Infinity, argument);
  if (!isFiniteComplex(z)) return complexOf(NaN, argument);
  return complexOf(z.re === 0 && z.im === 0 ? -Infinity : ddLogOfModulus(z.re, z.im).hi, argument);
}

/** `log(1 + z)` */
export function complexLog1p(z: ComplexPair): ComplexPair {
  if (z.im === 0 && z.re > -1) return complexOf(log1p(z.re), z.im);
  const size = Math.max(Math.abs(z.re), Math.abs(z.im));
  if (!(size < HUGE)) return complexLog(complexOf(1 + z.re, z.im));
  const shifted = twoSum(1, z.re);
  if (shifted.hi === 0 && z.im === 0) return complexLog(complexOf(0, z.im));
  return complexOf(ddLogOfShifted(z, shifted).hi, argumentOfShifted(z.im, shifted));
}

/**
 * `log sqrt(x^2 + y^2)` of finite numbers, not both 0. Near the unit circle as `log1p(x^2 + y^2 - 1) / 2`, with that sum
 * rounded once; elsewhere from the squares, scaled to the longer leg.
 */
export function ddLogOfModulus(x: number, y: number): DoubleDouble {
  const exponent = Math.max(exponentOf(x), exponentOf(y));
  if (exponent === 0 || exponent === -1) {
    const excess = squaresMinusOne(x, y);
    if (Math.abs(excess.hi) < 0.5) return ddScale(ddLog1p(excess), 0.5);
  }
  const xScaled = scaleByPowerOfTwo(x, -exponent);
  const yScaled = scaleByPowerOfTwo(y, -exponent);
  const half = ddScale(ddLog(ddAdd(twoProduct(xScaled, xScaled), twoProduct(yScaled, yScaled))), 0.5);
  return ddAdd(half, ddMulF64(DD_LN2, exponent));
}

function squaresMinusOne(x: number, y: number): DoubleDouble {
  const xSquare = twoProduct(x, x);
  const ySquare = twoProduct(y, y);
  return ddSumExactly([-1, xSquare.hi, ySquare.hi, xSquare.lo, ySquare.lo]);
}

/** `log |1 + z|` of a moderate z, with `shifted` = 1 + x, exactly; not 0. */
function ddLogOfShifted(z: ComplexPair, shifted: DoubleDouble): DoubleDouble {
  const xSquare = twoProduct(z.re, z.re);
  const ySquare = twoProduct(z.im, z.im);
  const excess = ddSumExactly([2 * z.re, ySquare.hi, xSquare.hi, ySquare.lo, xSquare.lo]);
  if (Math.abs(excess.hi) < 0.5) return ddScale(ddLog1p(excess), 0.5);
  if (shifted.lo === 0) return ddLogOfModulus(shifted.hi, z.im);
  return ddScale(ddLog(ddAdd(ddSquare(shifted), ySquare)), 0.5);
}

/** The angle of the point (shifted, y). */
function argumentOfShifted(y: number, shifted: DoubleDouble): number {
  if (y === 0 || shifted.lo === 0) return atan2(y, shifted.hi);
  return Math.abs(y) < FAINT && shifted.hi > 0 ? quotientOfFaint(y, shifted) : ddAtan2(ddFrom(y), shifted).hi;
}
