/** Integer tokens as values. The bytes are `123` or `0x7F`, without a sign. */
import type { TokenStream } from './token-stream.ts';

/** Longer literals are out of range of every type; reading them exactly would only cost time. */
const MAX_LITERAL = 400;
const ZERO = 0x30;

export function isHexLiteral(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start > 2 && bytes[start] === ZERO && bytes[start + 1] === 0x78;
}

/** The value when it is decimal and short enough to be exact in a number; else undefined. */
export function smallInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start > 15) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** The exact value; undefined when the literal is absurdly long. */
export function bigInteger(tokens: TokenStream, start: number, end: number): bigint | undefined {
  const small = smallInteger(tokens.bytes, start, end);
  if (small !== undefined) return BigInt(small);
  return end - start > MAX_LITERAL ? undefined : BigInt(tokens.text(start, end));
}

/** Consumes `-`? and an integer token; undefined (with nothing reported) when it is absurdly long. Fails at another token. */
export function signedInteger(tokens: TokenStream, what: string): bigint | undefined {
  const isNegative = tokens.consumeIf('-');
  if (tokens.kind !== 'integer') throw tokens.expected(what);
  const value = bigInteger(tokens, tokens.start, tokens.end);
  tokens.advance();
  return value === undefined || !isNegative ? value : -value;
}

/** As `signedInteger`, for what must be exact in a JavaScript number; out of range is an error. */
export function exactInteger(tokens: TokenStream, what: string): number {
  const { start } = tokens;
  const value = signedInteger(tokens, what);
  const number = Number(value);
  if (value !== undefined && Number.isSafeInteger(number)) return number;
  throw tokens.fail(
    { code: 'E1009', message: `${what} must be between -2^53 and 2^53` },
    { start, end: tokens.lastEnd },
  );
}
