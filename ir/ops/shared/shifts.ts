/** Shifts of the bit patterns of integers. The amount counts as unsigned: a negative one is past the width too. */
import { type IntegerFormat, wrapBigint, wrapInt } from '../../numerics/index.ts';

function isPastWidth(amount: number, { width }: IntegerFormat): boolean {
  return amount < 0 || amount >= width;
}

export function shiftLeft(x: number, amount: number, format: IntegerFormat): number {
  return isPastWidth(amount, format) ? 0 : x << amount;
}

/** Fills with the top bit, also of unsigned integers. */
export function shiftRightArithmetic(x: number, amount: number, format: IntegerFormat): number {
  const signed = format.signed ? x : wrapInt(x, { width: format.width, signed: true });
  return signed >> (isPastWidth(amount, format) ? 31 : amount);
}

export function shiftRightLogical(x: number, amount: number, format: IntegerFormat): number {
  if (isPastWidth(amount, format)) return 0;
  return wrapInt(x, { width: format.width, signed: false }) >>> amount;
}

function isPastBigintWidth(amount: bigint, { width }: IntegerFormat): boolean {
  return amount < 0n || amount >= BigInt(width);
}

export function bigintShiftLeft(x: bigint, amount: bigint, format: IntegerFormat): bigint {
  return isPastBigintWidth(amount, format) ? 0n : x << amount;
}

/** Fills with the top bit, also of unsigned integers. */
export function bigintShiftRightArithmetic(x: bigint, amount: bigint, format: IntegerFormat): bigint {
  const signed = wrapBigint(x, { width: format.width, signed: true });
  return signed >> (isPastBigintWidth(amount, format) ? BigInt(format.width) : amount);
}

export function bigintShiftRightLogical(x: bigint, amount: bigint, format: IntegerFormat): bigint {
  if (isPastBigintWidth(amount, format)) return 0n;
  return wrapBigint(x, { width: format.width, signed: false }) >> amount;
}
