/**
 * Pairs the brackets before the parser sees them. What it gets is always balanced: a bracket that is never closed is reported at
 * its opener and closed where its line or its declaration ends, one that closes nothing is reported and left out. So one lost
 * bracket is one message, and the parser can skip from an opener to its closer.
 */
import type { TokenType } from 'chevrotain';
import type { Problems } from './problems.ts';
import * as tokens from './tokens.ts';
import { retype, type Token, virtualToken } from './tokens.ts';

/**
 * Deeper nesting is refused, so that nothing that walks a program needs more stack than there is. Chevrotain takes about 4 KB of it a
 * level before the engine has optimised it, of the 984 KB that Node and browsers have.
 */
export const maxNesting = 128;
/** As many levels may a tree have: a row of operators is a tree that leans to one side. */
export const maxHeight = 256;
export const tooDeep = 'this is nested too deep';
export const tooDeepHint = 'give the inner parts names with `let`';

const closerOf: ReadonlyMap<TokenType, TokenType> = new Map([
  [tokens.LeftParen, tokens.RightParen],
  [tokens.LeftBracket, tokens.RightBracket],
  [tokens.LeftBrace, tokens.RightBrace],
]);
const closers: ReadonlySet<TokenType> = new Set(closerOf.values());

/** The tokens balanced, with their depths; undefined, with a report, where they are nested too deep. */
export function matchBrackets(all: readonly Token[], problems: Problems): readonly Token[] | undefined {
  const balanced = setDepths(all) ? all : new Matcher(all, problems).repair();
  const deepest = balanced.find((token) => token.depth >= maxNesting && closerOf.has(token.tokenType));
  if (deepest === undefined) return balanced;
  problems.report('E6017', deepest.startOffset, deepest.endOffset, tooDeep, { hint: tooDeepHint });
  return undefined;
}

/** Sets the depths of tokens that are balanced as they are; false when they are not. */
function setDepths(all: readonly Token[]): boolean {
  const open: TokenType[] = [];
  for (const token of all) {
    if (token.swallowsLine) return false;
    if (closers.has(token.tokenType) && closerOf.get(open.pop() ?? tokens.Wrong) !== token.tokenType) return false;
    token.depth = open.length;
    if (closerOf.has(token.tokenType)) open.push(token.tokenType);
  }
  return open.length === 0;
}

interface Opener {
  readonly token: Token;
  /** How far the line of the opener is indented, and its number. */
  readonly indent: number;
  readonly line: number;
}

class Matcher {
  readonly #all: readonly Token[];
  readonly #problems: Problems;
  readonly #open: Opener[] = [];
  readonly #result: Token[] = [];
  /** How many brackets were left open at one place. */
  #leftAt = { end: -1, count: 0 };
  #line = 0;
  #indent = 0;

  constructor(all: readonly Token[], problems: Problems) {
    this.#all = all;
    this.#problems = problems;
  }

  repair(): readonly Token[] {
    for (const [index, token] of this.#all.entries()) {
      if (this.#problems.isFull || this.#open.length > maxNesting) break;
      if (token.startsLine) this.#startLine(token, this.#all[index + 1]);
      if (closerOf.has(token.tokenType)) this.#push(token);
      else if (closers.has(token.tokenType)) this.#close(token);
      else this.#keep(token);
      if (token.swallowsLine) this.#closeLine(token);
    }
    const end = this.#problems.source.end;
    while (this.#open.length > 0) this.#leaveOpen(end);
    return this.#result;
  }

  #keep(token: Token): void {
    token.depth = this.#open.length;
    this.#result.push(token);
  }

  #push(token: Token): void {
    this.#keep(token);
    this.#open.push({ token, indent: this.#indent, line: this.#line });
  }

