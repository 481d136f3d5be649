/**
 * log gamma: within 0.501 ULP, but for the few doubles next to its zeros left of 0, where terms cancel: the absolute error
 * is below 2^-92 there, 1.2 ULP at the worst one seen.
 */
import { DD_LOG_PI } from './dd-constants.ts';
import { ddLgamma, ddLgammaBelow } from './dd-gamma.ts';
import { ddLog } from './dd-log.ts';
import { ddSinCosOfPi } from './dd-trig-pi.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAbs, ddMulF64, ddSub } from './double-double.ts';

/** Above, it overflows. */
const OVERFLOW = 2.5563481638716906e305;

/**
 * `log |gamma(x)|`. lgamma(1) = lgamma(2) = +0; inf at +-inf and at the poles 0, -1, -2, ...
 *
 * Left of -1/2 by reflection, `log(pi / |x sin(pi x)|) - log gamma(-x)` (Abramowitz, Stegun 6.1.17), where -x is exact and
 * 1 - x would not be.
 */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > OVERFLOW || x === -Infinity || (x <= 0 && Number.isInteger(x))) return Infinity;
  if (x > 0) return ddLgamma(x).hi;
  return x > -0.5 ? ddLgammaBelow(x).hi : reflected(x).hi;
}

function reflected(x: number): DoubleDouble {
  const sine = ddAbs(ddMulF64(ddSinCosOfPi(x).sin, x));
  return ddSub(ddSub(DD_LOG_PI, ddLog(sine)), ddLgamma(-x));
}
