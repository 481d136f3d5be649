/** pow: within 0.501 ULP, with every special case of IEEE 754-2019, 9.2.1 (and C23, F.10.4.4). */
import { isNegative } from './bits.ts';
import { ddExpScaled } from './dd-exp.ts';
import { ddLogOfF64 } from './dd-log.ts';
import { ddMulF64, ddRoundScaled } from './double-double.ts';

/** Beyond these, the result is infinite or zero whatever the rounding. */
const OVERFLOW = 709.79;
const UNDERFLOW = -745.14;

/**
 * `x^y`, as `exp(y log |x|)` in double-double (the logarithm is good to 97 bits, the product loses ten of them).
 *
 * pow(x, +-0) = 1 and pow(1, y) = 1 even for NaN; pow(-1, +-inf) = 1; a negative base needs an integer exponent, else
 * NaN; zeros and infinities keep their sign for odd exponents.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const base = Math.abs(x);
  if (!Number.isFinite(y)) return powerToInfinity(base, y);
  const isOdd = isOddInteger(y);
  if (base === 0 || base === Infinity) return signed((base === 0) === y < 0 ? Infinity : 0, isNegative(x) && isOdd);
  if (x < 0 && !Number.isInteger(y)) return NaN;
  return signed(positivePower(base, y), x < 0 && isOdd);
}

function powerToInfinity(base: number, y: number): number {
  if (base === 1) return 1;
  return base > 1 === y > 0 ? Infinity : 0;
}

function isOddInteger(y: number): boolean {
  return Math.abs(y % 2) === 1;
}

function signed(magnitude: number, isNegativeResult: boolean): number {
  return isNegativeResult ? -magnitude : magnitude;
}

function positivePower(base: number, y: number): number {
  if (base === 1) return 1;
  const logarithm = ddLogOfF64(base);
  const estimate = logarithm.hi * y;
  if (estimate > OVERFLOW) return Infinity;
  if (estimate < UNDERFLOW) return 0;
  const { significand, exponent } = ddExpScaled(ddMulF64(logarithm, y));
  return ddRoundScaled(significand, exponent);
}
