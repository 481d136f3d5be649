/**
 * What the parts of the grammar share: places, recovery, and the road from a failure inside chevrotain to a message of ours. Chevrotain
 * records each rule once (its own "recording phase"), to compute the lookahead and to draw the diagrams; then the rules run as they are.
 */
import { EmbeddedActionsParser, EOF, type IToken, isRecognitionException, type TokenType } from 'chevrotain';
import { DiagnosticSink, InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile, type Span } from '../../../ir/source.ts';
import type { ErrorNode, Expr, Identifier } from './ast.ts';
import { type Failure, explainFailure } from './failures.ts';
import { Problems } from './problems.ts';
import * as tokens from './tokens.ts';
import { type Token, tokenTypes, virtualToken } from './tokens.ts';

/** A rule that takes `Args` and gives `Result`. */
export type Rule<Result, Args extends unknown[] = []> = (...args: Args) => Result;

/** Stops a statement whose problem has been reported. */
class SyntaxStop extends Error {}

const nowhere = new Problems(new SourceFile('', ''), new DiagnosticSink().limit);

/** How many tokens past the last one chevrotain may look at. */
const lookahead = 3;

export abstract class GrammarBase extends EmbeddedActionsParser {
  protected problems: Problems = nowhere;
  /** Expressions that stand in parentheses: `(a, b)` is a tuple, `(a)` is `a` and is in here. */
  protected parenthesised = new Set<Expr>();
  #failure: Failure | undefined;

  constructor(skipValidations: boolean) {
    super([...tokenTypes], {
      skipValidations,
      maxLookahead: lookahead,
      recoveryEnabled: false,
      errorMessageProvider: {
        buildMismatchTokenMessage: (failure) => this.#keep({ ...failure, kind: 'mismatch' }),
        buildNoViableAltMessage: ({ actual, previous, ruleName }) =>
          this.#keep({ kind: 'no-alternative', actual: actual[0], previous, ruleName }),
        buildEarlyExitMessage: ({ actual, previous, ruleName }) =>
          this.#keep({ kind: 'no-alternative', actual: actual[0], previous, ruleName }),
        buildNotAllInputParsedMessage: () => '',
      },
    });
  }

  /** Sets the parser to the start of a text. */
  protected start(all: readonly Token[], problems: Problems): void {
    this.problems = problems;
    this.parenthesised = new Set();
    const { end } = problems.source;
    const beyond = Array.from({ length: lookahead + 1 }, () => virtualToken(EOF, end, 0));
    this.input = [...all, ...beyond];
  }

  #keep(failure: {
    kind: Failure['kind'];
    expected?: TokenType;
    actual: IToken | undefined;
    previous: IToken;
    ruleName: string;
  }): string {
    const { kind, expected, ruleName } = failure;
    const actual = failure.actual as Token | undefined;
    this.#failure = { kind, expected, actual: actual ?? this.next(), previous: this.previous(), rule: ruleName };
    return '';
  }

  // --------------------------------------------------------------------------------------------------------------- tokens

  protected next(ahead = 1): Token {
    return this.LA(ahead) as Token;
  }

  /** The token before the next one; undefined at the start of the text. */
  protected previous(): Token | undefined {
    const token = this.LA(0) as Token;
    return token.tokenType === EOF ? undefined : token;
  }

  protected nextIs(type: TokenType, ahead = 1): boolean {
    return isOfType(this.LA(ahead), type);
  }

  protected atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  protected spanFrom(start: { readonly startOffset: number }): Span {
    return this.problems.span(start.startOffset, Math.max(start.startOffset, this.previous()?.endOffset ?? 0));
  }

  protected spanOf(token: IToken): Span {
    const { startOffset, endOffset } = token as Token;
    return this.problems.span(startOffset, endOffset);
  }

  protected identifier(token: IToken): Identifier {
    return { text: token.image, span: this.spanOf(token) };
  }

  protected errorFrom(start: Token): ErrorNode {
    return { kind: 'error', span: this.spanFrom(start) };
  }

  // ------------------------------------------------------------------------------------------------------------- recovery

  /** Repeats until the closing brace or the end of the text, whatever comes: what starts no part is an error of that part. */
  protected untilClosed(part: () => void): void {
    if (this.RECORDING_PHASE) {
      this.MANY(part);
      return;
    }
    while (!this.atEnd() && !this.nextIs(tokens.RightBrace) && !this.problems.isFull) part();
  }

  /** Parses one part of a list of statements or declarations; on failure passes over it, to the end of its line. */
  protected recovering<T>(parse: () => T): T | ErrorNode {
    if (this.RECORDING_PHASE) return parse();
    const start = this.next();
    const position = this.#position();
    try {
      return parse();
    } catch (error) {
      this.#explain(error);
      if (this.#position() === position) this.SKIP_TOKEN();
      this.skipLine(start.depth);
      return this.errorFrom(start);
    }
  }

  #explain(error: unknown): void {
    if (error instanceof SyntaxStop) return;
    if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
    if (this.#failure === undefined) throw new InvariantError('chevrotain failed without a reason');
    explainFailure(this.#failure, this.problems);
    this.errors = [];
    this.#failure = undefined;
  }

  /** Counts the tokens left, so that it changes with each that is consumed. */
  #position(): Token {
    return this.next();
  }

  /** Passes over the rest of the statement: up to a line break or closing brace of the block that it is in. */
  protected skipLine(depth: number): void {
    while (!this.atEnd()) {
      const token = this.next();
      if (token.depth < depth || (token.depth === depth && token.tokenType === tokens.Newline)) return;
      this.SKIP_TOKEN();
    }
  }

  /** Ends the statement: its problem has been reported. */
  protected stop(): never {
    throw new SyntaxStop();
  }
}

export function isOfType(token: IToken, type: TokenType): boolean {
  return token.tokenType === type || (token.tokenType.CATEGORIES ?? []).includes(type);
}
