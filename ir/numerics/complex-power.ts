/**
 * Complex sqrt, rsqrt, cbrt and pow: each part within 0.501 ULP (1 ULP where subnormal; pow: see there).
 * The branch cut is the negative real axis, continuous with the side that the sign of a zero imaginary part names.
 */
import { copySign, exponentOf, isNegative, powerOfTwo, scaleByPowerOfTwo } from './bits.ts';
import { complexDivide, complexMultiply } from './complex-arithmetic.ts';
import { complexDdSqrt, FAINT, RESCUE } from './complex-dd.ts';
import { complexExp } from './complex-exp.ts';
import { complexLog, ddLogOfModulus } from './complex-log.ts';
import type { ComplexPair } from './complex-pair.ts';
import { COMPLEX_NAN, complexOf, isFiniteComplex, isInfinite, isInfiniteComplex } from './complex-pair.ts';
import { ddAtan2 } from './dd-atan.ts';
import { DD_PI } from './dd-constants.ts';
import { ddExpScaled } from './dd-exp.ts';
import { ddLogOfF64 } from './dd-log.ts';
import { ddSinCosOf } from './dd-trig.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddDiv, DD_ZERO, ddFrom, ddMulF64, ddNeg, ddRoundScaled, ddSquare, ddSub } from './double-double.ts';
import { atan2 } from './inverse-trig.ts';
import { roundScaled, scaledDiv, scaledFrom, scaledMul, scaledProduct } from './scaled-double-double.ts';
import { cos, sin } from './trig.ts';

/** Below this exponent of y / x, the angle of a flat point is y / x to double-double. */
const FLAT = 110;
/** Beyond, products with a logarithm could overflow the splitting of a double. */
const EXPONENT_LIMIT = 1e200;
/** Beyond, exp overflows or vanishes whatever it is multiplied with. */
const CAP = 2000;
/** Beyond, the turn in double-double has lost its fraction. */
const TURN_LIMIT = 4503599627370496;

/** The root with a non-negative real part. Infinities and NaN: C23 G.6.4.2. */
export function complexSqrt(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z)) return sqrtSpecially(z);
  const root = complexDdSqrt(ddFrom(z.re), Math.abs(z.im));
  return complexOf(root.re.hi, copySign(root.im.hi, z.im));
}

/** `1 / sqrt(z)`; of zeros and infinities the quotient of C23 G.5.1, as in StableHLO's reference interpreter. */
export function complexRsqrt(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z) || (z.re === 0 && z.im === 0)) return complexDivide(complexOf(1, 0), complexSqrt(z));
  const half = Math.floor(Math.max(exponentOf(z.re), exponentOf(z.im)) / 2);
  const x = scaleByPowerOfTwo(z.re, -2 * half);
  const y = scaleByPowerOfTwo(Math.abs(z.im), -2 * half);
  const rescue = y < FAINT ? RESCUE : 0;
  const root = complexDdSqrt(ddFrom(x), y * powerOfTwo(rescue));
  const square = ddAdd(ddSquare(root.re), ddSquare(root.im));
  const re = ddRoundScaled(ddDiv(root.re, square), -half - (x < 0 ? rescue : 0));
  const im = ddRoundScaled(ddDiv(root.im, square), -half - (x < 0 ? 0 : rescue));
  return complexOf(re, copySign(im, -z.im));
}

/**
 * The principal cube root, of modulus `cbrt |z|` and argument `arg z / 3`: not real for a negative number.
 * That is StableHLO's; 0 for zeros, parts of an infinity infinite with the signs of that angle.
 */
export function complexCbrt(z: ComplexPair): ComplexPair {
  if (z.re === 0 && z.im === 0) return z;
  if (!isFiniteComplex(z)) return cbrtSpecially(z);
  if (z.re > 0 && exponentOf(z.im) - exponentOf(z.re) < -FLAT) return cbrtOfFlat(z);
  const third = ddFrom(3);
  return fromPolar(ddDiv(ddLogOfModulus(z.re, z.im), third), ddDiv(ddArgument(z), third), z.im);
}

