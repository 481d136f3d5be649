/** erf and erfc: within 0.501 ULP, subnormal results included. */
import { copySign, powerOfTwo } from './bits.ts';
import { ddErfNearZero, scaledErfc } from './dd-erf.ts';
import { DD_TWO_OVER_ROOT_PI } from './dd-constants.ts';
import { ddAddF64, ddMulF64, ddNeg, ddRoundScaled } from './double-double.ts';
import { roundScaled, scaledToDd } from './scaled-double-double.ts';

/** Above, erf x is 1 and erfc -x is 2. */
const SATURATION = 6;
/** Above, erfc x is less than half the least subnormal. */
const UNDERFLOW = 27.3;
/** Below, erf x is 2 x / sqrt(pi), scaled up by 2^RESCUE so that only its rounding is subnormal. */
const FAINT = 1e-270;
const RESCUE = 600;

/** erf(+-0) = +-0, erf(+-inf) = +-1. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (x === 0 || Number.isNaN(x)) return x;
  if (magnitude < FAINT) return ddRoundScaled(ddMulF64(DD_TWO_OVER_ROOT_PI, x * powerOfTwo(RESCUE)), -RESCUE);
  if (magnitude <= 1) return ddErfNearZero(x).hi;
  if (magnitude > SATURATION) return copySign(1, x);
  return copySign(ddAddF64(ddNeg(scaledToDd(scaledErfc(magnitude))), 1).hi, x);
}

/** `1 - erf x`. erfc(inf) = 0, erfc(-inf) = 2. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > UNDERFLOW) return 0;
  if (x < -SATURATION) return 2;
  if (x > 1) return roundScaled(scaledErfc(x));
  if (x >= -1) return ddAddF64(ddNeg(ddErfNearZero(x)), 1).hi;
  return ddAddF64(ddNeg(scaledToDd(scaledErfc(-x))), 2).hi;
}
