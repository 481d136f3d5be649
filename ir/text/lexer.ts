/**
 * MLIR's tokens, one at a time, over bytes. A token is a kind and a byte range; nothing is copied, so that a constant of
 * hundreds of megabytes is one token of two numbers. A lexical error is a token too: whoever wanted something else there
 * reports it.
 *
 * Grammar: MLIR Language Reference, "Notation" and "Identifiers and keywords".
 */
import {
  BLANK,
  characterClasses,
  DIGIT,
  hasClass,
  HEX_DIGIT,
  IDENTIFIER_PART,
  IDENTIFIER_START,
  skipClass,
  SUFFIX_PART,
} from './characters.ts';

const singles = ['(', ')', '{', '}', '[', ']', '<', '>', ',', '=', '+', '*', '?', '|', '/', ':', '-'] as const;

export type Punctuation = (typeof singles)[number] | '::' | '->' | '...' | '{-#' | '#-}';

export type TokenKind =
  | Punctuation
  | 'identifier'
  | 'integer'
  | 'float'
  | 'string'
  /** `%name` */
  | 'value'
  /** `@name` and `@"name"` */
  | 'symbol'
  /** `^name` */
  | 'label'
  /** `!name`: a type alias or another dialect's type */
  | 'type-name'
  /** `#name`: an attribute alias, another dialect's attribute, or a result number */
  | 'attribute-name'
  | 'end'
  | 'error';

export type LexicalError = 'character' | 'unterminated-string' | 'empty-name';

const singleKinds: readonly (Punctuation | undefined)[] = Array.from({ length: 128 }, (_, byte) =>
  singles.find((mark) => mark.charCodeAt(0) === byte),
);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const SLASH = 0x2f;
const DOT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const HASH = 0x23;
const CLOSE_BRACE = 0x7d;
const ZERO = 0x30;

export class Lexer {
  readonly bytes: Uint8Array;
  /** Nothing from here on is read. */
  readonly limit: number;
  /** The current token: its kind and the bytes `[start, end)`. */
  kind: TokenKind = 'end';
  start: number;
  end: number;
  /** What is wrong, when `kind` is `error`. */
  error: LexicalError = 'character';

  constructor(bytes: Uint8Array, start = 0, limit = bytes.length) {
    this.bytes = bytes;
    this.limit = limit;
    this.start = start;
    this.end = start;
  }

  /** Moves to the token that starts at or after `offset`. */
  moveTo(offset: number): void {
    this.end = offset;
    this.next();
  }

  /** Moves to the next token. */
  next(): void {
    const { bytes, limit } = this;
    const at = this.#skipBlanks(this.end);
    this.start = at;
    if (at >= limit) {
      this.kind = 'end';
      this.end = limit;
      return;
    }
    const byte = bytes[at] ?? 0;
    const bits = characterClasses[byte] ?? 0;
    if ((bits & IDENTIFIER_START) !== 0) {
      this.kind = 'identifier';
      this.end = skipClass(bytes, at + 1, limit, IDENTIFIER_PART);
    } else if ((bits & DIGIT) !== 0) this.#number(at);
    else this.#mark(byte, at);
  }

