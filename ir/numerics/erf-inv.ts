/** The inverse of erf: within 0.501 ULP. About 3 microseconds a call. */
import { copySign, powerOfTwo } from './bits.ts';
import { DD_TWO_OVER_ROOT_PI } from './dd-constants.ts';
import { ddErfNearZero, scaledErfc } from './dd-erf.ts';
import { ddAddF64, ddDiv, ddFrom, ddRoundScaled, ddSub, quickTwoSum } from './double-double.ts';
import { exp } from './exp.ts';
import { log } from './log.ts';
import { scaledToDd } from './scaled-double-double.ts';

/** Below, erf is linear to double-double. */
const TINY = 1e-18;
const RESCUE = 600;
/** Below, its argument's erf is found from its series, above from erfc and the exact 1 - x. */
const MIDDLE = 0.84;
/** Above, the second derivative is so large beside the first that a third step is needed. */
const STEEP = 0.9;
const TWO_OVER_ROOT_PI = DD_TWO_OVER_ROOT_PI.hi;

/** erfInv(+-0) = +-0, erfInv(+-1) = +-inf, NaN beyond. */
export function erfInv(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude <= 1)) return NaN;
  if (magnitude === 1) return copySign(Infinity, x);
  if (magnitude < TINY) return x === 0 ? x : inverseNearZero(x);
  let result = firstGuess(magnitude);
  for (let left = magnitude < STEEP ? 2 : 3; left > 0; left--) result = improve(result, magnitude);
  return copySign(result, x);
}

/** `x sqrt(pi) / 2`, scaled up on the way so that only its rounding is subnormal. */
function inverseNearZero(x: number): number {
  return ddRoundScaled(ddDiv(ddFrom(x * powerOfTwo(RESCUE)), DD_TWO_OVER_ROOT_PI), -RESCUE);
}

/** Good to three digits: Winitzki 2008, "A handy approximation for the error function and its inverse". */
function firstGuess(x: number): number {
  const logarithm = log((1 - x) * (1 + x));
  const middle = 4.33 + logarithm / 2;
  return Math.sqrt(Math.sqrt(middle * middle - logarithm / 0.147) - middle);
}

/**
 * One step of Halley's method, which triples the correct digits: with u = (erf y - x) / erf'(y), the next is
 * `y - u / (1 + y u)`, since `erf'' = -2 y erf'`.
 */
function improve(y: number, x: number): number {
  const slope = TWO_OVER_ROOT_PI * exp(-y * y);
  const step = excess(y, x) / slope;
  return quickTwoSum(y, -step / (1 + y * step)).hi;
}

/** `erf y - x`, with a small error relative to `1 - x`. */
function excess(y: number, x: number): number {
  if (y <= 1 && x < MIDDLE) return ddAddF64(ddErfNearZero(y), -x).hi;
  const complement = y > 1 ? scaledToDd(scaledErfc(y)) : ddSub(ddFrom(1), ddErfNearZero(y));
  return ddAddF64(complement, x - 1).hi * -1;
}
