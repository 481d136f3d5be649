/**
 * `reduce_precision` in integer arithmetic on the bits, as XLA does it: the mantissa is rounded to nearest, ties to even; then
 * what exceeds the range of the exponent becomes infinite, and what falls below it a zero of the same sign. NaN stays NaN, but
 * becomes infinite where no mantissa bit is left.
 */
import type { ValueExpr } from '../kernel/structured-kernel.ts';
import type { KernelDType } from '../kernel/value-type.ts';
import { binary, bitcastValue, compareValues, constantValue, selectValue } from './expressions.ts';

interface Layout {
  readonly bits: KernelDType;
  readonly width: number;
  readonly mantissa: number;
}

const layouts: Readonly<Partial<Record<KernelDType, Layout>>> = {
  f16: { bits: 'ui16', width: 16, mantissa: 10 },
  bf16: { bits: 'ui16', width: 16, mantissa: 7 },
  f32: { bits: 'ui32', width: 32, mantissa: 23 },
  f64: { bits: 'ui64', width: 64, mantissa: 52 },
};

/** Undefined for what is no float. */
export function roundToPrecision(
  operand: ValueExpr,
  exponentBits: number,
  mantissaBits: number,
): ValueExpr | undefined {
  const layout = layouts[operand.dtype];
  if (layout === undefined) return undefined;
  const { bits, width, mantissa } = layout;
  const constant = (value: bigint): ValueExpr => constantValue(bits, value);
  const one = 1n;
  const exponent = width - 1 - mantissa;
  const magnitudeMask = (one << BigInt(width - 1)) - one;
  const infinity = ((one << BigInt(exponent)) - one) << BigInt(mantissa);
  const word = bitcastValue(operand, bits);
  const sign = binary('and', word, constant(one << BigInt(width - 1)));
  let magnitude = binary('and', word, constant(magnitudeMask));
  if (mantissaBits < mantissa) magnitude = roundMantissa(magnitude, mantissa - mantissaBits, constant);
  if (exponentBits < exponent) {
    const bias = (one << BigInt(exponent - 1)) - one;
    const reducedBias = (one << BigInt(exponentBits - 1)) - one;
    const largest = ((bias + reducedBias + one) << BigInt(mantissa)) - one;
    const smallest = (bias - reducedBias + one) << BigInt(mantissa);
    const isTooBig = compareValues('gt', magnitude, constant(largest));
    const isTooSmall = compareValues('lt', magnitude, constant(smallest));
    magnitude = selectValue(isTooSmall, constant(0n), selectValue(isTooBig, constant(infinity), magnitude));
  }
  const rounded = bitcastValue(binary('or', sign, magnitude), operand.dtype);
  const nan = mantissaBits > 0 ? operand : bitcastValue(constant(infinity), operand.dtype);
  return selectValue(compareValues('ne', operand, operand), nan, rounded);
}

/** Drops `count` low bits: half of the last kept one, less its own value, decides ties for the even neighbour. */
function roundMantissa(magnitude: ValueExpr, count: number, constant: (value: bigint) => ValueExpr): ValueExpr {
  const shift = BigInt(count);
  const last = binary('and', binary('shift-right-logical', magnitude, constant(shift)), constant(1n));
  const bias = binary('add', last, constant((1n << (shift - 1n)) - 1n));
  const mask = ~((1n << shift) - 1n) & 0xffff_ffff_ffff_ffffn;
  const width = magnitude.dtype === 'ui64' ? 64 : magnitude.dtype === 'ui32' ? 32 : 16;
  return binary('and', binary('add', magnitude, bias), constant(BigInt.asUintN(width, mask)));
}
