/**
 * One encoder and one decoder between f64 numbers and the bit patterns of every storage format up to 32 bits.
 *
 * Encoding rounds once, from f64 straight to the format, to nearest with ties to even (f8E8M0FNU: ties up, as
 * ml_dtypes does). Overflow, infinities and NaN follow the format's `FloatSpecials`.
 */
import { exponentOf, f32FromBits, f32ToBits, f64FromBits, f64ToBits, isNegative, powerOfTwo } from './bits.ts';
import type { FloatFormat } from './float-formats.ts';
import { roundHalfEven } from './rounding.ts';

const decodeTables = new Map<FloatFormat, Float64Array>();

/** The bit pattern of `value` rounded to `format`, an unsigned integer. For f64 use `f64ToBits`: it throws here. */
export function encodeFloat(value: number, format: FloatFormat): number {
  requireNarrow(format);
  if (format.name === 'f32') return f32ToBits(value);
  if (format.specials === 'power-of-two') return encodePowerOfTwo(value, format);
  if (Number.isNaN(value)) return nanBits(format);
  const sign = isNegative(value) ? signBit(format) : 0;
  const magnitude = magnitudeBits(Math.abs(value), format);
  if (magnitude === undefined) return overflowBits(sign, format);
  return magnitude === 0 && format.specials === 'nan-as-negative-zero' ? 0 : sign | magnitude;
}

/** The value of a bit pattern; bits above the format's width are ignored. For f64 use `f64FromBits`: it throws here. */
export function decodeFloat(bits: number, format: FloatFormat): number {
  requireNarrow(format);
  if (format.name === 'f32') return f32FromBits(bits);
  const table = decodeTables.get(format) ?? buildDecodeTable(format);
  return table[bits & (table.length - 1)] ?? NaN;
}

/** The value of every bit pattern of a format of at most 16 bits; shared, not to be written to. */
export function decodeTable(format: FloatFormat): Float64Array {
  return decodeTables.get(format) ?? buildDecodeTable(format);
}

/** `value` rounded to `format`, as a number. */
export function roundToFormat(value: number, format: FloatFormat): number {
  if (format.name === 'f64') return value;
  if (format.name === 'f32') return Math.fround(value);
  return decodeFloat(encodeFloat(value, format), format);
}

/** As `encodeFloat`, for every format: f64 included, hence a bigint. */
export function encodeFloatToBigint(value: number, format: FloatFormat): bigint {
  return format.name === 'f64' ? f64ToBits(value) : BigInt(encodeFloat(value, format));
}

/** As `decodeFloat`, for every format: f64 included, hence from a bigint. */
export function decodeFloatFromBigint(bits: bigint, format: FloatFormat): number {
  return format.name === 'f64' ? f64FromBits(bits) : decodeFloat(Number(BigInt.asUintN(format.width, bits)), format);
}

function requireNarrow(format: FloatFormat): void {
  if (format.width > 32) throw new RangeError(`${format.name} does not fit a 32-bit pattern`);
}

function signBit(format: FloatFormat): number {
  return 1 << (format.width - 1);
}

/** Exponent and mantissa fields of a rounded magnitude, or undefined where it exceeds the greatest finite one. */
function magnitudeBits(magnitude: number, format: FloatFormat): number | undefined {
  if (magnitude === 0) return 0;
  const exponent = Math.max(exponentOf(magnitude), format.minExponent);
  if (exponent > format.bias + 1) return undefined;
  const inverseQuantum = powerOfTwo(format.mantissaBits - exponent);
  const significand = roundHalfEven(magnitude * inverseQuantum);
  if (significand / inverseQuantum > format.maxFinite) return undefined;
  return (exponent - format.minExponent) * (1 << format.mantissaBits) + significand;
}

function overflowBits(sign: number, format: FloatFormat): number {
  switch (format.specials) {
    case 'ieee':
      return sign | infinityBits(format);
    case 'finite':
      return sign | (signBit(format) - 1);
    case 'nan-only':
      return sign | nanBits(format);
    case 'nan-as-negative-zero':
    case 'power-of-two':
      return nanBits(format);
  }
}

function infinityBits(format: FloatFormat): number {
  return ((1 << format.exponentBits) - 1) << format.mantissaBits;
}

/** The canonical NaN: positive and quiet where the format has a choice. */
function nanBits(format: FloatFormat): number {
  switch (format.specials) {
    case 'ieee':
      return infinityBits(format) | (1 << (format.mantissaBits - 1));
    case 'nan-only':
      return signBit(format) - 1;
    case 'nan-as-negative-zero':
    case 'finite':
      return signBit(format);
    case 'power-of-two':
      return (1 << format.width) - 1;
  }
}

/** Nearest power of two, ties up; tiny positive values give the least one; zero, negatives and overflow give NaN. */
function encodePowerOfTwo(value: number, format: FloatFormat): number {
  if (!(value > 0) || value === Infinity) return nanBits(format);
  const exponent = exponentOf(value);
  if (exponent < format.minExponent) return 0;
  const rounded = value * powerOfTwo(-exponent) >= 1.5 ? exponent + 1 : exponent;
  return Math.min(rounded + format.bias, nanBits(format));
}

function buildDecodeTable(format: FloatFormat): Float64Array {
  const table = new Float64Array(1 << format.width);
  for (let bits = 0; bits < table.length; bits++) table[bits] = decodeSlowly(bits, format);
  decodeTables.set(format, table);
  return table;
}

function decodeSlowly(bits: number, format: FloatFormat): number {
  if (format.specials === 'power-of-two') return bits === nanBits(format) ? NaN : powerOfTwo(bits - format.bias);
  const sign = bits & signBit(format) ? -1 : 1;
  const magnitude = bits & (signBit(format) - 1);
  if (format.specials === 'ieee' && magnitude === infinityBits(format)) return sign * Infinity;
  if (isNaNPattern(bits, magnitude, format)) return NaN;
  const field = magnitude >> format.mantissaBits;
  const fraction = magnitude & ((1 << format.mantissaBits) - 1);
  const significand = field === 0 ? fraction : fraction + (1 << format.mantissaBits);
  const exponent = Math.max(field - format.bias, format.minExponent);
  return sign * significand * powerOfTwo(exponent - format.mantissaBits);
}

function isNaNPattern(bits: number, magnitude: number, format: FloatFormat): boolean {
  switch (format.specials) {
    case 'ieee':
      return magnitude > infinityBits(format);
    case 'nan-only':
      return magnitude === nanBits(format);
    case 'nan-as-negative-zero':
    case 'power-of-two':
      return bits === nanBits(format);
    case 'finite':
      return false;
  }
}
