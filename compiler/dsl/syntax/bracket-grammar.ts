/** What stands in brackets: tuples, lists, arguments, indices. */
import type { Argument, Expr, Field, IndexItem, Pattern } from './ast.ts';
import { GrammarBase, type Rule } from './grammar-base.ts';
import * as tokens from './tokens.ts';
import type { Token } from './tokens.ts';

export abstract class BracketGrammar extends GrammarBase {
  abstract readonly expression: Rule<Expr>;
  abstract readonly pattern: Rule<Pattern>;

  /** `(a, b)`, `(x: a)`, `()`; `(a)` is `a`. */
  readonly tuple: Rule<Expr> = this.RULE('tuple', (): Expr => {
    const start = this.CONSUME(tokens.LeftParen) as Token;
    const fields: Field[] = [];
    let hasComma = false;
    this.OPTION(() => {
      fields.push(this.SUBRULE(this.field));
      this.MANY({
        GATE: () => !this.nextIs(tokens.RightParen, 2),
        DEF: () => {
          this.CONSUME(tokens.Comma);
          hasComma = true;
          fields.push(this.SUBRULE2(this.field));
        },
      });
      this.OPTION2(() => {
        this.CONSUME2(tokens.Comma);
        hasComma = true;
      });
    });
    this.CONSUME(tokens.RightParen);
    return this.ACTION(() => this.#tuple(start, fields, hasComma));
  });

  #tuple(start: Token, fields: readonly Field[], hasComma: boolean): Expr {
    const [first] = fields;
    if (fields.length === 1 && first !== undefined && first.name === undefined && !hasComma) {
      this.parenthesised.add(first.value);
      return first.value;
    }
    const odd = fields.find((field) => (field.name === undefined) !== (first?.name === undefined));
    if (odd !== undefined) {
      const hint = 'write `(x: a, y: b)` for a record, `(a, b)` for a tuple';
      this.problems.report(
        'E6058',
        odd.span.start,
        odd.span.end,
        'some of these fields have names and some have none',
        { hint },
      );
    }
    return { kind: 'tuple', fields, span: this.spanFrom(start) };
  }

  readonly field: Rule<Field> = this.RULE('field', (): Field => {
    const start = this.next();
    const name = this.OPTION({
      GATE: () => this.nextIs(tokens.Colon, 2),
      DEF: () => {
        const token = this.CONSUME(tokens.Name);
        this.CONSUME(tokens.Colon);
        return this.identifier(token);
      },
    });
    const value = this.SUBRULE(this.expression);
    return { name, value, span: this.spanFrom(start) };
  });

  /** `[a, b]`, `[e; count]`, `[e for p in s if c]`. */
  readonly list: Rule<Expr> = this.RULE('list', (): Expr => {
    const start = this.CONSUME(tokens.LeftBracket) as Token;
    const close = (): Token => this.CONSUME(tokens.RightBracket) as Token;
    let make = (): Expr => ({ kind: 'list', elements: [], span: this.spanFrom(start) });
    this.OPTION(() => {
      const value = this.SUBRULE(this.expression);
      make = this.OR([
        {
          ALT: () => {
            this.CONSUME(tokens.Semicolon);
            const count = this.SUBRULE2(this.expression);
            return (): Expr => ({ kind: 'repeat', value, count, span: this.spanFrom(start) });
          },
        },
        {
          ALT: () => {
            const clause = this.SUBRULE(this.comprehensionClause);
            return (): Expr => ({ kind: 'comprehension', value, ...clause, span: this.spanFrom(start) });
          },
        },
        {
          ALT: () => {
            const elements = [value];
            this.MANY({
              GATE: () => !this.nextIs(tokens.RightBracket, 2),
              DEF: () => {
                this.CONSUME(tokens.Comma);
                elements.push(this.SUBRULE3(this.expression));
              },
            });
            this.OPTION2(() => this.CONSUME2(tokens.Comma));
            return (): Expr => ({ kind: 'list', elements, span: this.spanFrom(start) });
          },
        },
      ]);
    });
    close();
    return this.ACTION(() => make());
  });

  readonly comprehensionClause: Rule<{ pattern: Pattern; sequence: Expr; condition: Expr | undefined }> = this.RULE(
    'comprehensionClause',
    () => {
      this.CONSUME(tokens.For);
      const pattern = this.SUBRULE(this.pattern);
      this.CONSUME(tokens.In);
      const sequence = this.SUBRULE(this.expression);
      const condition = this.OPTION(() => {
        this.CONSUME(tokens.If);
        return this.SUBRULE2(this.expression);
      });
      return { pattern, sequence, condition };
    },
  );

  // ---------------------------------------------------------------------------------------------- arguments and indices

