/**
 * The current token and what every parser does with it: ask, consume, complain. Diagnostics are kept here until the text has
 * been read, so that they come out in the order of the text.
 */
import type { DiagnosticInit, DiagnosticSink } from '../diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../source.ts';
import { balancedEnd } from './balanced-text.ts';
import { Lexer, type LexicalError, type TokenKind } from './lexer.ts';
import { ParseFailure } from './op-parser.ts';
import { SliceTable } from './slice-table.ts';
import { decodeString } from './string-literal.ts';

/** Regions, attributes, types and locations may be nested this deep in sum (design section 2). */
export const MAX_DEPTH = 256;

export type ByteRange = Pick<Span, 'start' | 'end'>;

/** A place to come back to. */
export interface Bookmark {
  readonly start: number;
  readonly lastEnd: number;
  readonly openBraces: number;
}

const decoder = new TextDecoder();

export class TokenStream {
  readonly source: SourceFile;
  readonly bytes: Uint8Array;
  /** Where this part of the source begins. */
  readonly origin: number;
  /** Byte offset just past the last token consumed. */
  lastEnd: number;
  /** `{` consumed less `}` consumed: where error recovery stops. */
  openBraces = 0;
  depth = 0;
  readonly #lexer: Lexer;
  readonly #sink: DiagnosticSink;
  readonly #texts: SliceTable<string>;
  readonly #diagnostics: DiagnosticInit[] = [];
  #errors = 0;
  #hasEnded = false;

  constructor(source: SourceFile, sink: DiagnosticSink) {
    const { start, end: limit } = source;
    this.source = source;
    this.bytes = source.bytes;
    this.origin = start;
    this.lastEnd = start;
    this.#sink = sink;
    this.#texts = new SliceTable(source.bytes);
    this.#lexer = new Lexer(source.bytes, start, limit);
    this.#lexer.next();
  }

  get kind(): TokenKind {
    return this.#lexer.kind;
  }

  get start(): number {
    return this.#lexer.start;
  }

  get end(): number {
    return this.#lexer.end;
  }

  get limit(): number {
    return this.#lexer.limit;
  }

  // Moving

  /** Consumes the current token. */
  advance(): void {
    const lexer = this.#lexer;
    if (lexer.kind === '{') this.openBraces++;
    else if (lexer.kind === '}') this.openBraces--;
    this.lastEnd = lexer.end;
    lexer.next();
  }

  /** Makes the token at or after `offset` current; what lies between counts as consumed. */
  skipTo(offset: number): void {
    this.lastEnd = offset;
    this.#lexer.moveTo(offset);
  }

  bookmark(): Bookmark {
    return { start: this.start, lastEnd: this.lastEnd, openBraces: this.openBraces };
  }

  returnTo(bookmark: Bookmark): void {
    this.#lexer.moveTo(bookmark.start);
    this.lastEnd = bookmark.lastEnd;
    this.openBraces = bookmark.openBraces;
  }

  // Asking

  /** True when the current token is this punctuation mark or keyword. */
  isNext(literal: string): boolean {
    const { kind } = this.#lexer;
    return kind === 'identifier' ? this.spells(this.start, this.end, literal) : kind === literal;
  }

  consumeIf(literal: string): boolean {
    if (!this.isNext(literal)) return false;
    this.advance();
    return true;
  }

  expect(literal: string): void {
    if (!this.consumeIf(literal)) throw this.expected(`'${literal}'`);
  }

  /** Fails unless the literal is current; consumes nothing. */
  require(literal: string): void {
    if (!this.isNext(literal)) throw this.expected(`'${literal}'`);
  }

  /** True when the bytes are this ASCII text. */
  spells(start: number, end: number, literal: string): boolean {
    if (end - start !== literal.length) return false;
    const { bytes } = this;
    for (let index = 0; index < literal.length; index++) {
      if (bytes[start + index] !== literal.charCodeAt(index)) return false;
    }
    return true;
  }

  /** The text of a byte range: the same string object each time, as long as it is short. */
  text(start: number, end: number): string {
    if (end - start > 256) return decoder.decode(this.bytes.subarray(start, end));
    const known = this.#texts.get(start, end);
    if (known !== undefined) return known;
    const text = this.#shortText(start, end);
    this.#texts.set(start, end, text);
    return text;
  }

