/** StableHLO's `reduce_precision`: exact but for the rounding that the op asks for. */
import { decodeFloatFromBigint, encodeFloatToBigint } from './float-codec.ts';
import type { FloatFormat } from './float-formats.ts';

export interface ReducedPrecision {
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/**
 * `reduce_precision`: what is left of `value`, an element of `format`, in a format of the given field widths.
 *
 * As the StableHLO reference interpreter does it, on the bits: the mantissa is rounded to nearest even, carrying into
 * the exponent; an exponent above the reduced range gives infinity, one below it a signed zero (subnormals of the
 * reduced format are flushed). A field that is not narrower than the format's own is left alone.
 * NaN stays NaN, unless no mantissa bit is left: then it becomes infinity.
 */
export function reducePrecision(value: number, format: FloatFormat, reduced: ReducedPrecision): number {
  if (format.specials !== 'ieee') throw new RangeError(`reduce_precision of ${format.name} has no meaning`);
  if (Number.isNaN(value)) return reduced.mantissaBits > 0 ? value : Infinity;
  const rounded = roundMantissa(encodeFloatToBigint(value, format), format, reduced.mantissaBits);
  return decodeFloatFromBigint(clampExponent(rounded, format, reduced.exponentBits), format);
}

function roundMantissa(bits: bigint, format: FloatFormat, mantissaBits: number): bigint {
  const dropped = BigInt(format.mantissaBits - mantissaBits);
  if (dropped <= 0n) return bits;
  const lastKept = 1n << dropped;
  const bias = (bits & lastKept ? lastKept : lastKept - 2n) >> 1n;
  return (bits + bias) & ~(lastKept - 1n);
}

function clampExponent(bits: bigint, format: FloatFormat, exponentBits: number): bigint {
  if (exponentBits >= format.exponentBits) return bits;
  const reducedBias = (1 << (exponentBits - 1)) - 1;
  const sign = bits & (1n << BigInt(format.width - 1));
  const infinity = ((1n << BigInt(format.exponentBits)) - 1n) << BigInt(format.mantissaBits);
  const field = Number((bits & infinity) >> BigInt(format.mantissaBits));
  if (field > format.bias + reducedBias) return sign | infinity;
  return field <= format.bias - reducedBias ? sign : bits;
}
