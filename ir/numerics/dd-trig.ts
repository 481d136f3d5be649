/** sin and cos in double-double, for every finite argument. */
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddFrom, ddMul, ddNeg, ddPolynomial, ddSquare, ddSub, ddTable } from './double-double.ts';
import { reduceByHalfPi } from './trig-reduction.ts';

/** 1/29!, -1/27!, ..., -1/3!, 1 */
const SIN_SERIES = ddTable([
  1.1309962886447716e-31, 1.0498015412959506e-47, -9.183689863795546e-29, -1.4303150396787322e-45,
  6.446950284384474e-26, -1.9330404233703465e-42, -3.868170170630684e-23, 8.843177655482344e-40, 1.9572941063391263e-20,
  -1.3643503830087908e-36, -8.22063524662433e-18, -2.2141894119604265e-34, 2.8114572543455206e-15,
  1.6508842730861433e-31, -7.647163731819816e-13, -7.03872877733453e-30, 1.6059043836821613e-10, 1.2585294588752098e-26,
  -2.505210838544172e-8, 1.448814070935912e-24, 2.7557319223985893e-6, -1.858393274046472e-22, -0.0001984126984126984,
  -1.7209558293420705e-22, 0.008333333333333333, 1.1564823173178714e-19, -0.16666666666666666, -9.25185853854297e-18, 1,
  0,
]);

/** 1/28!, -1/26!, ..., -1/2!, 1 */
const COS_SERIES = ddTable([
  3.279889237069838e-30, 1.5117542744029879e-46, -2.4795962632247976e-27, 1.2953730964765229e-43,
  1.6117375710961184e-24, -3.6846573564509766e-41, -8.896791392450574e-22, 7.911402614872376e-38, 4.110317623312165e-19,
  1.4412973378659527e-36, -1.5619206968586225e-16, -1.1910679660273754e-32, 4.779477332387385e-14,
  4.399205485834081e-31, -1.1470745597729725e-11, -2.0655512752830745e-28, 2.08767569878681e-9, -1.20734505911326e-25,
  -2.755731922398589e-7, -2.3767714622250297e-23, 2.48015873015873e-5, 2.1511947866775882e-23, -0.001388888888888889,
  5.300543954373577e-20, 0.041666666666666664, 2.3129646346357427e-18, -0.5, 0, 1, 0,
]);

export interface SinCos {
  readonly sin: DoubleDouble;
  readonly cos: DoubleDouble;
}

/** Both of a finite `x` at once. Relative errors below 2^-98. */
export function ddSinCos(x: number): SinCos {
  const { quadrant, rest } = reduceByHalfPi(x);
  const sin = ddSinNearZero(rest);
  const cos = ddCosNearZero(rest);
  switch (quadrant) {
    case 0:
      return { sin, cos };
    case 1:
      return { sin: cos, cos: ddNeg(sin) };
    case 2:
      return { sin: ddNeg(sin), cos: ddNeg(cos) };
    case 3:
      return { sin: ddNeg(cos), cos: sin };
  }
}

/**
 * Both of a double-double, `|x| < 2^53`. Absolute errors below `2^-100 max(1, |x|)`: the argument's own precision.
 */
export function ddSinCosOf(x: DoubleDouble): SinCos {
  const whole = ddSinCos(x.hi);
  const sin = ddSinNearZero(ddFrom(x.lo));
  const cos = ddCosNearZero(ddFrom(x.lo));
  return {
    sin: ddAdd(ddMul(whole.sin, cos), ddMul(whole.cos, sin)),
    cos: ddSub(ddMul(whole.cos, cos), ddMul(whole.sin, sin)),
  };
}

/** `sin(x)` of a finite `x`. Relative error below 2^-98. */
export function ddSin(x: number): DoubleDouble {
  const { quadrant, rest } = reduceByHalfPi(x);
  const magnitude = quadrant === 0 || quadrant === 2 ? ddSinNearZero(rest) : ddCosNearZero(rest);
  return quadrant < 2 ? magnitude : ddNeg(magnitude);
}

/** `cos(x)` of a finite `x`. Relative error below 2^-98. */
export function ddCos(x: number): DoubleDouble {
  const { quadrant, rest } = reduceByHalfPi(x);
  const magnitude = quadrant === 0 || quadrant === 2 ? ddCosNearZero(rest) : ddSinNearZero(rest);
  return quadrant === 0 || quadrant === 3 ? magnitude : ddNeg(magnitude);
}

/** `sin(x)` for `|x| <= pi / 4`, by Taylor's series. */
export function ddSinNearZero(x: DoubleDouble): DoubleDouble {
  return ddMul(x, ddPolynomial(SIN_SERIES, ddSquare(x)));
}

/** `cos(x)` for `|x| <= pi / 4`, by Taylor's series. */
export function ddCosNearZero(x: DoubleDouble): DoubleDouble {
  return ddPolynomial(COS_SERIES, ddSquare(x));
}
