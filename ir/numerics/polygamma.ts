/**
 * digamma and polygamma.
 *
 * digamma: within 0.501 ULP, its zero near 1.46 included, but for the few doubles next to its zeros left of 0, where terms
 * cancel: the absolute error is below 2^-95 there, 1.7 ULP at the worst one seen.
 * polygamma: within 0.501 ULP for x > 0; for x < 0 it inherits the cancellation of `zeta`.
 */
import { ddExpScaled } from './dd-exp.ts';
import { ddDigamma, ddDigammaBelow, ddLgamma } from './dd-gamma.ts';
import { DD_PI } from './dd-constants.ts';
import { ddSinCosOfPi } from './dd-trig-pi.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAddF64, ddDiv, DD_ONE, ddFrom, ddMul, ddPolynomial, ddSub, ddTable, twoSum } from './double-double.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import { roundScaled, scaledFrom, scaledMul, scaledNeg } from './scaled-double-double.ts';
import { hurwitzZeta } from './zeta.ts';

/** Below, digamma x is -1 / x. */
const TINY = 1e-290;
/** Above, factorials come from log gamma. */
const SMALL_ORDER = 30;

/** The positive zero of digamma, in three parts, and the Taylor coefficients there, of d^6 down to d. */
const ZERO_1 = 1.4616321449683622;
const ZERO_2 = 9.549995429965697e-17;
const ZERO_3 = 2.89392992820415e-33;
const ZERO_RADIUS = 0.0009765625;
const TAYLOR_AT_ZERO = ddTable([
  0.04880428816414311, -2.82635913171961e-18, -0.07219956125645471, 3.0827459843108324e-18, 0.10782405069126237,
  -5.647016933496416e-18, -0.16394270544240652, -5.2948981225636345e-18, 0.258499760955651, -1.50046082237735e-17,
  -0.4427631689835921, -2.4685968258808798e-17, 0.9676722454476212, -3.387874303038943e-17,
]);

/**
 * The logarithmic derivative of gamma. digamma(inf) = inf; NaN at the poles 0, -1, -2, ... (XLA's choice) and at -inf.
 *
 * Left of 0 by reflection, `digamma(x) = digamma(-x) - 1/x - pi cot(pi x)` (Abramowitz, Stegun 6.3.7 and 6.3.5),
 * where -x is exact and 1 - x would not be.
 */
export function digamma(x: number): number {
  if (x === Infinity) return x;
  if (Number.isNaN(x) || (x <= 0 && Number.isInteger(x)) || x === -Infinity) return NaN;
  if (Math.abs(x) < TINY) return -1 / x;
  if (Math.abs(x - ZERO_1) < ZERO_RADIUS) return digammaNearZero(x).hi;
  if (x > 0) return ddDigamma(x).hi;
  return x > -0.5 ? ddDigammaBelow(x).hi : reflectedDigamma(x).hi;
}

/**
 * The n-th derivative of digamma, `(-1)^(n+1) n! zeta(n + 1, x)`; digamma itself for order 0; NaN for a negative or
 * fractional order. At the poles inf for an odd order, else NaN. (As chlo expands `chlo.polygamma`.)
 */
export function polygamma(order: number, x: number): number {
  if (order === 0) return digamma(x);
  if (!Number.isInteger(order) || order < 0 || Number.isNaN(x)) return NaN;
  const sum = hurwitzZeta(order + 1, x);
  if (typeof sum === 'number') return sum;
  const magnitude = scaledMul(factorial(order), sum);
  return roundScaled(order % 2 === 0 ? scaledNeg(magnitude) : magnitude);
}

function digammaNearZero(x: number): DoubleDouble {
  const distance = ddAddF64(twoSum(x - ZERO_1, -ZERO_2), -ZERO_3);
  return ddMul(ddPolynomial(TAYLOR_AT_ZERO, distance), distance);
}

function reflectedDigamma(x: number): DoubleDouble {
  const { sin, cos } = ddSinCosOfPi(x);
  const cotangent = ddMul(DD_PI, ddDiv(cos, sin));
  return ddSub(ddSub(ddDigamma(-x), ddDiv(DD_ONE, ddFrom(x))), cotangent);
}

function factorial(order: number): ScaledDoubleDouble {
  if (order > SMALL_ORDER) return ddExpScaled(ddLgamma(order + 1));
  let product = DD_ONE;
  for (let i = 2; i <= order; i++) product = ddMul(product, ddFrom(i));
  return scaledFrom(product);
}
