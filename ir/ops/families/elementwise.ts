/** Ops whose result elements depend on the operand elements at the same place only, and constants. */
import { abs } from '../stablehlo/abs.ts';
import { add } from '../stablehlo/add.ts';
import { and } from '../stablehlo/and.ts';
import { atan2 } from '../stablehlo/atan2.ts';
import { bitcastConvert } from '../stablehlo/bitcast-convert.ts';
import { cbrt } from '../stablehlo/cbrt.ts';
import { ceil } from '../stablehlo/ceil.ts';
import { clamp } from '../stablehlo/clamp.ts';
import { compare } from '../stablehlo/compare.ts';
import { complex } from '../stablehlo/complex.ts';
import { constant } from '../stablehlo/constant.ts';
import { convert } from '../stablehlo/convert.ts';
import { cosine } from '../stablehlo/cosine.ts';
import { countLeadingZeros } from '../stablehlo/count-leading-zeros.ts';
import { divide } from '../stablehlo/divide.ts';
import { exponential } from '../stablehlo/exponential.ts';
import { exponentialMinusOne } from '../stablehlo/exponential-minus-one.ts';
import { floor } from '../stablehlo/floor.ts';
import { imag } from '../stablehlo/imag.ts';
import { isFinite } from '../stablehlo/is-finite.ts';
import { log } from '../stablehlo/log.ts';
import { logPlusOne } from '../stablehlo/log-plus-one.ts';
import { logistic } from '../stablehlo/logistic.ts';
import { maximum } from '../stablehlo/maximum.ts';
import { minimum } from '../stablehlo/minimum.ts';
import { multiply } from '../stablehlo/multiply.ts';
import { negate } from '../stablehlo/negate.ts';
import { not } from '../stablehlo/not.ts';
import { or } from '../stablehlo/or.ts';
import { popcnt } from '../stablehlo/popcnt.ts';
import { power } from '../stablehlo/power.ts';
import { real } from '../stablehlo/real.ts';
import { reducePrecision } from '../stablehlo/reduce-precision.ts';
import { remainder } from '../stablehlo/remainder.ts';
import { roundNearestAfz } from '../stablehlo/round-nearest-afz.ts';
import { roundNearestEven } from '../stablehlo/round-nearest-even.ts';
import { rsqrt } from '../stablehlo/rsqrt.ts';
import { select } from '../stablehlo/select.ts';
import { shiftLeft } from '../stablehlo/shift-left.ts';
import { shiftRightArithmetic } from '../stablehlo/shift-right-arithmetic.ts';
import { shiftRightLogical } from '../stablehlo/shift-right-logical.ts';
import { sign } from '../stablehlo/sign.ts';
import { sine } from '../stablehlo/sine.ts';
import { sqrt } from '../stablehlo/sqrt.ts';
import { subtract } from '../stablehlo/subtract.ts';
import { tan } from '../stablehlo/tan.ts';
import { tanh } from '../stablehlo/tanh.ts';
import { uniformDequantize } from '../stablehlo/uniform-dequantize.ts';
import { uniformQuantize } from '../stablehlo/uniform-quantize.ts';
import { xor } from '../stablehlo/xor.ts';

export const elementwiseOps = [
  abs,
  add,
  and,
  atan2,
  bitcastConvert,
  cbrt,
  ceil,
  clamp,
  compare,
  complex,
  constant,
  convert,
  cosine,
  countLeadingZeros,
  divide,
  exponential,
  exponentialMinusOne,
  floor,
  imag,
  isFinite,
  log,
  logPlusOne,
  logistic,
  maximum,
  minimum,
  multiply,
  negate,
  not,
  or,
  popcnt,
  power,
  real,
  reducePrecision,
  remainder,
  roundNearestAfz,
  roundNearestEven,
  rsqrt,
  select,
  shiftLeft,
  shiftRightArithmetic,
  shiftRightLogical,
  sign,
  sine,
  sqrt,
  subtract,
  tan,
  tanh,
  uniformDequantize,
  uniformQuantize,
  xor,
] as const;
