/** Expressions, and the types that are written with them. */
import type { Block, ErrorNode, Expr, Parameter } from './ast.ts';
import { maxHeight, maxNesting, tooDeep, tooDeepHint } from './brackets.ts';
import { BracketGrammar } from './bracket-grammar.ts';
import type { Rule } from './grammar-base.ts';
import { integerValue } from './numbers.ts';
import { RowBuilder, type RowItem } from './operators.ts';
import type { Problems } from './problems.ts';
import * as tokens from './tokens.ts';
import type { Token } from './tokens.ts';

export abstract class ExpressionGrammar extends BracketGrammar {
  abstract readonly block: Rule<Block>;
  abstract readonly parameters: Rule<readonly Parameter[]>;
  /** Within a type, `fn` starts the type of a function. */
  #inType = false;
  #nesting = 0;

  /** A row of operands and operators; `operators.ts` says which of them belong closer together. */
  override readonly expression: Rule<Expr> = this.RULE('expression', (): Expr => {
    const items: RowItem[] = [];
    let hasRange = false;
    this.#enter();
    this.SUBRULE(this.operand, { ARGS: [items] });
    this.MANY({
      GATE: () => this.#goesOn(hasRange),
      DEF: () => {
        const token = this.CONSUME(tokens.InfixOperator) as Token;
        hasRange ||= token.tokenType === tokens.DotDot;
        items.push({ kind: 'infix', token });
        if (items.length > 4 * maxHeight) this.#rejectDepth(token);
        this.SUBRULE2(this.operand, { ARGS: [items] });
      },
    });
    this.#nesting--;
    return this.ACTION(() => this.#build(items));
  });

  protected override start(all: readonly Token[], problems: Problems): void {
    this.#nesting = 0;
    this.#inType = false;
    super.start(all, problems);
  }

  /** Nesting without brackets, as `fn(x) = fn(y) = ...`, has the same limit as nesting with them. */
  #enter(): void {
    this.#nesting++;
    if (this.#nesting > maxNesting + 1) this.#rejectDepth(this.next());
  }

  /** After a statement that failed somewhere within. */
  protected override recovering<T>(parse: () => T): T | ErrorNode {
    const nesting = this.#nesting;
    const inType = this.#inType;
    this.#inType = false;
    try {
      return super.recovering(parse);
    } finally {
      this.#nesting = nesting;
      this.#inType = inType;
    }
  }

  /** Not with the `..` of a slice without an upper end, nor with a `by` that no range comes before. */
  #goesOn(hasRange: boolean): boolean {
    if (this.nextIs(tokens.By)) return hasRange;
    if (!this.nextIs(tokens.DotDot)) return true;
    return !this.nextIs(tokens.RightBracket, 2) && !this.nextIs(tokens.Comma, 2) && !this.nextIs(tokens.By, 2);
  }

