/** Signatures: functions, their parameters, and what they are generic in. */
import type { Binder, Fn, Parameter } from './ast.ts';
import type { Rule } from './grammar-base.ts';
import { StatementGrammar } from './statement-grammar.ts';
import * as tokens from './tokens.ts';
import type { Token } from './tokens.ts';

export abstract class SignatureGrammar extends StatementGrammar {
  readonly fn: Rule<Fn, [Token?, boolean?, boolean?]> = this.RULE(
    'fn',
    (first?: Token, exported = false, mut = false): Fn => {
      const keyword = this.CONSUME(tokens.Fn) as Token;
      const start = first ?? keyword;
      const name = this.identifier(this.CONSUME(tokens.Name));
      const binders = this.OPTION(() => this.SUBRULE(this.binders)) ?? [];
      const parameters = this.SUBRULE(this.parameters);
      this.ACTION(() => this.checkTyped(parameters));
      const result = this.OPTION2(() => {
        this.CONSUME(tokens.Arrow);
        return this.SUBRULE(this.type);
      });
      const head = this.spanFrom(start);
      const body = this.OR([
        {
          ALT: () => {
            this.CONSUME(tokens.Equals);
            return this.SUBRULE(this.expression);
          },
        },
        { ALT: () => this.SUBRULE(this.block) },
      ]);
      const doc = docOf(start, keyword);
      return {
        kind: 'fn',
        name,
        doc,
        exported,
        mut,
        binders,
        parameters,
        result,
        body,
        head,
        span: this.spanFrom(start),
      };
    },
  );

  readonly parameters: Rule<readonly Parameter[]> = this.RULE('parameters', (): readonly Parameter[] => {
    const found: Parameter[] = [];
    this.CONSUME(tokens.LeftParen);
    this.OPTION(() => {
      found.push(this.SUBRULE(this.parameter));
      this.MANY({
        GATE: () => !this.nextIs(tokens.RightParen, 2),
        DEF: () => {
          this.CONSUME(tokens.Comma);
          found.push(this.SUBRULE2(this.parameter));
        },
      });
      this.OPTION2(() => this.CONSUME2(tokens.Comma));
    });
    this.CONSUME(tokens.RightParen);
    return found;
  });

  /** `x: f32[n]`, `static train: bool = false`, `inout kv: Kv`; without a name for its type where there is a function without a name. */
  readonly parameter: Rule<Parameter> = this.RULE('parameter', (): Parameter => {
    const start = this.next();
    const mode = this.OPTION(() =>
      this.OR([
        { ALT: (): Parameter['mode'] => (this.CONSUME(tokens.Static), 'static') },
        { ALT: (): Parameter['mode'] => (this.CONSUME(tokens.Inout), 'inout') },
      ]),
    );
    const pattern = this.SUBRULE(this.pattern);
    const type = this.OPTION2(() => {
      this.CONSUME(tokens.Colon);
      return this.SUBRULE(this.type);
    });
    const defaultValue = this.OPTION3(() => {
      this.CONSUME(tokens.Equals);
      return this.SUBRULE(this.expression);
    });
    return { mode: mode ?? 'value', pattern, type, defaultValue, span: this.spanFrom(start) };
  });

  /**
   * Parameters of what has a name have one name too. They may leave out the type: such functions are checked where they are called
   * (the elaborator asks exported ones for types).
   */
  protected checkTyped(parameters: readonly Parameter[]): void {
    for (const { pattern } of parameters) {
      if (pattern.kind !== 'tuple-pattern') continue;
      const hint = 'give it one name, and take it apart with `let (a, b) = ...`';
      this.problems.report('E6072', pattern.span.start, pattern.span.end, 'this parameter has no name of its own', {
        hint,
      });
    }
  }

  readonly binders: Rule<readonly Binder[]> = this.RULE('binders', (): readonly Binder[] => {
    this.CONSUME(tokens.LeftBracket);
    const found = [this.SUBRULE(this.binder)];
    this.MANY({
      GATE: () => !this.nextIs(tokens.RightBracket, 2),
      DEF: () => {
        this.CONSUME(tokens.Comma);
        found.push(this.SUBRULE2(this.binder));
      },
    });
    this.OPTION(() => this.CONSUME2(tokens.Comma));
    this.CONSUME(tokens.RightBracket);
    return found;
  });

  /** `n`, `...s`, `P: tree`, `T: dtype`, `T: type`. */
  readonly binder: Rule<Binder> = this.RULE('binder', (): Binder => {
    const start = this.next();
    const rest = this.OPTION(() => this.CONSUME(tokens.Ellipsis));
    const name = this.identifier(this.CONSUME(tokens.Name));
    const kind = this.OPTION2(() => {
      this.CONSUME(tokens.Colon);
      return this.CONSUME2(tokens.Name);
    });
    return this.ACTION(() => {
      const plain: Binder['kind'] = rest === undefined ? 'dim' : 'dims';
      return { name, kind: kind === undefined ? plain : this.#binderKind(kind as Token), span: this.spanFrom(start) };
    });
  });

  #binderKind(token: Token): Binder['kind'] {
    switch (token.image) {
      case 'tree':
      case 'dtype':
      case 'type':
        return token.image;
      default: {
        const message = `\`${token.image}\` is no kind of thing to be generic in`;
        const hint =
          'a dimension is written `n`, several `...s`; kinds are `tree`, `dtype` and `type`; numbers are parameters';
        this.problems.report('E6075', token.startOffset, token.endOffset, message, { hint });
        return 'dim';
      }
    }
  }
}

/** The `///` lines before a declaration, or before its keyword. */
export function docOf(start: Token, keyword: Token): string | undefined {
  return start.doc ?? keyword.doc;
}
