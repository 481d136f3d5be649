/** exp and expm1 in double-double. */
import { powerOfTwo } from './bits.ts';
import { DD_LN2 } from './dd-constants.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddAddF64, ddMul, ddMulF64, ddPolynomial, ddScale, ddSquare, ddSub, ddTable } from './double-double.ts';
import { roundHalfEven } from './rounding.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';

const LOG2_E = 1.4426950408889634;
const HALVINGS = 4;
/** Below, the square is beyond double-double, and dividing by 16 might meet a subnormal. */
const TINY = 1e-150;

/** 1/14!, 1/13!, ..., 1/1! */
const INVERSE_FACTORIALS = ddTable([
  1.1470745597729725e-11, 2.0655512752830745e-28, 1.6059043836821613e-10, 1.2585294588752098e-26, 2.08767569878681e-9,
  -1.20734505911326e-25, 2.505210838544172e-8, -1.448814070935912e-24, 2.755731922398589e-7, 2.3767714622250297e-23,
  2.7557319223985893e-6, -1.858393274046472e-22, 2.48015873015873e-5, 2.1511947866775882e-23, 0.0001984126984126984,
  1.7209558293420705e-22, 0.001388888888888889, -5.300543954373577e-20, 0.008333333333333333, 1.1564823173178714e-19,
  0.041666666666666664, 2.3129646346357427e-18, 0.16666666666666666, 9.25185853854297e-18, 0.5, 0, 1, 0,
]);

/**
 * `exp(x)` for `|x| < 2^20`, significand in [0.70, 1.42]. Relative error below 2^-95.
 *
 * Argument reduction by multiples of log 2 (Tang 1989, "Table-driven implementation of the exponential function"),
 * then `expm1` of the rest.
 */
export function ddExpScaled(x: DoubleDouble): ScaledDoubleDouble {
  const exponent = roundHalfEven(x.hi * LOG2_E);
  const rest = ddSub(x, ddMulF64(DD_LN2, exponent));
  return { significand: ddAddF64(expm1NearZero(rest), 1), exponent };
}

/** `exp(x)` for `|x| < 700`. Relative error below 2^-95. */
export function ddExp(x: DoubleDouble): DoubleDouble {
  const { significand, exponent } = ddExpScaled(x);
  return ddScale(significand, powerOfTwo(exponent));
}

/** `exp(x) - 1` for `|x| < 700`, with a small relative error near 0 too. Relative error below 2^-93. */
export function ddExpm1(x: DoubleDouble): DoubleDouble {
  const magnitude = Math.abs(x.hi);
  if (magnitude < TINY) return x;
  if (magnitude < 0.34) return expm1NearZero(x);
  return ddAddF64(ddExp(x), -1);
}

/**
 * `expm1` for `|x| < 0.35`: Taylor's series of `x / 16`, then four times `expm1(2t) = expm1(t) (2 + expm1(t))`,
 * which keeps the relative error where squaring `exp` would lose it.
 */
function expm1NearZero(x: DoubleDouble): DoubleDouble {
  const step = ddScale(x, powerOfTwo(-HALVINGS));
  let result = ddMul(step, ddPolynomial(INVERSE_FACTORIALS, step));
  for (let i = 0; i < HALVINGS; i++) result = ddAdd(ddScale(result, 2), ddSquare(result));
  return result;
}