  /** Blanks and `//` comments. */
  #skipBlanks(at: number): number {
    const { bytes, limit } = this;
    for (;;) {
      at = skipClass(bytes, at, limit, BLANK);
      if (bytes[at] !== SLASH || bytes[at + 1] !== SLASH || at + 1 >= limit) return at;
      const lineEnd = bytes.indexOf(LINE_FEED, at);
      if (lineEnd === -1 || lineEnd >= limit) return limit;
      at = lineEnd + 1;
    }
  }

  #number(at: number): void {
    const { bytes, limit } = this;
    const isHex = bytes[at] === ZERO && bytes[at + 1] === 0x78 && at + 2 < limit && hasClass(bytes, at + 2, HEX_DIGIT);
    this.kind = 'integer';
    if (isHex) {
      this.end = skipClass(bytes, at + 2, limit, HEX_DIGIT);
      return;
    }
    let end = skipClass(bytes, at, limit, DIGIT);
    if (bytes[end] === DOT && end < limit) {
      this.kind = 'float';
      end = this.#exponent(skipClass(bytes, end + 1, limit, DIGIT));
    }
    this.end = end;
  }

  /** Past `e+10` at `at`, or `at` where there is none. */
  #exponent(at: number): number {
    const { bytes, limit } = this;
    if (((bytes[at] ?? 0) | 0x20) !== 0x65) return at;
    const sign = bytes[at + 1] === MINUS || bytes[at + 1] === PLUS ? 1 : 0;
    const digits = at + 1 + sign;
    return digits < limit && hasClass(bytes, digits, DIGIT) ? skipClass(bytes, digits, limit, DIGIT) : at;
  }

  #mark(byte: number, at: number): void {
    switch (byte) {
      case QUOTE:
        return this.#string(at, 'string');
      case 0x25:
        return this.#suffixed(at, 'value');
      case 0x5e:
        return this.#suffixed(at, 'label');
      case 0x21:
        return this.#suffixed(at, 'type-name');
      case HASH:
        return this.#startsWith(at, MINUS, CLOSE_BRACE)
          ? this.#punctuation('#-}')
          : this.#suffixed(at, 'attribute-name');
      case 0x40:
        return this.#symbol(at);
      case 0x3a:
        return this.#punctuation(this.bytes[at + 1] === byte ? '::' : ':');
      case MINUS:
        return this.#punctuation(this.bytes[at + 1] === 0x3e ? '->' : '-');
      case 0x7b:
        return this.#punctuation(this.#startsWith(at, MINUS, HASH) ? '{-#' : '{');
      case DOT:
        return this.#startsWith(at, DOT, DOT) ? this.#punctuation('...') : this.#fail('character', at + 1);
      default: {
        const kind = singleKinds[byte];
        return kind === undefined ? this.#badCharacter(at) : this.#punctuation(kind);
      }
    }
  }

  /** True when the two bytes after `at` are these. */
  #startsWith(at: number, second: number, third: number): boolean {
    return this.bytes[at + 1] === second && this.bytes[at + 2] === third && at + 2 < this.limit;
  }

  #punctuation(kind: Punctuation): void {
    this.kind = kind;
    this.end = Math.min(this.start + kind.length, this.limit);
  }

  /** `%12`, `%a-b`: after the sigil all digits, or a name that does not start with one. */
  #suffixed(at: number, kind: TokenKind): void {
    const { bytes, limit } = this;
    const isNumber = at + 1 < limit && hasClass(bytes, at + 1, DIGIT);
    const end = skipClass(bytes, at + 1, limit, isNumber ? DIGIT : SUFFIX_PART);
    if (end === at + 1) return this.#fail('empty-name', end);
    this.kind = kind;
    // `%a->`: the minus belongs to the arrow.
    this.end = bytes[end] === 0x3e && bytes[end - 1] === MINUS ? end - 1 : end;
  }

  #symbol(at: number): void {
    const { bytes, limit } = this;
    if (bytes[at + 1] === QUOTE && at + 1 < limit) return this.#string(at + 1, 'symbol');
    const end = skipClass(bytes, at + 1, limit, IDENTIFIER_PART);
    if (end === at + 1 || !hasClass(bytes, at + 1, IDENTIFIER_START)) return this.#fail('empty-name', end);
    this.kind = 'symbol';
    this.end = end;
  }

  /** From the quote at `at`; strings end on their line. Escapes are checked when the string is decoded. */
  #string(at: number, kind: 'string' | 'symbol'): void {
    const { bytes, limit } = this;
    let end = bytes.indexOf(QUOTE, at + 1);
    while (end !== -1 && end < limit && this.#isEscaped(end, at)) end = bytes.indexOf(QUOTE, end + 1);
    const lineEnd = bytes.subarray(at, end === -1 ? limit : Math.min(end, limit)).indexOf(LINE_FEED);
    if (lineEnd !== -1) return this.#fail('unterminated-string', at + lineEnd);
    if (end === -1 || end >= limit) return this.#fail('unterminated-string', limit);
    this.kind = kind;
    this.end = end + 1;
  }

  #isEscaped(quote: number, from: number): boolean {
    let at = quote - 1;
    while (at > from && this.bytes[at] === BACKSLASH) at--;
    return (quote - 1 - at) % 2 === 1;
  }

  /** A byte that starts no token; the bytes of one UTF-8 character stay together. */
  #badCharacter(at: number): void {
    let end = at + 1;
    while (end < this.limit && ((this.bytes[end] ?? 0) & 0xc0) === 0x80) end++;
    this.#fail('character', end);
  }

  #fail(error: LexicalError, end: number): void {
    this.kind = 'error';
    this.error = error;
    this.end = Math.max(end, this.start + 1);
  }
}
