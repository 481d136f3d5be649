/**
 * Where a line break ends a statement. It does not inside `(` and `[` (braces within them count again), after something that must go
 * on (an infix operator, `,`, `=`, ...) or before something that goes on with the line above (an infix operator, `.`, `else`, ...).
 * At the start of a line `-x` is a negative operand and `- x` goes on; `@name` is an annotation and `@ x` goes on.
 */
import type { TokenType } from 'chevrotain';
import type { Problems } from './problems.ts';
import * as tokens from './tokens.ts';
import { retype, type Token, virtualToken } from './tokens.ts';

const goOnAfter: ReadonlySet<TokenType> = new Set([
  tokens.Comma, tokens.Equals, tokens.Assign, tokens.CompoundAssign, tokens.Arrow, tokens.Colon, tokens.Dot, tokens.Ampersand, tokens.Not,
  tokens.In, tokens.Else, tokens.LeftBrace,
]); // prettier-ignore

const goOnBefore: ReadonlySet<TokenType> = new Set([
  tokens.Comma, tokens.Equals, tokens.Assign, tokens.CompoundAssign, tokens.Arrow, tokens.Colon, tokens.Dot, tokens.Else, tokens.LeftBrace,
  tokens.RightBrace,
]); // prettier-ignore

function isInfix({ tokenType }: Token): boolean {
  return (tokenType.CATEGORIES ?? []).includes(tokens.InfixOperator);
}

/** Balanced tokens with a `Newline` at the end of each statement but the last of a block. */
export function insertNewlines(all: readonly Token[], problems: Problems): Token[] {
  const result: Token[] = [];
  const open: TokenType[] = [];
  for (let at = 0; at < all.length; at++) {
    const token = all[at];
    if (token === undefined) break;
    const inner = open.at(-1);
    const counts = inner === undefined || inner === tokens.LeftBrace;
    const previous = result.at(-1);
    if (token.tokenType === tokens.Semicolon && inner !== tokens.LeftBracket) {
      replaceSemicolon(token, all[at + 1], counts, problems);
      if (token.tokenType === tokens.Semicolon) continue;
    }
    if (counts) markAnnotation(token, previous, all[at + 1]);
    if (counts && token.startsLine && previous !== undefined && endsStatement(previous, token, all[at + 1])) {
      result.push(virtualToken(tokens.Newline, previous.endOffset, token.depth));
    }
    if (isOpener(token)) open.push(token.tokenType);
    else if (isCloser(token)) open.pop();
    result.push(token);
  }
  return result;
}

function isOpener({ tokenType }: Token): boolean {
  return tokenType === tokens.LeftParen || tokenType === tokens.LeftBracket || tokenType === tokens.LeftBrace;
}

function isCloser({ tokenType }: Token): boolean {
  return tokenType === tokens.RightParen || tokenType === tokens.RightBracket || tokenType === tokens.RightBrace;
}

function endsStatement(previous: Token, token: Token, next: Token | undefined): boolean {
  if (previous.tokenType === tokens.Newline || previous.tokenType === tokens.LeftBrace) return false;
  if (startsForSure(token, next)) return true;
  if (goOnAfter.has(previous.tokenType) || isInfix(previous)) return false;
  if (token.tokenType === tokens.Minus) return !token.spaceAfter;
  return !goOnBefore.has(token.tokenType) && !isInfix(token);
}

/** What never goes on with anything: a line above that does not end is at fault. */
function startsForSure({ tokenType }: Token, next: Token | undefined): boolean {
  if (tokenType === tokens.Fn) return next?.tokenType === tokens.Name;
  return (
    tokenType === tokens.Let || tokenType === tokens.Var || tokenType === tokens.While || tokenType === tokens.Export
  );
}

function markAnnotation(token: Token, previous: Token | undefined, next: Token | undefined): void {
  if (token.tokenType !== tokens.At || token.spaceAfter || next === undefined) return;
  const isFirst = token.startsLine || previous === undefined || previous.tokenType === tokens.LeftBrace;
  if (isFirst && /^\w/.test(next.image)) retype(token, tokens.Annotation);
}

/** `;` ends a statement elsewhere: read as the line break or the comma that was meant, or left out where one follows anyway. */
function replaceSemicolon(token: Token, next: Token | undefined, counts: boolean, problems: Problems): void {
  const isLast = next === undefined || next.startsLine || next.tokenType === tokens.RightBrace;
  const hint = isLast ? 'delete it' : counts ? 'start a new line' : 'write `,`';
  const message = counts ? 'statements end with their line, not with `;`' : '`;` separates nothing here';
  problems.report('E6013', token.startOffset, token.endOffset, message, { hint });
  if (counts && isLast) return;
  retype(token, counts ? tokens.Newline : tokens.Comma);
}