/**
 * `z^w = exp(w log z)`, with the product in double-double: within 0.501 ULP while `|w log z| < 2^30`; each part's error
 * is relative to the modulus of the result where its angle is within 2^-40 of a multiple of pi / 2.
 *
 * `z^0` and `1^w` are 1; `0^w` is 0 for a positive real w, else NaN, as in XLA.
 */
export function complexPower(z: ComplexPair, w: ComplexPair): ComplexPair {
  if ((w.re === 0 && w.im === 0) || (z.re === 1 && z.im === 0)) return complexOf(1, 0);
  if (z.re === 0 && z.im === 0) return w.im === 0 && w.re > 0 ? complexOf(0, 0) : COMPLEX_NAN;
  if (!isFiniteComplex(z) || !(Math.max(Math.abs(w.re), Math.abs(w.im)) < EXPONENT_LIMIT)) return powerPlainly(z, w);
  const logarithm = ddLogOfModulus(z.re, z.im);
  const argument = ddArgument(z);
  const growth = ddSub(ddMulF64(logarithm, w.re), ddMulF64(argument, w.im));
  const turn = ddAdd(ddMulF64(argument, w.re), ddMulF64(logarithm, w.im));
  return fromPolar(growth, turn, 0);
}

/** `x^(1/3) + i x^(1/3) y / (3 x)` */
function cbrtOfFlat({ re, im }: ComplexPair): ComplexPair {
  const modulus = ddExpScaled(ddDiv(ddLogOfF64(re), ddFrom(3)));
  const angle = scaledDiv(scaledFrom(ddFrom(im)), scaledProduct(re, 3));
  return complexOf(roundScaled(modulus), im === 0 ? im : roundScaled(scaledMul(modulus, angle)));
}

function powerPlainly(z: ComplexPair, w: ComplexPair): ComplexPair {
  return complexExp(complexMultiply(w, complexLog(z)));
}

/** `e^growth (cos turn + i sin turn)`; a zero turn keeps the sign of `zero`. */
function fromPolar(growth: DoubleDouble, turn: DoubleDouble, zero: number): ComplexPair {
  if (!(Math.abs(turn.hi) < TURN_LIMIT)) return complexExp(complexOf(growth.hi, turn.hi));
  const modulus = ddExpScaled(Math.abs(growth.hi) < CAP ? growth : ddFrom(copySign(CAP, growth.hi)));
  const direction = ddSinCosOf(turn);
  return complexOf(
    roundScaled(scaledMul(modulus, scaledFrom(direction.cos))),
    turn.hi === 0 ? copySign(0, zero) : roundScaled(scaledMul(modulus, scaledFrom(direction.sin))),
  );
}

/** The argument of a finite number, not 0, with the sign of its imaginary part. */
function ddArgument(z: ComplexPair): DoubleDouble {
  if (z.im === 0 && z.re > 0) return DD_ZERO;
  if (z.im === 0) return isNegative(z.im) ? ddNeg(DD_PI) : DD_PI;
  return ddAtan2(ddFrom(z.im), ddFrom(z.re));
}

function sqrtSpecially({ re, im }: ComplexPair): ComplexPair {
  if (isInfinite(im)) return complexOf(Infinity, im);
  if (re === Infinity) return complexOf(Infinity, Number.isNaN(im) ? NaN : copySign(0, im));
  if (re === -Infinity) return Number.isNaN(im) ? complexOf(NaN, Infinity) : complexOf(0, copySign(Infinity, im));
  return COMPLEX_NAN;
}

function cbrtSpecially(z: ComplexPair): ComplexPair {
  const third = atan2(z.im, z.re) / 3;
  if (!isInfiniteComplex(z) || Number.isNaN(third)) return COMPLEX_NAN;
  return complexOf(Infinity * cos(third), third === 0 ? third : Infinity * sin(third));
}
