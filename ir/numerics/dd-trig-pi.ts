/** sin and cos of multiples of pi, in double-double. */
import { DD_PI } from './dd-constants.ts';
import type { SinCos } from './dd-trig.ts';
import { ddCosNearZero, ddSinNearZero } from './dd-trig.ts';
import { ddMulF64, ddNeg } from './double-double.ts';
import { roundHalfEven } from './rounding.ts';

/** `sin(pi x)` and `cos(pi x)` of a finite x: the reduction to `|x| <= 1/4` is exact. Relative errors below 2^-98. */
export function ddSinCosOfPi(x: number): SinCos {
  const whole = x % 2;
  const quarterTurns = roundHalfEven(2 * whole);
  const rest = ddMulF64(DD_PI, whole - quarterTurns / 2);
  const sin = ddSinNearZero(rest);
  const cos = ddCosNearZero(rest);
  switch (quarterTurns & 3) {
    case 0:
      return { sin, cos };
    case 1:
      return { sin: cos, cos: ddNeg(sin) };
    case 2:
      return { sin: ddNeg(sin), cos: ddNeg(cos) };
    default:
      return { sin: ddNeg(cos), cos: sin };
  }
}
