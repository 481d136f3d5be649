/**
 * Fixed-width integer arithmetic on numbers: every element type of at most 32 bits.
 *
 * Arguments and results are in range for their type: sign-extended if signed, zero-extended if not.
 * `bigint-integers.ts` has the same functions for 64 bits. Sources: StableHLO spec (wrap-around, `power`, `popcnt`);
 * XLA operation semantics (division by zero); LLVM `APFloat::convertToInteger` (saturation), which StableHLO's
 * reference interpreter calls for `convert`.
 */
import { powerOfTwo } from './bits.ts';

export interface IntegerFormat {
  readonly width: number;
  readonly signed: boolean;
}

/** The low `width` bits of an integer of magnitude below 2^53, read as `format`. */
export function wrapInt(value: number, format: IntegerFormat): number {
  const unused = 32 - format.width;
  const low = value | 0;
  return format.signed ? (low << unused) >> unused : (low << unused) >>> unused;
}

/** `lhs * rhs`, wrapped. */
export function intMultiply(lhs: number, rhs: number, format: IntegerFormat): number {
  return wrapInt(Math.imul(lhs, rhs), format);
}

/** The upper `width` bits of the product of `2 * width` bits. */
export function intMulHigh(lhs: number, rhs: number, format: IntegerFormat): number {
  return Number((BigInt(lhs) * BigInt(rhs)) >> BigInt(format.width));
}

/** Quotient towards zero. `x / 0` is -1 (all bits set), and the least value over -1 is itself, as in XLA. */
export function intDivide(lhs: number, rhs: number, format: IntegerFormat): number {
  if (rhs === 0) return wrapInt(-1, format);
  return wrapInt(Math.trunc(lhs / rhs), format);
}

/** Remainder with the sign of `lhs`. `x % 0` is x, and the least value over -1 leaves 0, as in XLA. */
export function intRemainder(lhs: number, rhs: number): number {
  if (rhs === 0) return lhs;
  return (lhs % rhs) + 0;
}

/**
 * `base` to the `exponent`, wrapped. A negative exponent gives 0, but for the bases 1 and -1, whose inverses are
 * integers; `0 ^ 0` is 1 and `0 ^ -1` is 0. Source: `power` in StableHLO's reference interpreter.
 */
export function intPower(base: number, exponent: number, format: IntegerFormat): number {
  if (exponent < 0 && base !== 1 && base !== -1) return 0;
  let result = 1;
  let square = base;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return wrapInt(result, format);
}

/** How many of the `width` bits are set. */
export function populationCount(value: number, format: IntegerFormat): number {
  let bits = wrapInt(value, { width: format.width, signed: false });
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}

/** How many of the `width` bits stand above the highest set one; `width` for 0. */
export function countLeadingZeros(value: number, format: IntegerFormat): number {
  return Math.clz32(wrapInt(value, { width: format.width, signed: false })) - (32 - format.width);
}

/** `convert` from a float: towards zero, saturating at the ends of the range; NaN gives 0. */
export function floatToInt(value: number, format: IntegerFormat): number {
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.min(Math.max(value, leastInt(format)), greatestInt(format))) + 0;
}

export function leastInt(format: IntegerFormat): number {
  return format.signed ? -powerOfTwo(format.width - 1) : 0;
}

export function greatestInt(format: IntegerFormat): number {
  return powerOfTwo(format.signed ? format.width - 1 : format.width) - 1;
}
