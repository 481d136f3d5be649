/**
 * Bit casts between numbers and their IEEE 754 encodings, and the exact operations built on them.
 *
 * Words are read through a DataView, so that the host's byte order never shows.
 * A NaN keeps its payload only inside a bit pattern: an engine may canonicalise it as soon as it is a number.
 */

const TWO_54 = 18014398509481984;
const TWO_MINUS_52 = 2.220446049250313e-16;

const scratch = new DataView(new ArrayBuffer(8));

/** The 64 bits of `value` as an unsigned bigint. */
export function f64ToBits(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

/** The f64 whose encoding is the low 64 bits of `bits`. */
export function f64FromBits(bits: bigint): number {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

/** Sign, exponent and the top 20 mantissa bits, as a signed 32-bit integer. */
export function f64HighWord(value: number): number {
  scratch.setFloat64(0, value);
  return scratch.getInt32(0);
}

/** The low 32 mantissa bits, as an unsigned 32-bit integer. */
export function f64LowWord(value: number): number {
  scratch.setFloat64(0, value);
  return scratch.getUint32(4);
}

/** The f64 with the given high and low words (either may be given signed or unsigned). */
export function f64FromWords(high: number, low: number): number {
  scratch.setInt32(0, high);
  scratch.setInt32(4, low);
  return scratch.getFloat64(0);
}

/** The 32 bits of `value` rounded to f32, as an unsigned integer. */
export function f32ToBits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** The f32 whose encoding is the low 32 bits of `bits`. */
export function f32FromBits(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** Whether the sign bit is set: true for -0, false for +0; false for NaN, whose sign has no meaning here. */
export function isNegative(value: number): boolean {
  return value < 0 || (value === 0 && 1 / value < 0);
}

/** `magnitude` with the sign of `sign`; a NaN `sign` counts as positive. */
export function copySign(magnitude: number, sign: number): number {
  const absolute = Math.abs(magnitude);
  return isNegative(sign) ? -absolute : absolute;
}

/** `floor(log2(|value|))`, exact for subnormals too; -Infinity for zero, Infinity for infinities, NaN for NaN. */
export function exponentOf(value: number): number {
  const biased = (f64HighWord(value) >>> 20) & 0x7ff;
  if (biased === 0x7ff) return Math.abs(value);
  if (biased !== 0) return biased - 1023;
  return value === 0 ? -Infinity : exponentOf(value * TWO_54) - 54;
}

/** `2^exponent` for an integer exponent: exact from -1074 to 1023, 0 below and Infinity above. */
export function powerOfTwo(exponent: number): number {
  if (exponent > 1023) return Infinity;
  if (exponent >= -1022) return f64FromWords((exponent + 1023) << 20, 0);
  if (exponent < -1074) return 0;
  return powerOfTwo(exponent + 52) * TWO_MINUS_52;
}

/** `value * 2^exponent` with one rounding at most (only a subnormal result rounds), for any integer exponent. */
export function scaleByPowerOfTwo(value: number, exponent: number): number {
  if (exponent >= -1022 && exponent <= 1023) return value * powerOfTwo(exponent);
  if (exponent > 1023) return scaleUp(value, Math.min(exponent, 2200));
  return scaleDown(value, Math.max(exponent, -2200));
}

function scaleUp(value: number, exponent: number): number {
  let result = value;
  let left = exponent;
  for (; left > 1023; left -= 1023) result *= powerOfTwo(1023);
  return result * powerOfTwo(left);
}

/** Splits the factor so that only the last product can be subnormal. */
function scaleDown(value: number, exponent: number): number {
  const exponentAfter = exponentOf(value) + exponent;
  if (exponentAfter < -1080) return copySign(0, value);
  const half = Math.trunc(exponent / 2);
  return value * powerOfTwo(half) * powerOfTwo(exponent - half);
}
