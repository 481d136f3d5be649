/**
 * The inside of a string literal: `\\`, `\"`, `\n`, `\t` and `\xx` with two hex digits stand for one byte each. MLIR's strings are
 * bytes; a byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte, so that it is not lost.
 */
import { hasClass, HEX_DIGIT, hexDigitValue } from './characters.ts';

const BACKSLASH = 0x5c;
const simpleEscapes: ReadonlyMap<number, number> = new Map([
  [0x5c, 0x5c],
  [0x22, 0x22],
  [0x6e, 0x0a],
  [0x74, 0x09],
]);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** The text of the bytes between the quotes, or where the first bad escape stands. */
export function decodeString(bytes: Uint8Array, start: number, end: number): string | { readonly at: number } {
  const firstEscape = bytes.subarray(start, end).indexOf(BACKSLASH);
  if (firstEscape === -1) return decodeBytes(bytes.subarray(start, end));
  const out = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== BACKSLASH) out[length++] = byte;
    else {
      const escape = readEscape(bytes, at, end);
      if (escape === undefined) return { at };
      out[length++] = escape.byte;
      at += escape.length - 1;
    }
  }
  return decodeBytes(out.subarray(0, length));
}

function readEscape(bytes: Uint8Array, at: number, end: number): { byte: number; length: number } | undefined {
  const next = bytes[at + 1] ?? 0;
  if (at + 2 < end && hasClass(bytes, at + 1, HEX_DIGIT) && hasClass(bytes, at + 2, HEX_DIGIT)) {
    return { byte: hexDigitValue(next) * 16 + hexDigitValue(bytes[at + 2] ?? 0), length: 3 };
  }
  const simple = at + 1 < end ? simpleEscapes.get(next) : undefined;
  return simple === undefined ? undefined : { byte: simple, length: 2 };
}

function decodeBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
  }
}
