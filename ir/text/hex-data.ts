/** `"0x..."` strings as bytes, without a JavaScript string in between. */
import type { SourceFile } from '../source.ts';
import { characterClasses, HEX_DIGIT, hexDigitValue } from './characters.ts';

const BAD = 0x10;

const nibbles: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  ((characterClasses[byte] ?? 0) & HEX_DIGIT) === 0 ? BAD : hexDigitValue(byte),
);

/** True when the string token at `[start, end)`, quotes included, starts with `0x`. */
function isHexString(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 4 && bytes[start + 1] === 0x30 && bytes[start + 2] === 0x78;
}

/** The bytes of the string token at `[start, end)`; undefined when its digits are odd in number or not hexadecimal. */
export function hexBytes(source: SourceFile, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  if (!isHexString(source.bytes, start, end)) return undefined;
  const known = source.outOfLine.get(start);
  if (known === undefined) return decodeHex(source.bytes, start, end);
  return end - start === 4 ? known : undefined;
}

function decodeHex(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  const digits = end - start - 4;
  if (digits % 2 !== 0) return undefined;
  const out = new Uint8Array(digits / 2);
  let bad = 0;
  for (let at = start + 3, index = 0; index < out.length; at += 2, index++) {
    const high = nibbles[bytes[at] ?? 0] ?? BAD;
    const low = nibbles[bytes[at + 1] ?? 0] ?? BAD;
    bad |= high | low;
    out[index] = (high << 4) | low;
  }
  return bad < BAD ? out : undefined;
}
