/** Neighbours and distances in units in the last place, over a format's ordered bit patterns. All exact. */
import { f32FromBits, f32ToBits, f64FromBits, f64ToBits } from './bits.ts';
import { decodeFloatFromBigint, encodeFloatToBigint } from './float-codec.ts';
import type { FloatFormat } from './float-formats.ts';
import { floatFormats } from './float-formats.ts';

/** What the distance is where no count of steps makes sense: a NaN beside a number, an infinity beside another value. */
const UNREACHABLE = (1n << 64n) - 1n;

/**
 * C's `nextafter` in f64: the neighbour of `from` towards `to`. Equal arguments (zeros of either sign are) give `to`;
 * from a zero the least subnormal with the sign of `to`; past the greatest finite value an infinity; NaN if either is.
 */
export function nextAfter64(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return NaN;
  if (from === to) return to;
  if (from === 0) return to > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const awayFromZero = to > from === from > 0;
  return f64FromBits(f64ToBits(from) + (awayFromZero ? 1n : -1n));
}

/** As `nextAfter64`, one step of f32; both arguments are f32 values. */
export function nextAfter32(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return NaN;
  if (from === to) return to;
  if (from === 0) return f32FromBits(to > 0 ? 1 : 0x80000001);
  const awayFromZero = to > from === from > 0;
  return f32FromBits(f32ToBits(from) + (awayFromZero ? 1 : -1));
}

/** As `nextAfter64`, one step of any format with IEEE specials; both arguments are values of that format. */
export function nextAfter(from: number, to: number, format: FloatFormat): number {
  if (format.specials !== 'ieee') throw new RangeError(`next_after of ${format.name} has no meaning`);
  if (Number.isNaN(from) || Number.isNaN(to)) return NaN;
  if (from === to) return to;
  if (from === 0) {
    const least = decodeFloatFromBigint(1n, format);
    return to > 0 ? least : -least;
  }
  const awayFromZero = to > from === from > 0;
  return decodeFloatFromBigint(encodeFloatToBigint(from, format) + (awayFromZero ? 1n : -1n), format);
}

/**
 * How many steps of `format` lie between two of its values, both zeros being one place; 0 for two NaNs or equal
 * infinities. A NaN or an infinity beside anything else is 2^64 - 1 away, as in StableHLO's `check.expect_close`.
 */
export function ulpDistance(a: number, b: number, format: FloatFormat): bigint {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0n;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return UNREACHABLE;
  const distance = orderedPosition(a, format) - orderedPosition(b, format);
  return distance < 0n ? -distance : distance;
}

/** `ulpDistance` in f64. */
export function ulpDistance64(a: number, b: number): bigint {
  return ulpDistance(a, b, floatFormats.f64);
}

/** `ulpDistance` in f32; both arguments are f32 values. */
export function ulpDistance32(a: number, b: number): bigint {
  return ulpDistance(a, b, floatFormats.f32);
}

/** The signed rank of a value: 0 for zeros, n for the n-th positive one. */
function orderedPosition(value: number, format: FloatFormat): bigint {
  const magnitude = encodeFloatToBigint(Math.abs(value), format);
  return value < 0 ? -magnitude : magnitude;
}