  /** Most names are short and ASCII; a decoder's call costs more than they do. */
  #shortText(start: number, end: number): string {
    const { bytes } = this;
    let text = '';
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80) return decoder.decode(bytes.subarray(start, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  get tokenText(): string {
    return this.text(this.start, this.end);
  }

  // Consuming what has a text

  /** A bare identifier. */
  keyword(what: string): string {
    if (this.kind !== 'identifier') throw this.expected(what);
    const text = this.tokenText;
    this.advance();
    return text;
  }

  peekKeyword(): string | undefined {
    return this.kind === 'identifier' ? this.tokenText : undefined;
  }

  string(what = 'a string'): string {
    if (this.kind !== 'string') throw this.expected(what);
    const text = this.#decode(this.start + 1, this.end - 1);
    this.advance();
    return text;
  }

  /** `@name`, without the `@`. */
  symbol(): string {
    if (this.kind !== 'symbol') throw this.expected("a symbol such as '@main'");
    const { start, end } = this;
    const isQuoted = this.bytes[start + 1] === 0x22;
    const name = isQuoted ? this.#decode(start + 2, end - 1) : this.text(start + 1, end);
    this.advance();
    return name;
  }

  #decode(start: number, end: number): string {
    const decoded = decodeString(this.bytes, start, end);
    if (typeof decoded === 'string') return decoded;
    this.report(
      {
        code: 'E1003',
        message: `'${this.text(decoded.at, Math.min(decoded.at + 2, end))}' is not an escape`,
        hint: 'a backslash stands before another backslash, a quote, n, t, or two hex digits',
      },
      { start: decoded.at, end: Math.min(decoded.at + 2, end) },
    );
    return '';
  }

  /** Items between commas until `close`, which is consumed; possibly none. `opening` is where the opening mark stands. */
  separated(close: string, opening: number, parseItem: () => void): void {
    if (this.consumeIf(close)) return;
    do parseItem();
    while (this.consumeIf(','));
    this.close(close, opening);
  }

  /** Consumes the closing mark, or complains with a note at the opening one. */
  close(close: string, opening: number): void {
    if (this.consumeIf(close)) return;
    const opened = { source: this.source, start: opening, end: opening + 1 };
    if (this.kind === 'end') {
      throw this.fail({
        code: 'E1007',
        message: `the text ends where '${close}' is expected`,
        notes: [{ message: 'opened here', span: opened }],
      });
    }
    throw this.expected(close === '}' ? "'}'" : `',' or '${close}'`);
  }

  // Depth

  /** Call before parsing anything that may hold itself; `leave` after. */
  enter(): void {
    if (++this.depth <= MAX_DEPTH) return;
    throw this.fail({
      code: 'E1005',
      message: `nested more than ${MAX_DEPTH} levels deep`,
      hint: 'regions, attributes, types and locations count together',
    });
  }

  leave(): void {
    this.depth--;
  }

  // Complaining

  /** True when further errors would not be shown. */
  get isFull(): boolean {
    return this.#errors + this.#sink.errorCount >= this.#sink.limit;
  }

  get errorCount(): number {
    return this.#errors;
  }

  expected(what: string): ParseFailure {
    if (this.kind === 'error') return this.#lexicalFailure();
    return this.fail({ code: 'E1006', message: `expected ${what}, found ${this.#describe()}` });
  }

  fail(init: DiagnosticInit, at?: ByteRange): ParseFailure {
    // Once the text has ended, whatever else is open ends with it: that is one mistake, not many.
    if (!this.#hasEnded) this.report(init, at);
    this.#hasEnded ||= this.kind === 'end' && at === undefined;
    return new ParseFailure();
  }

  /** The end of the text is a consequence of what has been reported. */
  markEnded(): void {
    this.#hasEnded = true;
  }

  report(init: DiagnosticInit, at: ByteRange = this): void {
    const { source } = this;
    this.#errors++;
    // Those that come late in the text may be reported early; of a flood most are never shown.
    if (this.#diagnostics.length < 10 * this.#sink.limit)
      this.#diagnostics.push({ ...init, span: { source, start: at.start, end: at.end } });
  }

  span(start: number, end = this.lastEnd): Span {
    return { source: this.source, start, end };
  }

  /** Hands what was reported to the sink, in the order of the text; an alias that is read twice reports once. */
  flush(): void {
    const sorted = this.#diagnostics.splice(0).toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
    for (const [index, diagnostic] of sorted.entries()) {
      const previous = sorted[index - 1];
      const isRepeated = previous?.code === diagnostic.code && previous.span?.start === diagnostic.span?.start;
      if (!isRepeated) this.#sink.report(diagnostic);
    }
  }

  #describe(): string {
    const { kind, start, end } = this;
    if (kind === 'end') return 'the end of the text';
    if (kind === 'string') return end - start > 40 ? 'a string' : `the string ${this.tokenText}`;
    return `'${this.text(start, Math.min(end, start + 60))}'`;
  }

  #lexicalFailure(): ParseFailure {
    const { error } = this.#lexer;
    const bad = this.text(this.start, Math.min(this.end, this.start + 12));
    return this.fail(lexicalDiagnostic(error, bad));
  }

  /** Skips the bracketed body whose opening mark is current; the offset past it. */
  skipBalanced(): number {
    const opening = this.start;
    const end = balancedEnd(this.bytes, opening, this.limit, MAX_DEPTH);
    if (typeof end !== 'number') {
      throw this.fail(
        {
          code: 'E1008',
          message: `expected '${end.closer}' here`,
          notes: [{ message: 'in the text that starts here', span: this.span(opening, opening + 1) }],
        },
        { start: end.at, end: Math.min(end.at + 1, this.limit) },
      );
    }
    this.skipTo(end);
    return end;
  }
}

function lexicalDiagnostic(error: LexicalError, bad: string): DiagnosticInit {
  switch (error) {
    case 'character':
      return { code: 'E1001', message: `'${bad}' starts no token` };
    case 'unterminated-string':
      return {
        code: 'E1002',
        message: 'the string does not end on its line',
        hint: 'write a line break inside a string as \\n',
      };
    case 'empty-name':
      return { code: 'E1004', message: `a name must follow '${bad.charAt(0)}'` };
    default:
      return error satisfies never;
  }
}
