/**
 * The reference evaluator's scalar numerics: one import for everything in this folder.
 *
 * All functions take and return f64 numbers (or pairs of them) and use only operations that ECMAScript defines exactly,
 * so the same input gives the same bits on every engine. A narrower result is `roundToFormat(f(x), format)`.
 */
export {
  copySign,
  exponentOf,
  f32FromBits,
  f32ToBits,
  f64FromBits,
  f64FromWords,
  f64HighWord,
  f64LowWord,
  f64ToBits,
  isNegative,
  powerOfTwo,
  scaleByPowerOfTwo,
} from './bits.ts';
export { nextAfter, nextAfter32, nextAfter64, ulpDistance, ulpDistance32, ulpDistance64 } from './ulp.ts';
export { floatFormats, isFloatFormatName } from './float-formats.ts';
export type { FloatFormat, FloatFormatName, FloatSpecials } from './float-formats.ts';
export {
  decodeFloat,
  decodeFloatFromBigint,
  decodeTable,
  encodeFloat,
  encodeFloatToBigint,
  roundToFormat,
} from './float-codec.ts';
export { roundHalfAway, roundHalfEven } from './rounding.ts';
export { reducePrecision } from './reduce-precision.ts';
export type { ReducedPrecision } from './reduce-precision.ts';
export { parseFloatToBits, parseFloatToValue } from './decimal-parse.ts';
export { formatFloatBits, formatFloatValue } from './decimal-print.ts';
export {
  countLeadingZeros,
  floatToInt,
  greatestInt,
  intDivide,
  intMulHigh,
  intMultiply,
  intPower,
  intRemainder,
  leastInt,
  populationCount,
  wrapInt,
} from './integers.ts';
export type { IntegerFormat } from './integers.ts';
export {
  bigintCountLeadingZeros,
  bigintDivide,
  bigintMulHigh,
  bigintMultiply,
  bigintPopulationCount,
  bigintPower,
  bigintRemainder,
  floatToBigint,
  greatestBigint,
  leastBigint,
  wrapBigint,
} from './bigint-integers.ts';
export { exp, expm1 } from './exp.ts';
export { log, log1p } from './log.ts';
export { cos, sin, tan } from './trig.ts';
export { cosh, logistic, sinh, tanh } from './hyperbolic.ts';
export { acos, asin, atan, atan2 } from './inverse-trig.ts';
export { acosh, asinh, atanh } from './inverse-hyperbolic.ts';
export { pow } from './pow.ts';
export { cbrt, hypot, rsqrt } from './roots.ts';
export { erf, erfc } from './erf.ts';
export { erfInv } from './erf-inv.ts';
export { lgamma } from './lgamma.ts';
export { digamma, polygamma } from './polygamma.ts';
export { zeta } from './zeta.ts';
export { besselI1e } from './bessel.ts';
export type { ComplexPair } from './complex-pair.ts';
export { complexAbs, complexDivide, complexMultiply, complexSign, complexSquare } from './complex-arithmetic.ts';
export { complexExp, complexExpm1, complexLogistic } from './complex-exp.ts';
export { complexLog, complexLog1p } from './complex-log.ts';
export { complexCbrt, complexPower, complexRsqrt, complexSqrt } from './complex-power.ts';
export { complexCos, complexCosh, complexSin, complexSinh, complexTan, complexTanh } from './complex-trig.ts';
export { complexAcos, complexAcosh, complexAsin, complexAsinh } from './complex-inverse.ts';
export { complexAtan, complexAtan2, complexAtanh } from './complex-atanh.ts';
