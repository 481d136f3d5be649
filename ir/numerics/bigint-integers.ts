/**
 * Fixed-width integer arithmetic on bigints: i64 and ui64 (any width works).
 * The same functions, conventions and sources as `integers.ts`.
 */
import type { IntegerFormat } from './integers.ts';

/** The low `width` bits of any integer, read as `format`. */
export function wrapBigint(value: bigint, format: IntegerFormat): bigint {
  return format.signed ? BigInt.asIntN(format.width, value) : BigInt.asUintN(format.width, value);
}

/** `lhs * rhs`, wrapped. */
export function bigintMultiply(lhs: bigint, rhs: bigint, format: IntegerFormat): bigint {
  return wrapBigint(lhs * rhs, format);
}

/** The upper `width` bits of the product of `2 * width` bits. */
export function bigintMulHigh(lhs: bigint, rhs: bigint, format: IntegerFormat): bigint {
  return (lhs * rhs) >> BigInt(format.width);
}

/** Quotient towards zero. `x / 0` is -1 (all bits set), and the least value over -1 is itself. */
export function bigintDivide(lhs: bigint, rhs: bigint, format: IntegerFormat): bigint {
  return wrapBigint(rhs === 0n ? -1n : lhs / rhs, format);
}

/** Remainder with the sign of `lhs`. `x % 0` is x. */
export function bigintRemainder(lhs: bigint, rhs: bigint): bigint {
  return rhs === 0n ? lhs : lhs % rhs;
}

/** `base` to the `exponent`, wrapped; see `intPower` for negative exponents. */
export function bigintPower(base: bigint, exponent: bigint, format: IntegerFormat): bigint {
  if (exponent < 0n && base !== 1n && base !== -1n) return 0n;
  let result = 1n;
  let square = base;
  for (let left = exponent < 0n ? -exponent : exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = wrapBigint(result * square, format);
    square = wrapBigint(square * square, format);
  }
  return wrapBigint(result, format);
}

/** How many of the `width` bits are set. */
export function bigintPopulationCount(value: bigint, format: IntegerFormat): bigint {
  let count = 0n;
  for (let bits = BigInt.asUintN(format.width, value); bits > 0n; bits &= bits - 1n) count++;
  return count;
}

/** How many of the `width` bits stand above the highest set one; `width` for 0. */
export function bigintCountLeadingZeros(value: bigint, format: IntegerFormat): bigint {
  let count = BigInt(format.width);
  for (let bits = BigInt.asUintN(format.width, value); bits > 0n; bits >>= 1n) count--;
  return count;
}

/** `convert` from a float: towards zero, saturating at the ends of the range; NaN gives 0. */
export function floatToBigint(value: number, format: IntegerFormat): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value === Infinity) return greatestBigint(format);
  if (value === -Infinity) return leastBigint(format);
  const integer = BigInt(Math.trunc(value));
  if (integer > greatestBigint(format)) return greatestBigint(format);
  return integer < leastBigint(format) ? leastBigint(format) : integer;
}

export function leastBigint(format: IntegerFormat): bigint {
  return format.signed ? -(1n << BigInt(format.width - 1)) : 0n;
}

export function greatestBigint(format: IntegerFormat): bigint {
  return (1n << BigInt(format.signed ? format.width - 1 : format.width)) - 1n;
}
