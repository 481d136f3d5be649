/** cbrt, hypot and rsqrt: within 0.501 ULP, without overflow or underflow on the way. */
import { copySign, exponentOf, scaleByPowerOfTwo } from './bits.ts';
import {
  ddAdd,
  ddDiv,
  DD_ONE,
  ddFrom,
  ddMulF64,
  ddRoundScaled,
  ddSqrt,
  ddSub,
  quickTwoSum,
  twoProduct,
} from './double-double.ts';

/** Beyond this difference of exponents, the longer leg is the hypotenuse. */
const FLAT = 60;

/** The real cube root, negative for negative x. cbrt(+-0) = +-0, cbrt(+-inf) = +-inf. */
export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const exponent = Math.floor(exponentOf(x) / 3);
  const reduced = scaleByPowerOfTwo(Math.abs(x), -3 * exponent);
  return copySign(scaleByPowerOfTwo(cbrtOfReduced(reduced), exponent), x);
}

/**
 * Cube root of a number in [1, 8): Newton's iteration from a chord, until doubles have no more to give, and one last
 * step with the rest `a - y^3` in double-double.
 */
function cbrtOfReduced(a: number): number {
  let root = 0.9 + 0.15 * a;
  for (let i = 0; i < 5; i++) root -= (root - a / (root * root)) / 3;
  const rest = ddSub(ddFrom(a), ddMulF64(twoProduct(root, root), root));
  return quickTwoSum(root, rest.hi / (3 * root * root)).hi;
}

/** `sqrt(x^2 + y^2)`. An infinite argument gives inf, even beside NaN. */
export function hypot(x: number, y: number): number {
  const longer = Math.max(Math.abs(x), Math.abs(y));
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) return Infinity;
  if (Number.isNaN(longer) || longer === 0) return longer;
  const shorter = Math.min(Math.abs(x), Math.abs(y));
  const exponent = exponentOf(longer);
  if (exponentOf(shorter) < exponent - FLAT) return longer;
  const leg = scaleByPowerOfTwo(longer, -exponent);
  const otherLeg = scaleByPowerOfTwo(shorter, -exponent);
  return ddRoundScaled(ddSqrt(ddAdd(twoProduct(leg, leg), twoProduct(otherLeg, otherLeg))), exponent);
}

/** `1 / sqrt(x)`. rsqrt(+-0) = +-inf, rsqrt(inf) = 0, NaN below 0. */
export function rsqrt(x: number): number {
  if (x === 0 || x === Infinity) return 1 / x;
  if (!(x > 0)) return NaN;
  const half = Math.floor(exponentOf(x) / 2);
  const reduced = ddFrom(scaleByPowerOfTwo(x, -2 * half));
  return scaleByPowerOfTwo(ddDiv(DD_ONE, ddSqrt(reduced)).hi, -half);
}
