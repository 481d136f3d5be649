/** Byte classes of MLIR's lexical grammar, as bits of one table, so that a scan is one load and one mask a byte. */

/** Starts a bare identifier: a letter or `_`. */
export const IDENTIFIER_START = 1;
/** Continues a bare identifier: a letter, a digit, `_`, `$` or `.`. */
export const IDENTIFIER_PART = 2;
/** Continues a name after `%`, `^`, `#` or `!`: as above, and `-`. */
export const SUFFIX_PART = 4;
export const DIGIT = 8;
export const HEX_DIGIT = 16;
/** Blank, tab, line feed, carriage return. */
export const BLANK = 32;

function classOf(byte: number): number {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const lower = byte | 0x20;
  const isLetter = lower >= 0x61 && lower <= 0x7a;
  let bits = 0;
  if (isLetter || byte === 0x5f) bits |= IDENTIFIER_START;
  if (isLetter || isDigit || byte === 0x5f || byte === 0x24 || byte === 0x2e) bits |= IDENTIFIER_PART | SUFFIX_PART;
  if (byte === 0x2d) bits |= SUFFIX_PART;
  if (isDigit) bits |= DIGIT;
  if (isDigit || (lower >= 0x61 && lower <= 0x66)) bits |= HEX_DIGIT;
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b && byte !== 0x0c)) bits |= BLANK;
  return bits;
}

export const characterClasses: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte));

/** True when the byte at `at` has one of the class bits; false past the end. */
export function hasClass(bytes: Uint8Array, at: number, mask: number): boolean {
  return ((characterClasses[bytes[at] ?? 0] ?? 0) & mask) !== 0;
}

/** The first offset from `at` on, at most `end`, whose byte has none of the class bits. */
export function skipClass(bytes: Uint8Array, at: number, end: number, mask: number): number {
  while (at < end && ((characterClasses[bytes[at] ?? 0] ?? 0) & mask) !== 0) at++;
  return at;
}

/** The number a hex digit stands for; the byte must be one. */
export function hexDigitValue(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}