  #build(items: readonly RowItem[]): Expr {
    const [first] = items;
    if (items.length === 1 && first?.kind === 'operand') return first.value;
    return new RowBuilder(items, this.problems, this.parenthesised).build();
  }

  #rejectDepth({ startOffset, endOffset }: Token): never {
    this.problems.report('E6017', startOffset, endOffset, tooDeep, { hint: tooDeepHint });
    return this.stop();
  }

  readonly operand: Rule<void, [RowItem[]?]> = this.RULE('operand', (items: RowItem[] = []): void => {
    this.MANY(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(tokens.Minus) },
        { ALT: () => this.CONSUME(tokens.Not) },
      ]) as Token;
      items.push({ kind: 'prefix', token });
      if (items.length > 4 * maxHeight) this.#rejectDepth(token);
    });
    const start = this.next();
    let value = this.OR2([
      { ALT: () => this.#literal(this.CONSUME(tokens.Int) as Token) },
      { ALT: () => this.#literal(this.CONSUME(tokens.Float) as Token) },
      { ALT: () => this.#literal(this.CONSUME(tokens.String) as Token) },
      { ALT: () => this.#literal(this.CONSUME(tokens.True) as Token) },
      { ALT: () => this.#literal(this.CONSUME(tokens.False) as Token) },
      { ALT: () => this.#literal(this.CONSUME(tokens.Name) as Token) },
      { ALT: () => this.#literal(this.CONSUME(tokens.Wrong) as Token) },
      { ALT: () => this.SUBRULE(this.tuple) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.conditional) },
      { GATE: () => !this.#inType, ALT: () => this.SUBRULE(this.lambda) },
      { GATE: () => this.#inType, ALT: () => this.SUBRULE(this.fnType), IGNORE_AMBIGUITIES: true },
      { GATE: () => !this.#inType, ALT: () => this.SUBRULE(this.block) },
    ]);
    let links = 0;
    this.MANY2(() => {
      const operand = value;
      if (++links > maxHeight) this.#rejectDepth(this.next());
      value = this.OR3([
        {
          ALT: () => {
            const found = this.SUBRULE(this.callArguments);
            return { kind: 'call', callee: operand, arguments: found, span: this.spanFrom(start) } as const;
          },
        },
        {
          ALT: () => {
            this.CONSUME(tokens.LeftBracket);
            const close = this.CONSUME(tokens.RightBracket) as Token;
            this.ACTION(() => this.#checkEmpty(operand, close));
            return { kind: 'index', operand, items: [], span: this.spanFrom(start) } as const;
          },
        },
        {
          ALT: () => {
            const found = this.SUBRULE(this.indexItems);
            return { kind: 'index', operand, items: found, span: this.spanFrom(start) } as const;
          },
        },
        {
          ALT: () => {
            this.CONSUME(tokens.Dot);
            const name = this.OR4([
              { ALT: () => this.CONSUME2(tokens.Name) },
              { ALT: () => this.CONSUME2(tokens.Int) },
            ]);
            return { kind: 'member', operand, name: this.identifier(name), span: this.spanFrom(start) } as const;
          },
        },
      ]);
    });
    items.push({ kind: 'operand', value });
  });

  /** `bool[]` is a scalar at run time, where `bool` alone is known at compile time; nothing else has empty brackets. */
  #checkEmpty(operand: Expr, { startOffset, endOffset }: Token): void {
    if (operand.kind === 'name' && operand.text === 'bool') return;
    const hint = 'a scalar is `f32`; all of a tensor is `x[...]`';
    this.problems.report('E6063', startOffset, endOffset, 'these brackets are empty', { hint });
  }

  #literal(token: Token): Expr {
    const span = this.spanOf(token);
    switch (token.tokenType) {
      case tokens.Int:
        return { kind: 'int', value: integerValue(token.image), span };
      case tokens.Float:
        return { kind: 'float', text: token.image, span };
      case tokens.String:
        return { kind: 'string', value: token.text ?? '', span };
      case tokens.True:
      case tokens.False:
        return { kind: 'bool', value: token.tokenType === tokens.True, span };
      case tokens.Wrong:
        return { kind: 'error', span };
      default:
        return { kind: 'name', text: token.image, span };
    }
  }

  readonly conditional: Rule<Expr> = this.RULE('conditional', (): Expr => {
    const branches: { start: Token; condition: Expr; then: Block }[] = [];
    const start = this.CONSUME(tokens.If) as Token;
    this.requireHead('condition', 'if c { a } else { b }');
    const condition = this.SUBRULE(this.expression);
    branches.push({ start, condition, then: this.SUBRULE(this.block) });
    this.MANY(() => {
      this.CONSUME(tokens.Else);
      const start = this.CONSUME2(tokens.If) as Token;
      this.requireHead('condition', 'if c { a } else { b }');
      const condition = this.SUBRULE2(this.expression);
      branches.push({ start, condition, then: this.SUBRULE2(this.block) });
      if (branches.length > maxHeight) this.#rejectDepth(start);
    });
    const otherwise = this.OPTION(() => {
      this.CONSUME2(tokens.Else);
      return this.SUBRULE3(this.block);
    });
    return this.ACTION(() => this.#conditional(branches, otherwise));
  });

  #conditional(branches: readonly { start: Token; condition: Expr; then: Block }[], last: Block | undefined): Expr {
    const { end } = this.spanFrom(this.next(0));
    let otherwise: Extract<Expr, { kind: 'if' }> | Block | undefined = last;
    for (const { start, condition, then } of branches.toReversed()) {
      otherwise = { kind: 'if', condition, then, otherwise, span: this.problems.span(start.startOffset, end) };
    }
    return otherwise ?? { kind: 'error', span: this.problems.span(end, end) };
  }

  /** Reports a block where its condition or its sequence should come first, or a colon where the block should. */
  protected requireHead(what: 'condition' | 'sequence', example: string): void {
    if (this.RECORDING_PHASE || !this.nextIs(tokens.LeftBrace)) return;
    const { startOffset, endOffset } = this.next();
    this.problems.report('E6066', startOffset, endOffset, `a ${what} is missing before \`{\``, {
      hint: `write \`${example}\``,
    });
    this.stop();
  }

  /** `fn(a, (b, c)) = e`, `fn(a) { ... }`. The expression of the first goes as far as it can. */
  readonly lambda: Rule<Expr> = this.RULE('lambda', (): Expr => {
    const start = this.CONSUME(tokens.Fn) as Token;
    const parameters = this.SUBRULE(this.parameters);
    const result = this.OPTION(() => {
      this.CONSUME(tokens.Arrow);
      return this.SUBRULE(this.type);
    });
    const body = this.OR([
      {
        ALT: () => {
          this.CONSUME(tokens.Equals);
          return this.SUBRULE(this.expression);
        },
      },
      { ALT: () => this.SUBRULE(this.block) },
    ]);
    return { kind: 'lambda', parameters, result, body, span: this.spanFrom(start) };
  });

  /** An expression that gives a type: `f32[n, t]`, `[Kv[n]; depth]`, `fn(f32[n]) -> f32`. */
  readonly type: Rule<Expr> = this.RULE('type', (): Expr => {
    const outer = this.#inType;
    this.#inType = true;
    try {
      return this.SUBRULE(this.expression);
    } finally {
      this.#inType = outer;
    }
  });

  readonly fnType: Rule<Expr> = this.RULE('fnType', (): Expr => {
    const start = this.CONSUME(tokens.Fn) as Token;
    const parameters: Expr[] = [];
    this.CONSUME(tokens.LeftParen);
    this.OPTION(() => {
      parameters.push(this.SUBRULE(this.type));
      this.MANY({
        GATE: () => !this.nextIs(tokens.RightParen, 2),
        DEF: () => {
          this.CONSUME(tokens.Comma);
          parameters.push(this.SUBRULE2(this.type));
        },
      });
      this.OPTION2(() => this.CONSUME2(tokens.Comma));
    });
    this.CONSUME(tokens.RightParen);
    this.CONSUME(tokens.Arrow);
    const result = this.SUBRULE3(this.type);
    return { kind: 'fn-type', parameters, result, span: this.spanFrom(start) };
  });
}
