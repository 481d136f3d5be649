/**
 * asinh, acosh and atanh: within 0.501 ULP.
 * Their logarithmic forms in double-double, rounded once: the argument of the logarithm carries 104 bits, of which
 * the cancellation near 0 (asinh, atanh) or 1 (acosh) leaves at least 75.
 */
import { copySign } from './bits.ts';
import { DD_LN2 } from './dd-constants.ts';
import { ddLog } from './dd-log.ts';
import { ddAdd, ddAddF64, ddDiv, ddFrom, ddMul, ddSqrt, twoProduct, twoSum } from './double-double.ts';

/** Below, asinh x, atanh x and x round to the same number. */
const TINY = 3.7e-9;
/** Above, sqrt(x^2 +- 1) and x agree to 80 bits. */
const LARGE = 1099511627776;

/** asinh(+-0) = +-0, asinh(+-inf) = +-inf. */
export function asinh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < TINY || !Number.isFinite(x)) return x;
  if (magnitude > LARGE) return copySign(logOfTwice(magnitude), x);
  const root = ddSqrt(ddAddF64(twoProduct(magnitude, magnitude), 1));
  return copySign(ddLog(ddAddF64(root, magnitude)).hi, x);
}

/** acosh(1) = +0, acosh(inf) = inf, NaN below 1. */
export function acosh(x: number): number {
  if (!(x >= 1)) return NaN;
  if (x > LARGE) return x === Infinity ? x : logOfTwice(x);
  const root = ddSqrt(ddMul(twoSum(x, -1), twoSum(x, 1)));
  return ddLog(ddAddF64(root, x)).hi;
}

/** atanh(+-0) = +-0, atanh(+-1) = +-inf, NaN beyond. */
export function atanh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < TINY) return x;
  if (!(magnitude < 1)) return magnitude === 1 ? copySign(Infinity, x) : NaN;
  return copySign(ddLog(ddDiv(twoSum(1, magnitude), twoSum(1, -magnitude))).hi / 2, x);
}

function logOfTwice(x: number): number {
  return ddAdd(ddLog(ddFrom(x)), DD_LN2).hi;
}
