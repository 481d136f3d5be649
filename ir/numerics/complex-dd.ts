/** Complex square roots in double-double: what roots, powers and inverse functions are made of. */
import { exponentOf, powerOfTwo, scaleByPowerOfTwo } from './bits.ts';
import type { DoubleDouble } from './double-double.ts';
import {
  ddAbs,
  ddAdd,
  ddDiv,
  DD_ZERO,
  ddFrom,
  ddRoundScaled,
  ddScale,
  ddScaleByPowerOfTwo,
  ddSqrt,
  ddSquare,
} from './double-double.ts';

export interface ComplexDoubleDouble {
  readonly re: DoubleDouble;
  readonly im: DoubleDouble;
}

/**
 * The principal square root of `x + y i`, finite, `y >= 0`: both parts non-negative, each with a relative error below
 * 2^-100 (but for subnormal parts). The larger part comes from `sqrt((|z| + |x|) / 2)`, the other from dividing y by
 * twice it, so that nothing cancels (Kahan 1987, "Branch cuts for complex elementary functions", CSQRT).
 */
export function complexDdSqrt(x: DoubleDouble, y: number): ComplexDoubleDouble {
  if (x.hi === 0 && y === 0) return { re: DD_ZERO, im: DD_ZERO };
  const half = Math.floor(Math.max(exponentOf(x.hi), exponentOf(y)) / 2);
  const real = ddAbs(ddScaleByPowerOfTwo(x, -2 * half));
  const imaginary = ddScaleByPowerOfTwo(ddFrom(y), -2 * half);
  const modulus = ddSqrt(ddAdd(ddSquare(real), ddSquare(imaginary)));
  const root = ddSqrt(ddScale(ddAdd(modulus, real), 0.5));
  const larger = ddScale(root, powerOfTwo(half));
  const smaller = ddDiv(ddFrom(scaleByPowerOfTwo(y, -half)), ddScale(root, 2));
  return x.hi < 0 ? { re: smaller, im: larger } : { re: larger, im: smaller };
}

/** Numbers below are scaled up by `2^RESCUE` where a result is linear in them, so that only its rounding is subnormal. */
export const FAINT = 1e-270;
export const RESCUE = 600;

/** `y / x` for a `y` below FAINT, rounded once. */
export function quotientOfFaint(y: number, x: DoubleDouble): number {
  return ddRoundScaled(ddDiv(ddFrom(scaleByPowerOfTwo(y, RESCUE)), x), -RESCUE);
}
