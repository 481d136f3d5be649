/** The natural logarithm in double-double. */
import { exponentOf, powerOfTwo } from './bits.ts';
import { DD_LN2 } from './dd-constants.ts';
import type { DoubleDouble } from './double-double.ts';
import {
  ddAdd,
  ddAddF64,
  ddDiv,
  ddFrom,
  ddMul,
  ddMulF64,
  ddPolynomial,
  ddScale,
  ddSquare,
  ddTable,
  DD_ZERO,
} from './double-double.ts';
import { roundHalfEven } from './rounding.ts';

const SQRT_2 = 1.4142135623730951;
const LEAST_NORMAL = 2.2250738585072014e-308;
const FIRST_CENTRE = 11;

/** log(j / 16) for j = 11 ... 23 */
const LOG_OF_CENTRE = ddTable([
  -0.3746934494414107, 3.9243112288632396e-18, -0.2876820724517809, -2.607160616442564e-17, -0.2076393647782445,
  -1.2053243216686129e-17, -0.13353139262452263, 3.664457663660085e-18, -0.06453852113757118, 6.470486661692933e-18, 0,
  0, 0.06062462181643484, 2.6424025938726934e-18, 0.11778303565638346, -1.1971685747593677e-18, 0.17185025692665923,
  -6.0224538210113705e-18, 0.22314355131420976, -9.091270597324799e-18, 0.27193371548364176, 7.83319637697442e-19,
  0.3184537311185346, 2.7114779367326236e-17, 0.3629054936893685, -2.1492361455310972e-17,
]);

/** 1/21, 1/19, ..., 1/3, 1 */
const ATANH_SERIES = ddTable([
  0.047619047619047616, 2.64338815386942e-18, 0.05263157894736842, 2.921639538487254e-18, 0.058823529411764705,
  8.163404592832033e-19, 0.06666666666666667, 9.251858538542971e-19, 0.07692307692307693, -4.270088556250602e-18,
  0.09090909090909091, -2.523234146875356e-18, 0.1111111111111111, 6.1679056923619804e-18, 0.14285714285714285,
  7.93016446160826e-18, 0.2, -1.1102230246251566e-17, 0.3333333333333333, 1.850371707708594e-17, 1, 0,
]);

/**
 * `log(x)` for a positive, normal `x`. Relative error below 2^-97, near 1 too.
 *
 * `x = 2^k m` with m in [sqrt(1/2), sqrt(2)]; with c the multiple of 1/16 nearest to m,
 * `log x = k log 2 + log c + 2 atanh((m - c) / (m + c))`, and the last argument is below 0.023, so that eleven terms of
 * its series do. Near 1, c is 1 and nothing cancels. (Table lookup after Tang 1990, "Table-driven implementation of the
 * logarithm function".)
 */
export function ddLog(x: DoubleDouble): DoubleDouble {
  const exponent = exponentOf(x.hi);
  const mantissa = x.hi * powerOfTwo(-exponent) > SQRT_2 ? exponent + 1 : exponent;
  return ddLogScaled(ddScale(x, powerOfTwo(-mantissa)), mantissa);
}

/** `log(x)` for a positive, finite double: a subnormal too. */
export function ddLogOfF64(x: number): DoubleDouble {
  if (x >= LEAST_NORMAL) return ddLog(ddFrom(x));
  return ddAdd(ddLog(ddFrom(x * powerOfTwo(54))), ddMulF64(DD_LN2, -54));
}

/** `log(significand * 2^exponent)` for a significand in [0.7, 1.42]. */
function ddLogScaled(significand: DoubleDouble, exponent: number): DoubleDouble {
  const index = roundHalfEven(significand.hi * 16);
  const centre = index / 16;
  const ratio = ddDiv(ddAddF64(significand, -centre), ddAddF64(significand, centre));
  const logOfCentre = ddAdd(LOG_OF_CENTRE[index - FIRST_CENTRE] ?? DD_ZERO, twiceAtanh(ratio));
  return exponent === 0 ? logOfCentre : ddAdd(ddMulF64(DD_LN2, exponent), logOfCentre);
}

/** `log(1 + x)` for `x > -1`, with a small relative error near 0 too. */
export function ddLog1p(x: DoubleDouble): DoubleDouble {
  if (Math.abs(x.hi) > 0.03) return ddLog(ddAddF64(x, 1));
  return twiceAtanh(ddDiv(x, ddAddF64(x, 2)));
}

/** `2 atanh(x)` for `|x| < 0.023`. */
function twiceAtanh(x: DoubleDouble): DoubleDouble {
  return ddMul(ddScale(x, 2), ddPolynomial(ATANH_SERIES, ddSquare(x)));
}
