/** The angle of a point, in double-double. */
import { exponentOf } from './bits.ts';
import { DD_HALF_PI, DD_PI } from './dd-constants.ts';
import type { DoubleDouble } from './double-double.ts';
import {
  ddAbs,
  ddAdd,
  ddDiv,
  ddMul,
  ddMulF64,
  ddNeg,
  ddPolynomial,
  ddScaleByPowerOfTwo,
  ddSquare,
  ddSub,
  ddTable,
  DD_ZERO,
} from './double-double.ts';
import { roundHalfEven } from './rounding.ts';

/** atan(j / 16) for j = 0 ... 16 */
const ATAN_OF_CENTRE = ddTable([
  0, 0, 0.06241880999595735, -1.5490756308295046e-18, 0.12435499454676144, -3.1253241424539383e-18, 0.18534794999569476,
  4.180692268843079e-18, 0.24497866312686414, 1.0698755618734451e-17, 0.3028848683749714, -1.1010827903001369e-17,
  0.35877067027057225, -2.4623815582638635e-17, 0.4124104415973873, -1.587652227770689e-17, 0.4636476090008061,
  2.2698777452961687e-17, 0.5123894603107377, -2.5462781472855804e-17, 0.5585993153435624, -5.4556305485916264e-18,
  0.6022873461349642, 2.950430737228402e-17, 0.6435011087932844, 1.5834785051444286e-17, 0.6823165548747481,
  6.943223671560008e-18, 0.7188299996216245, -2.1478388444456983e-17, 0.7531512809621944, -2.4256934659182068e-17,
  0.7853981633974483, 3.061616997868383e-17,
]);

/** -1/23, 1/21, ..., -1/3, 1 */
const ATAN_SERIES = ddTable([
  -0.043478260869565216, -1.206764157201257e-18, 0.047619047619047616, 2.64338815386942e-18, -0.05263157894736842,
  -2.921639538487254e-18, 0.058823529411764705, 8.163404592832033e-19, -0.06666666666666667, -9.251858538542971e-19,
  0.07692307692307693, -4.270088556250602e-18, -0.09090909090909091, 2.523234146875356e-18, 0.1111111111111111,
  6.1679056923619804e-18, -0.14285714285714285, -7.93016446160826e-18, 0.2, -1.1102230246251566e-17,
  -0.3333333333333333, -1.850371707708594e-17, 1, 0,
]);

/**
 * The angle of the point (x, y), in (-pi, pi]; not both 0, all finite; a zero `y` counts as positive.
 * Relative error below 2^-97, unless y / x underflows.
 */
export function ddAtan2(y: DoubleDouble, x: DoubleDouble): DoubleDouble {
  const exponent = -Math.max(exponentOf(y.hi), exponentOf(x.hi));
  const opposite = ddAbs(ddScaleByPowerOfTwo(y, exponent));
  const adjacent = ddAbs(ddScaleByPowerOfTwo(x, exponent));
  const isSteep = opposite.hi > adjacent.hi;
  const acute = isSteep ? ddSub(DD_HALF_PI, atanOfQuotient(adjacent, opposite)) : atanOfQuotient(opposite, adjacent);
  const angle = x.hi < 0 ? ddSub(DD_PI, acute) : acute;
  return y.hi < 0 ? ddNeg(angle) : angle;
}

/**
 * `atan(y / x)` for `0 <= y <= x`, x near 1: with c the multiple of 1/16 nearest to y / x,
 * `atan(y / x) = atan c + atan((y - c x) / (x + c y))`, and the last argument is at most 1/32.
 */
function atanOfQuotient(y: DoubleDouble, x: DoubleDouble): DoubleDouble {
  const index = roundHalfEven((y.hi / x.hi) * 16);
  const centre = index / 16;
  const rest = ddDiv(ddSub(y, ddMulF64(x, centre)), ddAdd(x, ddMulF64(y, centre)));
  const series = ddMul(rest, ddPolynomial(ATAN_SERIES, ddSquare(rest)));
  return ddAdd(ATAN_OF_CENTRE[index] ?? DD_ZERO, series);
}