  #top(): TokenType | undefined {
    return this.#open.at(-1)?.token.tokenType;
  }

  /** A declaration or a statement cannot be inside parentheses, nor a declaration in a block that starts further right. */
  #startLine(token: Token, next: Token | undefined): void {
    this.#line++;
    this.#indent = token.startOffset - this.#lineStart(token);
    const isDeclaration = startsDeclaration(token, next);
    if (!isDeclaration && !startsStatement(token)) return;
    while (this.#top() === tokens.LeftParen || this.#top() === tokens.LeftBracket) this.#leaveOpen(token.startOffset);
    if (!isDeclaration) return;
    while (this.#open.length > 0 && (this.#open.at(-1)?.indent ?? 0) >= this.#indent)
      this.#leaveOpen(token.startOffset);
  }

  #lineStart(token: Token): number {
    const { bytes } = this.#problems.source;
    return token.startOffset === 0 ? 0 : bytes.lastIndexOf(10, token.startOffset - 1) + 1;
  }

  #close(token: Token): void {
    const top = this.#top();
    if (top !== undefined && closerOf.get(top) === token.tokenType) {
      this.#open.pop();
      return this.#keep(token);
    }
    const opener = this.#findOpener(token);
    if (opener === undefined) return this.#closeNothing(token, top);
    while (this.#open.length > opener + 1) this.#leaveOpen(token.startOffset);
    this.#open.pop();
    this.#keep(token);
  }

  /**
   * The opener that a closer is for, though others are open within: `}` ends what is in it; `)` ends no block of several
   * lines, unless it stands at the start of a line, no further right than the line where the block starts.
   */
  #findOpener(token: Token): number | undefined {
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const opener = this.#open[index];
      if (opener === undefined || closerOf.get(opener.token.tokenType) === token.tokenType) return index;
      const isOutdented = token.startsLine && this.#indent <= opener.indent;
      if (opener.token.tokenType === tokens.LeftBrace && opener.line !== this.#line && !isOutdented) return undefined;
    }
    return undefined;
  }

  #closeNothing(token: Token, top: TokenType | undefined): void {
    const right = top === undefined ? undefined : closerOf.get(top);
    if (top !== undefined && right !== undefined && top !== tokens.LeftBrace && token.tokenType !== tokens.RightBrace) {
      const opener = this.#open.pop()?.token;
      const notes = opener === undefined ? [] : [this.#noteOf(opener)];
      const message = `\`${opener?.image}\` is closed by \`${token.image}\``;
      this.#problems.report('E6016', token.startOffset, token.endOffset, message, {
        hint: `write \`${right.LABEL}\``,
        notes,
      });
      retype(token, right);
      return this.#keep(token);
    }
    const hint = 'delete it, or open the bracket that it should close';
    this.#problems.report('E6015', token.startOffset, token.endOffset, `this \`${token.image}\` closes nothing`, {
      hint,
    });
    this.#problems.settle(this.#result.at(-1)?.endOffset ?? token.startOffset, token.endOffset);
  }

  #noteOf(opener: Token): { readonly message: string; readonly span: ReturnType<Problems['span']> } {
    return {
      message: `\`${opener.image}\` was opened here`,
      span: this.#problems.span(opener.startOffset, opener.endOffset),
    };
  }

  /** Reports the innermost bracket as never closed, and closes it before the byte `end`. */
  #leaveOpen(end: number): void {
    const opener = this.#open.pop()?.token;
    const closer = closerOf.get(opener?.tokenType ?? tokens.Wrong);
    if (opener === undefined || closer === undefined) return;
    const right = closer.LABEL ?? '';
    const hint = this.#adviceOn(opener, right, end);
    this.#leftAt = this.#leftAt.end === end ? { end, count: this.#leftAt.count + 1 } : { end, count: 1 };
    if (this.#leftAt.count <= mostLeftOpen) {
      const message = `this \`${opener.image}\` is never closed`;
      this.#problems.report('E6014', opener.startOffset, opener.endOffset, message, { hint });
    }
    if (opener.tokenType !== tokens.LeftBrace) this.#problems.settle(opener.startOffset, end);
    this.#keep(virtualToken(closer, this.#result.at(-1)?.endOffset ?? opener.endOffset, 0));
  }

  #adviceOn(opener: Token, closer: string, end: number): string {
    const { source } = this.#problems;
    if (end >= source.end) return `the file ends without the \`${closer}\``;
    const { line } = source.lineColumn(end);
    if (opener.tokenType === tokens.LeftBrace) return `put the \`${closer}\` before line ${line}`;
    return `put a \`${closer}\` where it ends, at the latest before line ${line}`;
  }

  /** After a string that took the rest of its line: what was opened on the line was to be closed on it. */
  #closeLine(token: Token): void {
    this.#problems.settle(this.#lineStart(token), token.endOffset);
    const text = token.image.trimEnd();
    while (this.#open.at(-1)?.line === this.#line && (this.#top() !== tokens.LeftBrace || text.includes('}'))) {
      const opener = this.#open.pop()?.token;
      const closer = closerOf.get(opener?.tokenType ?? tokens.Wrong);
      if (closer !== undefined) this.#keep(virtualToken(closer, token.endOffset, 0));
    }
    if (!text.endsWith('{')) return;
    this.#push(virtualToken(tokens.LeftBrace, token.endOffset, 0));
  }
}

/** Of many brackets that are open where a declaration ends, the innermost are reported. */
const mostLeftOpen = 3;

/** `let`, `var`, `while`: never within an expression, but within the braces of one. */
function startsStatement({ tokenType }: Token): boolean {
  return tokenType === tokens.Let || tokenType === tokens.Var || tokenType === tokens.While;
}

function startsDeclaration(token: Token, next: Token | undefined): boolean {
  const isBeforeName = next !== undefined && !next.startsLine && next.tokenType === tokens.Name;
  switch (token.tokenType) {
    case tokens.Export:
    case tokens.Mut:
    case tokens.Annotation:
      return true;
    case tokens.Fn:
    case tokens.Model:
    case tokens.Param:
    case tokens.State:
    case tokens.Type:
    case tokens.Use:
      return isBeforeName;
    case tokens.Test:
      return next?.tokenType === tokens.String;
    default:
      return false;
  }
}
