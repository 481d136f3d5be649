/**
 * Short decimal literals without the exact algorithm: up to 15 digits and a power of ten up to 22 are both exact in f64, so one
 * division or multiplication rounds once (Clinger 1990). Most elements of a list are such.
 */
import { BLANK, characterClasses, DIGIT } from './characters.ts';

const MAX_DIGITS = 15;
const powersOfTen: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
];

const scratch = new DataView(new ArrayBuffer(8));
/** Well inside the normal range of f32. */
const SMALLEST = 1e-30;
const LARGEST = 1e30;

/** The f64 nearest to the float token at `[start, end)` (no sign); undefined when it is too long for this. */
export function fastDecimal(bytes: Uint8Array, start: number, end: number): number | undefined {
  let digits = 0;
  let mantissa = 0;
  let scale = 0;
  let at = start;
  for (let isFraction = false; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (((characterClasses[byte] ?? BLANK) & DIGIT) !== 0) {
      mantissa = mantissa * 10 + (byte - 0x30);
      if (mantissa !== 0) digits++;
      if (isFraction) scale--;
    } else if (byte === 0x2e) isFraction = true;
    else break;
  }
  if (digits > MAX_DIGITS) return undefined;
  if (at < end) {
    const exponent = exponentAt(bytes, at + 1, end);
    if (exponent === undefined) return undefined;
    scale += exponent;
  }
  const power = powersOfTen[Math.abs(scale)];
  if (power === undefined) return mantissa === 0 ? 0 : undefined;
  return scale < 0 ? mantissa / power : mantissa * power;
}

/** `+05`; undefined when longer than three digits. */
function exponentAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const isNegative = bytes[start] === 0x2d;
  const first = isNegative || bytes[start] === 0x2b ? start + 1 : start;
  if (end - first > 3) return undefined;
  let value = 0;
  for (let at = first; at < end; at++) value = value * 10 + ((bytes[at] ?? 0) - 0x30);
  return isNegative ? -value : value;
}

/**
 * As `fastDecimal`, rounded to f32. Rounding the f64 once more is wrong only where that lies exactly between two f32, which is left
 * to the exact algorithm.
 */
export function fastDecimal32(bytes: Uint8Array, start: number, end: number): number | undefined {
  const value = fastDecimal(bytes, start, end);
  if (value === undefined || value === 0) return value;
  if (value < SMALLEST || value > LARGEST) return undefined;
  scratch.setFloat64(0, value);
  const lowBits = scratch.getUint32(4) & 0x1fffffff;
  return lowBits === 0x10000000 ? undefined : Math.fround(value);
}
