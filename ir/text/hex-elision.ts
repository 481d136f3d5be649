/**
 * Takes the long hexadecimal strings of a text (weights: `dense<"0x...">`, resource blobs) out of it while it is read, so that a constant of
 * a gigabyte never stands in memory as two gigabytes of digits:
 *
 *     %w = stablehlo.constant dense<"0x00C03F..."> : ...   ->   %w = stablehlo.constant dense<"0x"> : ...   and the bytes, out of line
 *
 * Lines keep their numbers, since strings have no line breaks; what stands after such a string on its line moves to the left.
 */
import { characterClasses, HEX_DIGIT, hexDigitValue } from './characters.ts';

/** A text without its long strings, and their bytes by the offset of their opening quote. */
export interface ElidedText {
  readonly bytes: Uint8Array;
  readonly outOfLine: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
}

/** Strings of fewer digits stay in the text. */
const fewestDigits = 1 << 16;

const QUOTE = 0x22;
const LESS = 0x3c;
const ZERO = 0x30;
const LETTER_X = 0x78;

/** Where a blob starts in memory: elements at a multiple of this; those of a resource follow a word that says its alignment. */
const alignment = 64;
const resourceHead = 4;

/** What a digit is worth as the second of two, and as the first; -1 for every other character. */
const low: Int16Array = Int16Array.from({ length: 256 }, (_, byte) =>
  ((characterClasses[byte] ?? 0) & HEX_DIGIT) === 0 ? -1 : hexDigitValue(byte),
);
const high: Int16Array = low.map((value) => (value < 0 ? -1 : value << 4));

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && (low[byte] ?? -1) >= 0;
}

/** A growing array of bytes. */
class ByteList {
  #bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** The memory, with room for so many bytes in all. */
  room(total: number): Uint8Array<ArrayBuffer> {
    if (total > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(total, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  append(part: Uint8Array): void {
    this.room(this.length + part.length).set(part, this.length);
    this.length += part.length;
  }

  slice(start: number, end = this.length): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(start, end);
  }
}

export class HexElider {
  readonly #text = new ByteList(1 << 16);
  readonly #digits = new ByteList(fewestDigits);
  /** Memory that nothing has written takes none: this one is large enough for a text that is all digits. */
  readonly #data: ByteList;
  readonly #ranges: { readonly quote: number; readonly start: number; readonly end: number }[] = [];
  /** Characters of `"0x` that have been seen: 3 inside of a string of digits. */
  #matched = 0;
  /** Where the bytes of the current string start, once it is a long one. */
  #start: number | undefined;
  /** A first digit that waits for its second. */
  #first = -1;

  /** `textBytes` is the length of the text, or what it is thought to be. */
  constructor(textBytes: number) {
    this.#data = new ByteList(textBytes > fewestDigits ? Math.ceil((textBytes / 2) * 1.01) + 2 * alignment : 0);
  }

  /** The next part of the text. */
  push(part: Uint8Array): void {
    let at = 0;
    while (at < part.length) at = this.#matched === 3 ? this.#hex(part, at) : this.#plain(part, at);
  }

  /** Call it once, after the last part. */
  finish(): ElidedText {
    if (this.#matched === 3) this.#endHex();
    const outOfLine = new Map(this.#ranges.map(({ quote, start, end }) => [quote, this.#data.slice(start, end)]));
    return { bytes: this.#text.slice(0), outOfLine };
  }

  #plain(part: Uint8Array, at: number): number {
    if (this.#matched === 0) {
      const quote = part.indexOf(QUOTE, at);
      const end = quote === -1 ? part.length : quote + 1;
      this.#text.append(part.subarray(at, end));
      if (quote !== -1) this.#matched = 1;
      return end;
    }
    const byte = part[at] ?? 0;
    const isNext = byte === (this.#matched === 1 ? ZERO : LETTER_X);
    this.#matched = isNext ? this.#matched + 1 : byte === QUOTE ? 1 : 0;
    this.#text.append(part.subarray(at, at + 1));
    return at + 1;
  }

  #hex(part: Uint8Array, from: number): number {
    if (this.#start === undefined) {
      let end = from;
      while (isDigit(part[end]) && end - from < fewestDigits) end++;
      this.#digits.append(part.subarray(from, end));
      if (this.#digits.length >= fewestDigits) this.#beginLong();
      else if (end < part.length) this.#endHex();
      return end;
    }
    // Only digits stand before the next quote, in a text that is right.
    const quote = part.indexOf(QUOTE, from);
    let end = quote === -1 ? part.length : quote;
    if (!this.#decode(part.subarray(from, end))) {
      end = from;
      while (isDigit(part[end])) end++;
      this.#decode(part.subarray(from, end));
    }
    if (end < part.length) this.#endHex();
    return end;
  }

  #beginLong(): void {
    const quote = this.#text.length - 3;
    const isResource = this.#text.slice(quote - 1, quote)[0] !== LESS;
    const offset = isResource ? alignment - resourceHead : 0;
    this.#data.length = Math.ceil((this.#data.length - offset) / alignment) * alignment + offset;
    this.#start = this.#data.length;
    this.#decode(this.#digits.slice(0));
    this.#digits.length = 0;
  }

  /** Nothing, and false, when not all of them are digits. */
  #decode(digits: Uint8Array): boolean {
    const data = this.#data.room(this.#data.length + Math.ceil((digits.length + 1) / 2));
    const isOdd = this.#first >= 0 && digits.length > 0;
    let to = this.#data.length;
    let at = 0;
    let bad = 0;
    if (isOdd) {
      bad = low[digits[at] ?? 0] ?? -1;
      data[to++] = (this.#first << 4) | bad;
      at = 1;
    }
    const pairs = at + ((digits.length - at) & ~1);
    for (; at < pairs; at += 2) {
      const value = (high[digits[at] as number] as number) | (low[digits[at + 1] as number] as number);
      bad |= value;
      data[to++] = value;
    }
    const rest = at < digits.length ? (low[digits[at] ?? 0] ?? -1) : -1;
    if (bad < 0 || (at < digits.length && rest < 0)) return false;
    if (isOdd || rest >= 0) this.#first = rest;
    this.#data.length = to;
    return true;
  }

  /** A last digit without a second one stays in the text, where the reader finds it and says so. */
  #endHex(): void {
    if (this.#start === undefined) this.#text.append(this.#digits.slice(0));
    else {
      this.#ranges.push({ quote: this.#text.length - 3, start: this.#start, end: this.#data.length });
      if (this.#first >= 0) this.#text.append(new TextEncoder().encode(this.#first.toString(16)));
    }
    this.#digits.length = 0;
    this.#start = undefined;
    this.#first = -1;
    this.#matched = 0;
  }
}