  readonly callArguments: Rule<readonly Argument[]> = this.RULE('callArguments', (): readonly Argument[] => {
    const found: Argument[] = [];
    this.CONSUME(tokens.LeftParen);
    this.OPTION(() => {
      found.push(this.SUBRULE(this.argument));
      this.MANY({
        GATE: () => !this.nextIs(tokens.RightParen, 2),
        DEF: () => {
          this.CONSUME(tokens.Comma);
          found.push(this.SUBRULE2(this.argument));
        },
      });
      this.OPTION2(() => this.CONSUME2(tokens.Comma));
    });
    this.CONSUME(tokens.RightParen);
    this.ACTION(() => this.#checkOrder(found));
    return found;
  });

  #checkOrder(found: readonly Argument[]): void {
    const named = found.findIndex(({ name }) => name !== undefined);
    const late =
      named === -1
        ? undefined
        : found.slice(named).find(({ name, value }) => name === undefined && value.kind !== 'lambda');
    if (late === undefined) return;
    const hint = 'first those without a name, in order, then the named ones; a function `fn(x) = ...` may be the last';
    const { start, end } = late.span;
    this.problems.report('E6057', start, end, 'an argument without a name follows a named one', { hint });
  }

  /** `x`, `axis: 1`, `&kv[i]`. */
  readonly argument: Rule<Argument> = this.RULE('argument', (): Argument => {
    const start = this.next();
    const name = this.OPTION({
      GATE: () => this.nextIs(tokens.Colon, 2),
      DEF: () => {
        const token = this.CONSUME(tokens.Name);
        this.CONSUME(tokens.Colon);
        return this.identifier(token);
      },
    });
    const reference = this.OPTION2(() => this.CONSUME(tokens.Ampersand) as Token);
    const place = this.SUBRULE(this.expression);
    const value: Expr = reference === undefined ? place : { kind: 'place', place, span: this.spanFrom(reference) };
    return { name, value, span: this.spanFrom(start) };
  });

  readonly indexItems: Rule<readonly IndexItem[]> = this.RULE('indexItems', (): readonly IndexItem[] => {
    const found: IndexItem[] = [];
    this.CONSUME(tokens.LeftBracket);
    found.push(this.SUBRULE(this.indexItem));
    this.MANY({
      GATE: () => !this.nextIs(tokens.RightBracket, 2),
      DEF: () => {
        this.CONSUME(tokens.Comma);
        found.push(this.SUBRULE2(this.indexItem));
      },
    });
    this.OPTION(() => this.CONSUME2(tokens.Comma));
    this.CONSUME(tokens.RightBracket);
    return found;
  });

  /** `i`, `:`, `lo..hi`, `lo..`, `..hi`, each slice with `by step`; `...`, `...s`, `new`. */
  readonly indexItem: Rule<IndexItem> = this.RULE('indexItem', (): IndexItem => {
    const start = this.next();
    const item = this.OR([
      {
        ALT: (): IndexItem => {
          this.CONSUME(tokens.Ellipsis);
          const name = this.OPTION(() => this.identifier(this.CONSUME(tokens.Name)));
          return { kind: 'rest', name, span: this.spanFrom(start) };
        },
      },
      {
        ALT: (): IndexItem => {
          this.CONSUME(tokens.New);
          return { kind: 'new-axis', span: this.spanFrom(start) };
        },
      },
      {
        ALT: (): IndexItem => {
          this.CONSUME(tokens.Colon);
          const step = this.OPTION2(() => this.SUBRULE(this.step));
          return { kind: 'slice', lower: undefined, upper: undefined, step, span: this.spanFrom(start) };
        },
      },
      {
        ALT: (): IndexItem => {
          this.CONSUME(tokens.DotDot);
          const upper = this.OPTION6(() => this.SUBRULE(this.expression));
          const step = this.OPTION3(() => this.SUBRULE2(this.step));
          return { kind: 'slice', lower: undefined, upper, step, span: this.spanFrom(start) };
        },
      },
      {
        ALT: (): IndexItem => {
          const value = this.SUBRULE2(this.expression);
          const open = this.OPTION4(() => {
            this.CONSUME2(tokens.DotDot);
            return { step: this.OPTION5(() => this.SUBRULE3(this.step)) };
          });
          return this.ACTION(() => this.#indexItem(start, value, open));
        },
      },
    ]);
    this.ACTION(() => this.#rejectColon(start));
    return item;
  });

  /** `x[1:3]` and `x[::2]`, as Python has them. */
  #rejectColon(start: Token): void {
    const isColon = this.nextIs(tokens.Colon) || start.image === '::' || this.previous()?.tokenType === tokens.Colon;
    if (!isColon || this.nextIs(tokens.Comma) || this.nextIs(tokens.RightBracket)) return;
    const { startOffset, endOffset } = start.image === '::' || !this.nextIs(tokens.Colon) ? start : this.next();
    const hint = 'write `a..b`, `a..`, `..b`, and a step as `a..b by 2`';
    this.problems.report('E6056', startOffset, endOffset, 'slices are written with `..`, not `:`', { hint });
    const { depth } = start;
    while (!this.atEnd() && this.next().depth >= depth && !(this.next().depth === depth && this.nextIs(tokens.Comma)))
      this.SKIP_TOKEN();
  }

  #indexItem(start: Token, value: Expr, open: { step: Expr | undefined } | undefined): IndexItem {
    const span = this.spanFrom(start);
    if (open !== undefined) return { kind: 'slice', lower: value, upper: undefined, step: open.step, span };
    if (value.kind !== 'range' || this.parenthesised.has(value)) return { kind: 'at', value, span };
    const { lower, upper, step } = value;
    return { kind: 'slice', lower, upper, step, span };
  }

  readonly step: Rule<Expr> = this.RULE('step', (): Expr => {
    this.CONSUME(tokens.By);
    return this.SUBRULE(this.expression);
  });
}
