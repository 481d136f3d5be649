/** Where reading goes on after an op that could not be read. */
import { BLANK, hasClass } from './characters.ts';
import type { TokenStream } from './token-stream.ts';

const LINE_FEED = 0x0a;
/** Ops that are written without a dialect. */
const shortNames: ReadonlySet<string> = new Set(['module', 'return', 'call']);

/**
 * Skips to the next token that starts an op at the head of a line, or to the brace that closes the region the broken op stands in.
 * Braces opened since are skipped with their contents. Moves at least one token when none was consumed.
 */
export function skipToNextOp(tokens: TokenStream, opStart: number, openBraces: number): void {
  if (tokens.start === opStart && tokens.kind !== 'end') tokens.advance();
  while (tokens.kind !== 'end') {
    if (tokens.openBraces <= openBraces && (tokens.kind === '}' || isOpStart(tokens))) return;
    tokens.advance();
  }
  tokens.markEnded();
}

function isOpStart(tokens: TokenStream): boolean {
  if (!isFirstOnLine(tokens)) return false;
  const { kind } = tokens;
  if (kind === 'string') return tokens.bytes[tokens.end] === 0x28;
  if (kind === 'value') return startsAssignment(tokens);
  if (kind === 'identifier') return tokens.tokenText.includes('.') || shortNames.has(tokens.tokenText);
  if (kind === 'attribute-name' || kind === 'type-name') return tokens.openBraces === 0 && followedBy(tokens, 0x3d);
  return kind === 'label' || kind === '{-#';
}

function isFirstOnLine(tokens: TokenStream): boolean {
  let at = tokens.start - 1;
  while (at >= tokens.origin && tokens.bytes[at] !== LINE_FEED && hasClass(tokens.bytes, at, BLANK)) at--;
  return at < tokens.origin || tokens.bytes[at] === LINE_FEED;
}

/** `%a =`, `%a:2 =`, `%a, %b =`. */
function startsAssignment(tokens: TokenStream): boolean {
  return followedBy(tokens, 0x3d) || followedBy(tokens, 0x3a) || followedBy(tokens, 0x2c);
}

function followedBy(tokens: TokenStream, mark: number): boolean {
  let at = tokens.end;
  while (at < tokens.limit && hasClass(tokens.bytes, at, BLANK)) at++;
  return tokens.bytes[at] === mark;
}
