/** Statements, blocks and patterns. */
import type { Block, ErrorNode, Expr, Fn, Pattern, Statement } from './ast.ts';
import { ExpressionGrammar } from './expression-grammar.ts';
import type { Rule } from './grammar-base.ts';
import { adviseOnPlace } from './misplaced.ts';
import * as tokens from './tokens.ts';
import { retype, type Token } from './tokens.ts';

export abstract class StatementGrammar extends ExpressionGrammar {
  abstract readonly fn: Rule<Fn, [Token?, boolean?, boolean?]>;

  readonly block: Rule<Block> = this.RULE('block', (): Block => {
    const start = this.CONSUME(tokens.LeftBrace) as Token;
    const statements: Statement[] = [];
    this.untilClosed(() => {
      statements.push(this.recovering(() => this.SUBRULE(this.statement)));
      this.endLine('statement');
    });
    this.CONSUME(tokens.RightBrace);
    return { kind: 'block', statements, span: this.spanFrom(start) };
  });

  /** The line break after one part of a list, unless the list ends here. */
  protected endLine(what: 'statement' | 'declaration'): void {
    this.OPTION(() => this.CONSUME(tokens.Newline));
    if (this.RECORDING_PHASE || this.atEnd() || this.nextIs(tokens.RightBrace)) return;
    const previous = this.previous();
    if (previous === undefined || previous.tokenType === tokens.Newline) return;
    const token = this.next();
    if (token.tokenType !== tokens.Wrong) this.#reportSecond(token, previous, what);
    if (!startsStatement(token)) this.skipLine(token.depth);
    if (this.nextIs(tokens.Newline)) this.SKIP_TOKEN();
  }

