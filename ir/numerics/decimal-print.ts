/**
 * A value of any storage format as MLIR prints it, so that dumps compare with other tools' dumps.
 *
 * - six significant digits, if they read back to the same value: `1.000000e+00`, `9.997550e-02`;
 * - else all the digits that the format's precision can need, plain if at most three zeros follow the point:
 *   `0.333333343`, `1.17549435E-38`;
 * - infinities and NaN as their bits: `0x7F800000`.
 *
 * One departure: where MLIR would print a finite value as bits, because the plain form has no point (`16777216`), it is
 * `1.6777216e+07` here. Source: `APFloat::toString` and the attribute printer of MLIR.
 */
import { decodeFloatFromBigint, encodeFloatToBigint } from './float-codec.ts';
import { f64ToBits, isNegative } from './bits.ts';
import { parseFloatToValue } from './decimal-parse.ts';
import type { FloatFormat } from './float-formats.ts';

const SHORT_DIGITS = 6;
const MAX_LEADING_ZEROS = 3;

/** `0.digits * 10^(exponent + 1)`: `digits` has no trailing zero, and its first digit stands for `10^exponent`. */
interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** The text of a bit pattern, payload of a NaN included. */
export function formatFloatBits(bits: bigint, format: FloatFormat): string {
  const value = decodeFloatFromBigint(bits, format);
  return Number.isFinite(value) ? formatFinite(value, format) : formatHexadecimal(bits, format);
}

/** The text of a value of `format`; NaN prints as the format's canonical one. */
export function formatFloatValue(value: number, format: FloatFormat): string {
  return Number.isFinite(value)
    ? formatFinite(value, format)
    : formatHexadecimal(encodeFloatToBigint(value, format), format);
}

function formatHexadecimal(bits: bigint, format: FloatFormat): string {
  return `0x${BigInt.asUintN(format.width, bits).toString(16).toUpperCase()}`;
}

function formatFinite(value: number, format: FloatFormat): string {
  const sign = isNegative(value) ? '-' : '';
  const magnitude = Math.abs(value);
  const short = scientific(significantDigits(magnitude, SHORT_DIGITS));
  if (parseFloatToValue(short, format) === magnitude) return sign + short;
  return sign + naturalForm(significantDigits(magnitude, digitsOf(format)), digitsOf(format));
}

/** MLIR's default form: plain where that neither invents digits nor starts with many zeros, else `1.17549435E-38`. */
function naturalForm(value: Digits, precision: number): string {
  const { digits, exponent } = value;
  const lastExponent = exponent - (digits.length - 1);
  if (lastExponent < 0) return exponent >= -MAX_LEADING_ZEROS ? plain(value) : compactScientific(value);
  const isInteger = lastExponent <= MAX_LEADING_ZEROS && exponent + 1 <= precision;
  return isInteger ? scientific(value) : compactScientific(value);
}

/** Enough decimal digits to tell any two values of the format apart; MLIR's count. */
function digitsOf(format: FloatFormat): number {
  return 2 + Math.floor(((format.mantissaBits + 1) * 59) / 196);
}

/**
 * The first `count` digits of the exact decimal expansion as MLIR rounds them: digits far beyond those wanted are cut off first, by an
 * estimate of how many there are, so that the last digit may be one less than the nearest (`0.868138253` for 0.86813825368881...).
 */
function significantDigits(magnitude: number, count: number): Digits {
  if (magnitude === 0) return { digits: '0', exponent: 0 };
  const { integer, exponent } = decimalExpansion(magnitude);
  const bits = integer.toString(2).length;
  const surplus = Math.floor((Math.max(0, bits - bitsOfDigits(count)) * 59) / 196);
  const kept = (integer / 10n ** BigInt(surplus)).toString();
  const first = kept.length - 1 + exponent + surplus;
  if (kept.length <= count) return trimmed(kept, first);
  const head = kept.slice(0, count);
  if (kept.charAt(count) < '5') return trimmed(head, first);
  const rounded = (BigInt(head) + 1n).toString();
  return trimmed(rounded, first + rounded.length - head.length);
}

/** `magnitude = integer * 10^exponent`, exactly, with the least power of two in `integer`. */
function decimalExpansion(magnitude: number): { readonly integer: bigint; readonly exponent: number } {
  const bits = f64ToBits(magnitude);
  const field = Number(bits >> 52n);
  let significand = BigInt.asUintN(52, bits) | (field === 0 ? 0n : 1n << 52n);
  let power = Math.max(field, 1) - 1075;
  while ((significand & 1n) === 0n) {
    significand >>= 1n;
    power++;
  }
  if (power >= 0) return { integer: significand << BigInt(power), exponent: 0 };
  return { integer: significand * 5n ** BigInt(-power), exponent: power };
}

/** Bits that surely hold so many digits: 196/59 is slightly more than log2(10). */
function bitsOfDigits(count: number): number {
  return Math.floor((count * 196 + 58) / 59);
}

function trimmed(digits: string, exponent: number): Digits {
  return { digits: digits.replace(/(?<=.)0+$/, ''), exponent };
}

/** `1.250000e-03`: at least six decimals, at least two exponent digits. */
function scientific({ digits, exponent }: Digits): string {
  const fraction = digits.slice(1).padEnd(SHORT_DIGITS, '0');
  const sign = exponent < 0 ? '-' : '+';
  return `${digits.charAt(0)}.${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plain({ digits, exponent }: Digits): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function compactScientific({ digits, exponent }: Digits): string {
  return `${digits.charAt(0)}.${digits.slice(1) || '0'}E${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}
