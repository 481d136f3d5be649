/**
 * Hurwitz's zeta function: within 0.501 ULP for q > 0. Left of 0 terms of both signs may cancel; the error is then below
 * 2^-65 of the largest term. Up to about 20 microseconds a call.
 */
import { DD_LN2 } from './dd-constants.ts';
import { ddExpScaled } from './dd-exp.ts';
import { ddLog } from './dd-log.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddAddF64, ddDiv, DD_ONE, ddFrom, ddMul, ddMulF64, ddSquare, ddTable, twoSum } from './double-double.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import {
  exponentOfScaled,
  roundScaled,
  scaledAdd,
  scaledDiv,
  scaledFrom,
  scaledMul,
  scaledNeg,
} from './scaled-double-double.ts';

/** B(2j) / (2j)! for j = 1 ... 14 */
const EULER_MACLAURIN = ddTable([
  0.08333333333333333, 4.625929269271485e-18, -0.001388888888888889, 5.300543954373577e-20, 3.306878306878307e-5,
  -2.2300719288557665e-21, -8.267195767195768e-7, 3.457597454003665e-23, 2.08767569878681e-8, -1.2073450591132599e-24,
  -5.284190138687493e-10, 3.517096671929869e-27, 1.3382536530684679e-11, -2.828354019907999e-29,
  -3.3896802963225827e-13, -1.4986928409964295e-29, 8.586062056277845e-15, -6.05252374381974e-31,
  -2.174868698558062e-16, 4.961617782549996e-33, 5.5090028283602295e-18, -1.49827152194499e-35, -1.3954464685812522e-19,
  -1.0350590497256251e-35, 3.534707039629467e-21, 1.894231142684204e-37, -8.953517427037546e-23, -5.728752743153026e-39,
]);

/** The tail is summed by Euler and Maclaurin's formula from this, and s, on: fourteen terms then give 75 bits. */
const TAIL_START = 14;
/** Beyond, terms of the sum do not count. */
const NEGLIGIBLE_BITS = 75;
/** Beyond, the integral is all of the tail. */
const HUGE_BASE = 1e40;
/** Exponents above come from logarithms. */
const LARGE_EXPONENT = 1024;
/** Beyond, powers of anything but 1 overflow or vanish; their exponent stays small enough to compute with. */
const LOG_LIMIT = 4000;

const ONE: ScaledDoubleDouble = { significand: DD_ONE, exponent: 0 };

/**
 * `sum of (q + k)^-s over k >= 0`, as chlo defines `chlo.zeta`: NaN for s below 1 and infinite arguments, inf for s = 1;
 * at a pole q = 0, -1, ... inf for an even s, else NaN; for other negative q the sum as it stands, NaN if s is no
 * integer.
 */
export function zeta(s: number, q: number): number {
  const sum = hurwitzZeta(s, q);
  return typeof sum === 'number' ? sum : roundScaled(sum);
}

/** `zeta(s, q)` before rounding, or the number that a special case gives. */
export function hurwitzZeta(s: number, q: number): ScaledDoubleDouble | number {
  if (!Number.isFinite(s) || !Number.isFinite(q) || s < 1) return NaN;
  if (s === 1) return Infinity;
  if (q > 0) return sumOfPowers(s, ddFrom(q));
  if (Number.isInteger(q)) return s % 2 === 0 ? Infinity : NaN;
  return Number.isInteger(s) ? sumFromNegative(s, q) : NaN;
}

/**
 * With f the fraction of q, `zeta(s, q) = zeta(s, f) + (-1)^s (zeta(s, 1 - f) - zeta(s, 1 - q))`: the terms left of 0 are
 * a finite piece of the sum from 1 - f.
 */
function sumFromNegative(s: number, q: number): ScaledDoubleDouble {
  const floor = Math.floor(q);
  const right = sumOfPowers(s, twoSum(q, -floor));
  const left = scaledAdd(sumOfPowers(s, twoSum(floor + 1, -q)), scaledNeg(sumOfPowers(s, twoSum(1, -q))));
  return scaledAdd(right, s % 2 === 0 ? left : scaledNeg(left));
}

/** The sum for `q > 0`: term by term up to `TAIL_START + s`, or until terms do not count, then the tail. */
function sumOfPowers(s: number, q: DoubleDouble): ScaledDoubleDouble {
  const start = TAIL_START + s;
  let base = q;
  let sum = inversePower(base, s);
  // The others are smaller still, or as far past the range: their exponents would no longer tell them apart.
  if (Math.abs(sum.exponent) > LOG_LIMIT) return sum;
  const least = exponentOfScaled(sum) - NEGLIGIBLE_BITS;
  if (base.hi >= start) return tail(s, base, sum);
  for (base = ddAddF64(base, 1); base.hi < start; base = ddAddF64(base, 1)) {
    const term = inversePower(base, s);
    sum = scaledAdd(sum, term);
    if (exponentOfScaled(term) < least) return sum;
  }
  return scaledAdd(sum, tail(s, base, inversePower(base, s)));
}

/**
 * The sum from `base` on, given `power = base^-s`:
 * `base^-s (base / (s - 1) + 1/2 + sum of B(2j)/(2j)! s (s + 1) ... (s + 2j - 2) / base^(2j - 1))`
 * (Euler, Maclaurin; Johansson 2015, "Rigorous high-precision computation of the Hurwitz zeta function", section 2).
 */
function tail(s: number, base: DoubleDouble, power: ScaledDoubleDouble): ScaledDoubleDouble {
  const integral = scaledDiv(scaledFrom(base), scaledFrom(twoSum(s, -1)));
  const factor = base.hi > HUGE_BASE ? integral : scaledAdd(integral, scaledFrom(correction(s, base)));
  return scaledMul(power, factor);
}

function correction(s: number, base: DoubleDouble): DoubleDouble {
  const reciprocal = ddDiv(DD_ONE, base);
  const square = ddSquare(reciprocal);
  let rising = ddMulF64(reciprocal, s);
  let sum = ddFrom(0.5);
  for (const [i, coefficient] of EULER_MACLAURIN.entries()) {
    sum = ddAdd(sum, ddMul(coefficient, rising));
    rising = ddMul(ddMul(rising, square), ddMul(twoSum(s, 2 * i + 1), twoSum(s, 2 * i + 2)));
  }
  return sum;
}

/** `base^-s` for `base > 0`: by squaring for a small integer s, else through the logarithm. */
function inversePower(base: DoubleDouble, s: number): ScaledDoubleDouble {
  const scaled = scaledFrom(base);
  if (Number.isInteger(s) && s <= LARGE_EXPONENT) return scaledDiv(ONE, integerPower(scaled, s));
  const logarithm = ddAdd(ddLog(scaled.significand), ddMulF64(DD_LN2, scaled.exponent));
  const estimate = -s * logarithm.hi;
  if (Math.abs(estimate) > LOG_LIMIT) return { significand: DD_ONE, exponent: Math.sign(estimate) * 2 * LOG_LIMIT };
  return ddExpScaled(ddMulF64(logarithm, -s));
}

function integerPower(base: ScaledDoubleDouble, exponent: number): ScaledDoubleDouble {
  let result = ONE;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = normalized(scaledMul(result, square));
    square = normalized(scaledMul(square, square));
  }
  return result;
}

function normalized(x: ScaledDoubleDouble): ScaledDoubleDouble {
  const { significand, exponent } = scaledFrom(x.significand);
  return { significand, exponent: exponent + x.exponent };
}