  /** Something follows what is complete. */
  #reportSecond(token: Token, previous: Token, what: 'statement' | 'declaration'): void {
    const { startOffset, endOffset, image } = token;
    if (token.tokenType === tokens.Colon && what === 'statement') {
      const hint = `a typed name is \`let ${previous.image}: f32 = ...\`, a record is \`(${previous.image}: ...)\``;
      return this.problems.report('E6034', startOffset, endOffset, '`:` does not fit here', { hint });
    }
    if (token.tokenType === tokens.Equals || token.tokenType === tokens.Assign) {
      const hint = 'compare with `==`; assign each value on a line of its own';
      return this.problems.report('E6034', startOffset, endOffset, `a second \`${image}\` does not fit here`, { hint });
    }
    if (token.tokenType === tokens.If) {
      const hint = 'write `if c { a } else { b }`';
      return this.problems.report('E6034', startOffset, endOffset, 'a condition stands before what it chooses', {
        hint,
      });
    }
    if (token.tokenType === tokens.By) {
      const hint = 'a step follows a range: `0..10 by 2`';
      return this.problems.report('E6054', startOffset, endOffset, '`by` does not follow a range', { hint });
    }
    const message = `\`${image}\` follows a ${what} that is complete`;
    const hint = startsStatement(token)
      ? 'start a new line'
      : `an operator, a comma or a line break is lost after \`${previous.image}\``;
    this.problems.report('E6034', startOffset, endOffset, message, { hint });
  }

  readonly statement: Rule<Statement> = this.RULE('statement', (): Statement => {
    const misplaced = this.#misplaced();
    if (misplaced !== undefined) return misplaced;
    return this.OR([
      { ALT: () => this.SUBRULE(this.let) },
      { ALT: () => this.SUBRULE(this.var) },
      { ALT: () => this.SUBRULE(this.for) },
      { ALT: () => this.SUBRULE(this.while) },
      { ALT: () => this.SUBRULE(this.assignment), IGNORE_AMBIGUITIES: true },
    ]);
  });

  /** A declaration among statements. */
  #misplaced(): ErrorNode | undefined {
    if (this.RECORDING_PHASE) return undefined;
    const [token, next] = [this.next(), this.next(2)];
    if (token.tokenType === tokens.Fn && next.tokenType === tokens.Name) {
      const hint = `write \`let ${next.image} = fn(...) = ...\`, or move the function out`;
      this.problems.report('E6039', token.startOffset, next.endOffset, 'functions are not declared inside of others', {
        hint,
      });
      this.subrule(9, this.fn);
      return this.errorFrom(token);
    }
    const advice = adviseOnPlace('block', token, next);
    if (advice === undefined) return undefined;
    this.problems.report(advice.code, token.startOffset, token.endOffset, advice.message, advice);
    return this.stop();
  }

  readonly let: Rule<Statement> = this.RULE('let', (): Statement => {
    const start = this.CONSUME(tokens.Let) as Token;
    const rest = this.SUBRULE(this.binding);
    return { kind: 'let', ...rest, span: this.spanFrom(start) };
  });

  readonly var: Rule<Statement> = this.RULE('var', (): Statement => {
    const start = this.CONSUME(tokens.Var) as Token;
    const rest = this.SUBRULE(this.binding);
    return { kind: 'var', ...rest, span: this.spanFrom(start) };
  });

  readonly binding: Rule<{ pattern: Pattern; type: Expr | undefined; value: Expr }> = this.RULE('binding', () => {
    this.#skipMut();
    const pattern = this.SUBRULE(this.pattern);
    const type = this.OPTION(() => {
      this.CONSUME(tokens.Colon);
      return this.SUBRULE(this.type);
    });
    this.readEquals();
    this.CONSUME(tokens.Equals);
    const value = this.SUBRULE(this.expression);
    return { pattern, type, value };
  });

  #skipMut(): void {
    if (this.RECORDING_PHASE || !this.nextIs(tokens.Mut)) return;
    const { startOffset, endOffset } = this.next();
    const hint = 'write `var x = 1` for what changes, `let x = 1` for what does not';
    this.problems.report('E6080', startOffset, endOffset, '`mut` is only for functions that write state', { hint });
    this.SKIP_TOKEN();
  }

  /** `let x := 1` and `let x == 1` are read as `let x = 1`. */
  protected readEquals(): void {
    if (this.RECORDING_PHASE) return;
    const token = this.next();
    if (
      token.tokenType !== tokens.Assign &&
      token.tokenType !== tokens.EqualTo &&
      token.tokenType !== tokens.CompoundAssign
    )
      return;
    const message = `a new name gets its value with \`=\`, not \`${token.image}\``;
    this.problems.report('E6032', token.startOffset, token.endOffset, message, { hint: 'write `=`' });
    retype(token, tokens.Equals);
  }

  readonly for: Rule<Statement> = this.RULE('for', (): Statement => {
    const start = this.CONSUME(tokens.For) as Token;
    const pattern = this.SUBRULE(this.pattern);
    this.CONSUME(tokens.In);
    this.requireHead('sequence', 'for i in 0..n { ... }');
    const sequence = this.SUBRULE(this.expression);
    const body = this.SUBRULE(this.block);
    return { kind: 'for', pattern, sequence, body, span: this.spanFrom(start) };
  });

  readonly while: Rule<Statement> = this.RULE('while', (): Statement => {
    const start = this.CONSUME(tokens.While) as Token;
    this.requireHead('condition', 'while c { ... }');
    const condition = this.SUBRULE(this.expression);
    const body = this.SUBRULE(this.block);
    return { kind: 'while', condition, body, span: this.spanFrom(start) };
  });

  /** An expression, or `place := value`. */
  readonly assignment: Rule<Statement> = this.RULE('assignment', (): Statement => {
    this.#rejectBareBlock();
    const start = this.next();
    const target = this.SUBRULE(this.expression);
    this.#readAssign(target);
    const value = this.OPTION(() => {
      this.CONSUME(tokens.Assign);
      return this.SUBRULE2(this.expression);
    });
    return this.ACTION((): Statement => {
      const span = this.spanFrom(start);
      if (value === undefined) return { kind: 'expr', value: target, span };
      this.#checkTarget(target);
      return { kind: 'assign', target, value, span };
    });
  });

  #rejectBareBlock(): void {
    if (this.RECORDING_PHASE || !this.nextIs(tokens.LeftBrace)) return;
    const { startOffset, endOffset } = this.next();
    const hint = 'write its statements without the braces, or `let _ = { ... }`';
    this.problems.report('E6033', startOffset, endOffset, 'a block on its own is no statement', { hint });
  }

  /** `x = 1` and `x += 1` are read as `x := 1`. */
  #readAssign(target: Expr): void {
    if (this.RECORDING_PHASE) return;
    const token = this.next();
    if (token.tokenType === tokens.Equals) {
      const hint = 'write `:=` to change a `var` or a state, `let x = ...` for a new name';
      this.problems.report('E6030', token.startOffset, token.endOffset, '`=` does not change a value', { hint });
    } else if (token.tokenType === tokens.CompoundAssign) {
      const place = this.#sourceOf(target);
      const operator = token.image.slice(0, -1);
      const hint = `write \`${place} := ${place} ${operator} ...\``;
      this.problems.report('E6031', token.startOffset, token.endOffset, `there is no \`${token.image}\``, { hint });
    } else return;
    retype(token, tokens.Assign);
  }

  #sourceOf({ span }: Expr): string {
    const text = new TextDecoder().decode(span.source.bytes.subarray(span.start, Math.min(span.end, span.start + 40)));
    return text.includes('\n') || span.end - span.start > 40 ? 'x' : text;
  }

  /** A place is a name, a member or an index of a place, or a tuple of places. */
  #checkTarget(target: Expr): void {
    const { kind } = target;
    if (kind === 'name' || kind === 'error') return;
    if (kind === 'member' || kind === 'index') return this.#checkTarget(target.operand);
    if (kind === 'tuple') return target.fields.forEach(({ value }) => this.#checkTarget(value));
    const { start, end } = target.span;
    const hint = 'on the left of `:=` stands a name, a member, an index, or a tuple of these';
    this.problems.report('E6033', start, end, 'this is no place that can be written', { hint });
  }

  /** `x`, `_`, `(x, (y, _))`. */
  readonly pattern: Rule<Pattern> = this.RULE('pattern', (): Pattern => {
    const start = this.next();
    return this.OR([
      {
        ALT: (): Pattern => {
          const name = this.identifier(this.CONSUME(tokens.Name));
          return name.text === '_' ? { kind: 'wildcard', span: name.span } : { kind: 'bind', name, span: name.span };
        },
      },
      {
        ALT: (): Pattern => {
          const elements: Pattern[] = [];
          this.CONSUME(tokens.LeftParen);
          elements.push(this.SUBRULE(this.pattern));
          this.MANY({
            GATE: () => !this.nextIs(tokens.RightParen, 2),
            DEF: () => {
              this.CONSUME(tokens.Comma);
              elements.push(this.SUBRULE2(this.pattern));
            },
          });
          this.OPTION(() => this.CONSUME2(tokens.Comma));
          this.CONSUME(tokens.RightParen);
          return { kind: 'tuple-pattern', elements, span: this.spanFrom(start) };
        },
      },
      {
        ALT: (): Pattern => {
          this.CONSUME(tokens.Wrong);
          return this.errorFrom(start);
        },
      },
    ]);
  });
}

export function startsStatement({ tokenType }: Token): boolean {
  return [tokens.Let, tokens.Var, tokens.For, tokens.While, tokens.Fn, tokens.Export].includes(tokenType);
}
